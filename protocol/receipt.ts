import * as v from 'valibot';
import { bytesOf, sha256 } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { coseToSign, decodeSigned, encodeSigned, signedKind } from './cose.ts';
import type { PcrValue } from './evidence.ts';
import { i32, safeUint, u32, u64 } from './integers.ts';
import type { InclusionProof } from './merkle.ts';
import { trustClassSchema, type TrustClass } from './trust-class.ts';

/** What a run came to. Every one of these is a receipt and is settled by rule. */
export const RUN_OUTCOMES = [
  'ok',
  'trap',
  'outOfGas',
  'outOfMemory',
  'outOfTime',
  'outputTooLarge',
  'refusedModule',
  'refusedImport',
  'cancelled',
] as const;
export type RunOutcome = (typeof RUN_OUTCOMES)[number];

/** Published content: its CID as text and the SHA-256 of its published bytes (the sealed bytes when it is sealed). */
export type ContentDigest = { readonly cid: string; readonly sha256: Uint8Array };

/** One run of one errand, as stated by the TEE. */
export type Receipt = {
  readonly v: 1;
  readonly domain: 'tea/receipt/1';
  /** genesis hash */
  readonly chain: Uint8Array;
  readonly errand: bigint;
  /** node id */
  readonly node: Uint8Array;
  /** digest of the evidence this run was released on; its binding holds the receipt key */
  readonly evidence: Uint8Array;
  /** what the node says of itself; a verifier compares it with its own appraisal and believes the lower */
  readonly trustClass: TrustClass;
  readonly code: ContentDigest;
  readonly data: readonly ContentDigest[];
  readonly input: ContentDigest | null;
  readonly result: ContentDigest | null;
  readonly outcome: RunOutcome;
  /** the guest's own exit code; null when it never returned one */
  readonly exitCode: number | null;
  readonly gasUsed: bigint;
  readonly gasLimit: bigint;
  readonly meterVersion: string;
  /** SHA-256 of the instrumented module that ran; null when the module was refused before instrumentation */
  readonly instrumentedSha256: Uint8Array | null;
  /** what stood between the guest and the TEE, e.g. `bubblewrap+seccomp` */
  readonly isolation: string;
  /** the only time the guest saw: milliseconds since 1970 */
  readonly clockMs: number;
  /** the only randomness the guest saw, 32 bytes; not used when `entropic` */
  readonly seed: Uint8Array;
  /** there, and true, when the code was deployed as entropic: the guest's randomness was the machine's, and a run again gives other bytes */
  readonly entropic?: true;
  readonly startedAtBlock: number;
};

/** One AK quote over the Merkle root of many receipts. Its extraData is `receiptsDigest`. */
export type ReceiptsQuote = {
  readonly root: Uint8Array;
  readonly size: number;
  readonly attest: Uint8Array;
  readonly signature: Uint8Array;
  readonly pcrs: readonly PcrValue[];
};

/** What an executor hands over for one run: the COSE_Sign1 bytes, their place in the batch, and the batch's quote. */
export type ReceiptBundle = { readonly cose: Uint8Array; readonly inclusion: InclusionProof; readonly quote: ReceiptsQuote };

const contentDigest = v.strictObject({ cid: v.pipe(v.string(), v.maxLength(128)), sha256: bytesOf(32) });
const shortText = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

const receiptSchema = v.strictObject({
  v: v.literal(1),
  domain: v.literal('tea/receipt/1'),
  chain: bytesOf(32),
  errand: u64,
  node: bytesOf(32),
  evidence: bytesOf(32),
  trustClass: trustClassSchema,
  code: contentDigest,
  data: v.pipe(v.array(contentDigest), v.maxLength(64)),
  input: v.nullable(contentDigest),
  result: v.nullable(contentDigest),
  outcome: v.picklist(RUN_OUTCOMES),
  exitCode: v.nullable(i32),
  gasUsed: u64,
  gasLimit: u64,
  meterVersion: shortText,
  instrumentedSha256: v.nullable(bytesOf(32)),
  isolation: shortText,
  clockMs: safeUint,
  seed: bytesOf(32),
  entropic: v.exactOptional(v.literal(true)),
  startedAtBlock: u32,
});

export function encodeReceipt(receipt: Receipt): Uint8Array {
  const { code, data, input, result } = receipt;
  return encodeCbor({
    ...receipt,
    code: { ...code },
    data: data.map((item) => ({ ...item })),
    input: input && { ...input },
    result: result && { ...result },
  });
}

/** @throws TeaError `badMessage` on anything but the deterministic encoding of a receipt. */
export function decodeReceipt(bytes: Uint8Array): Receipt {
  return decodeCbor(bytes, receiptSchema, 'receipt');
}

/** What the batch quote's extraData must be: SHA-256 of the deterministic encoding of chain, root and size. */
export function receiptsDigest(chain: Uint8Array, { root, size }: { readonly root: Uint8Array; readonly size: number }): Uint8Array {
  return sha256(encodeCbor({ domain: 'tea/receipts/1', chain, root, size }));
}

/** Receipts are the one kind of statement signed without a content type. */
export const SIGNED_RECEIPT = signedKind('receipt');

/** The bytes the receipt key signs with ES256. */
export function receiptToSign(payload: Uint8Array): Uint8Array {
  return coseToSign(SIGNED_RECEIPT, payload);
}

/**
 * @param payload `encodeReceipt` of the receipt
 * @param signature ES256 over `receiptToSign(payload)`: r ‖ s, 64 bytes, as WebCrypto returns it
 */
export function encodeCoseSign1(payload: Uint8Array, signature: Uint8Array): Uint8Array {
  return encodeSigned(SIGNED_RECEIPT, payload, signature);
}

/** Splits COSE_Sign1 bytes; the signature has not been verified. @throws TeaError `badMessage` on any other COSE form. */
export function decodeCoseSign1(bytes: Uint8Array): { readonly payload: Uint8Array; readonly signature: Uint8Array } {
  return decodeSigned(SIGNED_RECEIPT, bytes);
}
