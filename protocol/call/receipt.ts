import * as v from 'valibot';
import { bytesOf } from '../bytes.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { signedKind } from '../cose.ts';
import { i32, safeUint, u32, u64 } from '../integers.ts';
import { RUN_OUTCOMES, type ContentDigest, type RunOutcome } from '../receipt.ts';
import { trustClassSchema, type TrustClass } from '../trust-class.ts';

/**
 * One run of one call, as stated by the TEE to its caller. Signed as a statement of its own kind (`SIGNED_CALL_RECEIPT`), so it is no errand's receipt, and
 * quoted in the same batches. Digests are of the bytes in the clear: nobody but the caller sees the receipt, unless they show it.
 */
export type CallReceipt = {
  readonly v: 1;
  readonly domain: 'tea/call/1';
  /** genesis hash */
  readonly chain: Uint8Array;
  readonly node: Uint8Array;
  /** the channel it was paid from, and which of its calls this is */
  readonly channel: bigint;
  readonly sequence: bigint;
  /** digest of the evidence that the caller appraised; its binding holds the receipt key */
  readonly evidence: Uint8Array;
  /** what the node says of itself; a verifier compares it with its own appraisal and believes the lower */
  readonly trustClass: TrustClass;
  /** number on layer 1, and what that names */
  readonly content: bigint;
  readonly code: ContentDigest;
  readonly function: string;
  /** the channel's depositor, whom the guest saw as its caller */
  readonly caller: Uint8Array;
  /** SHA-256 */
  readonly input: Uint8Array;
  /** SHA-256 of the answer, or of the error's text */
  readonly output: Uint8Array;
  readonly outcome: RunOutcome;
  /** 0 for an answer, 1 for an error of the function; null when it never came to either */
  readonly exitCode: number | null;
  readonly gasUsed: bigint;
  readonly gasLimit: bigint;
  /** plancks for 1,000,000 gas */
  readonly gasPrice: bigint;
  /** plancks: what it cost */
  readonly price: bigint;
  readonly meterVersion: string;
  /** SHA-256 of the instrumented module that ran; null when it was refused before */
  readonly instrumentedSha256: Uint8Array | null;
  readonly isolation: string;
  /** the only time the guest saw: milliseconds since 1970 */
  readonly clockMs: number;
  /** `callSeed`; not used when `entropic` */
  readonly seed: Uint8Array;
  readonly entropic?: true;
  readonly startedAtBlock: number;
};

export const SIGNED_CALL_RECEIPT = signedKind('call receipt', 'application/tea-call-receipt+cbor');

/** Names of functions in WIT are far shorter; this only bounds the message. */
export const MAX_FUNCTION_NAME = 256;

const contentDigest = v.strictObject({ cid: v.pipe(v.string(), v.maxLength(128)), sha256: bytesOf(32) });
const shortText = v.pipe(v.string(), v.minLength(1), v.maxLength(64));
export const amount = v.pipe(
  v.string(),
  v.regex(/^(0|[1-9][0-9]{0,38})$/, 'a decimal number'),
  v.transform((digits: string) => BigInt(digits)),
  v.check((value) => value < 1n << 128n, 'at most 2^128 - 1'),
);

const schema = v.strictObject({
  v: v.literal(1),
  domain: v.literal('tea/call/1'),
  chain: bytesOf(32),
  node: bytesOf(32),
  channel: u64,
  sequence: u64,
  evidence: bytesOf(32),
  trustClass: trustClassSchema,
  content: u64,
  code: contentDigest,
  function: v.pipe(v.string(), v.maxLength(MAX_FUNCTION_NAME)),
  caller: bytesOf(32),
  input: bytesOf(32),
  output: bytesOf(32),
  outcome: v.picklist(RUN_OUTCOMES),
  exitCode: v.nullable(i32),
  gasUsed: u64,
  gasLimit: u64,
  gasPrice: amount,
  price: amount,
  meterVersion: shortText,
  instrumentedSha256: v.nullable(bytesOf(32)),
  isolation: shortText,
  clockMs: safeUint,
  seed: bytesOf(32),
  entropic: v.exactOptional(v.literal(true)),
  startedAtBlock: u32,
});

/** Amounts of money are decimal text: CBOR's integers end at 2^64. */
export function encodeCallReceipt(receipt: CallReceipt): Uint8Array {
  const { code, gasPrice, price } = receipt;
  return encodeCbor({ ...receipt, code: { ...code }, gasPrice: String(gasPrice), price: String(price) });
}

/** @throws TeaError `badMessage` on anything but the deterministic encoding of a call's receipt. */
export function decodeCallReceipt(bytes: Uint8Array): CallReceipt {
  return decodeCbor(bytes, schema, 'call receipt');
}
