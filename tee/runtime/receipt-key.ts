import { encodeCoseSign1, encodeReceipt, receiptToSign, type Receipt } from '@tea/protocol';

/** The P-256 key that signs this process's receipts. Made at start, bound by every evidence, never stored. */
export type ReceiptKey = { readonly publicPoint: Uint8Array; readonly privateKey: CryptoKey };

export async function generateReceiptKey(): Promise<ReceiptKey> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  return { publicPoint: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)), privateKey };
}

/** @returns the receipt as COSE_Sign1: signed, and not yet under a quote */
export async function signReceipt(receipt: Receipt, key: ReceiptKey): Promise<Uint8Array> {
  const payload = encodeReceipt(receipt);
  const toSign = new Uint8Array(receiptToSign(payload));
  return encodeCoseSign1(payload, new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.privateKey, toSign)));
}
