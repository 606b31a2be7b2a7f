import { encodeCoseSign1, encodeReceipt, leafHash, merkleTree, receiptsDigest, receiptToSign, type Receipt, type ReceiptBundle } from '@tea/protocol';
import type { TeeTpm } from '@tea/tpm';

/** The P-256 key that signs this process's receipts. Made at start, bound by every evidence, never stored. */
export type ReceiptKey = { readonly publicPoint: Uint8Array; readonly privateKey: CryptoKey };

export async function generateReceiptKey(): Promise<ReceiptKey> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  return { publicPoint: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)), privateKey };
}

/** Signs receipts as COSE_Sign1 and has the TPM quote the Merkle root over all of them: one quote, however many receipts. */
export async function sealReceipts(receipts: readonly Receipt[], key: ReceiptKey, tpm: TeeTpm, chain: Uint8Array): Promise<ReceiptBundle[]> {
  const signed = await Promise.all(receipts.map((receipt) => signReceipt(receipt, key)));
  const tree = merkleTree(signed.map(leafHash));
  const { attest, signature, pcrs } = await tpm.quote(receiptsDigest(chain, tree));
  const quote = { root: tree.root, size: tree.size, attest, signature, pcrs };
  return signed.map((cose, index) => ({ cose, inclusion: tree.proofOf(index), quote }));
}

async function signReceipt(receipt: Receipt, key: ReceiptKey): Promise<Uint8Array> {
  const payload = encodeReceipt(receipt);
  const toSign = new Uint8Array(receiptToSign(payload));
  return encodeCoseSign1(payload, new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.privateKey, toSign)));
}
