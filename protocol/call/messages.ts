import * as v from 'valibot';
import { bytesOf, bytesUpTo, sha256 } from '../bytes.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { quoteEvidenceSchema } from '../evidence.ts';
import { i32, u32, u64 } from '../integers.ts';
import { inclusionProofSchema } from '../merkle.ts';
import { RUN_OUTCOMES, type ReceiptBundle } from '../receipt.ts';
import { amount, MAX_FUNCTION_NAME } from './receipt.ts';

/**
 * What goes over `tea.node.<node id>.call`. The three kinds of request are in the clear, their answers too; everything about a call is inside a frame,
 * sealed between client and TEE: `CallOrder` in a request, `encodeReply` of a `CallAnswer` or an error in an answer.
 *
 * - `offer`: the TEE's call key, signed for this nonce. Free.
 * - `open`: begins a session over a channel, see `sessionInfo`. Answered by a frame of sequence 0 that holds a `ChannelStanding`.
 * - `frame`: one order. Its sequence number is its idempotency key: asked again in any session of the channel, the same order gets the same answer.
 */
export const callRequest = v.variant('op', [
  v.strictObject({ op: v.literal('offer'), nonce: bytesOf(32) }),
  v.strictObject({ op: v.literal('open'), channel: u64, evidence: bytesOf(32), enc: bytesOf(65), ciphertext: bytesUpTo(512) }),
  v.strictObject({ op: v.literal('frame'), session: bytesOf(16), sequence: u64, sealed: v.instance(Uint8Array) }),
]);
export type CallRequest = v.InferOutput<typeof callRequest>;

export const offerAnswer = v.strictObject({ offer: bytesUpTo(1024) });
export const frameAnswer = v.strictObject({ sealed: v.instance(Uint8Array) });

/** Larger inputs belong into an errand, as data. */
export const MAX_CALL_INPUT_BYTES = 1 << 20;
/** Answer and log together. */
export const MAX_CALL_OUTPUT_BYTES = 2 << 20;
/** An order with the largest input, and its seal. */
export const MAX_CALL_REQUEST_BYTES = MAX_CALL_INPUT_BYTES + 4096;

const opening = v.strictObject({ secret: bytesOf(32), signature: bytesOf(64) });
/** Sealed with HPKE to the call key: the session's secret, and the depositor's signature over `sessionMessage`. */
export type Opening = v.InferOutput<typeof opening>;

export function encodeOpening({ secret, signature }: Opening): Uint8Array {
  return encodeCbor({ secret, signature });
}

/** @throws TeaError `badMessage` */
export function decodeOpening(bytes: Uint8Array): Opening {
  return decodeCbor(bytes, opening, 'opening of a session');
}

/** Where the channel stands with this process of the TEE. Plancks. */
export const channelStanding = v.strictObject({
  /** what calls of this channel came to, and what was redeemed before this process */
  spent: amount,
  /** the voucher it holds, the client's own word of how much it may take; null when it holds none */
  voucher: v.nullable(bytesOf(165)),
  /** the lowest sequence number that was not used yet */
  next: u64,
  /** plancks for 1,000,000 gas, by layer 1 */
  gasPrice: amount,
});
export type ChannelStanding = v.InferOutput<typeof channelStanding>;

const order = v.variant('op', [
  v.strictObject({
    op: v.literal('call'),
    /** number of the code on layer 1: plain, and free of charge */
    content: u64,
    function: v.pipe(v.string(), v.maxLength(MAX_FUNCTION_NAME)),
    input: bytesUpTo(MAX_CALL_INPUT_BYTES),
    gasLimit: u64,
    /** plancks: the call is refused where its gas limit could cost more */
    maxPrice: amount,
    /** the last block at which it may begin: what the host held back until then never runs */
    notAfterBlock: u32,
    /** encoded, if what the TEE holds does not cover `maxPrice` more */
    voucher: v.nullable(bytesOf(165)),
  }),
  /** A voucher of no more than what was used, in place of the last one, which covered a ceiling. */
  v.strictObject({ op: v.literal('settle'), voucher: bytesOf(165) }),
]);
export type CallOrder = v.InferOutput<typeof order>;
export type FunctionOrder = Extract<CallOrder, { op: 'call' }>;

export function encodeCallOrder(each: CallOrder): Uint8Array {
  return encodeCbor(each.op === 'call' ? { ...each, maxPrice: String(each.maxPrice) } : { ...each });
}

/** @throws TeaError `badMessage` */
export function decodeCallOrder(bytes: Uint8Array): CallOrder {
  return decodeCbor(bytes, order, 'call order');
}

/** What makes two orders the same one: what is to be done, not how it is covered, nor until when. */
export function orderDigest(each: CallOrder): Uint8Array {
  return sha256(encodeCallOrder(each.op === 'call' ? { ...each, voucher: null, notAfterBlock: 0 } : each));
}

/** The only randomness that a guest sees: of the order, so that a run again on any machine sees the same, and the host can't choose it. */
export function callSeed(chain: Uint8Array, channel: bigint, sequence: bigint, order: CallOrder): Uint8Array {
  return sha256(encodeCbor({ domain: 'tea/call-seed/1', chain, channel, sequence, order: orderDigest(order) }));
}

export const receiptBundle = v.strictObject({
  cose: bytesUpTo(8 * 1024),
  inclusion: inclusionProofSchema,
  quote: v.strictObject({ root: bytesOf(32), size: u32, ...quoteEvidenceSchema.entries }),
});

/** What a call came to. `output` is the answer, or the error's text with exit code 1. */
export const callAnswer = v.strictObject({
  outcome: v.picklist(RUN_OUTCOMES),
  exitCode: v.nullable(i32),
  explanation: v.string(),
  output: v.instance(Uint8Array),
  log: v.instance(Uint8Array),
  gasUsed: u64,
  price: amount,
  /** what the channel's calls came to up to this one */
  spent: amount,
  receipt: receiptBundle,
});
export type CallAnswer = v.InferOutput<typeof callAnswer>;

/** A receipt with its place and quote as a CBOR value. */
export function bundleValue({ cose, inclusion, quote }: ReceiptBundle) {
  return { cose, inclusion: { ...inclusion }, quote: { ...quote, pcrs: quote.pcrs.map((pcr) => ({ ...pcr })) } };
}

export const settledAnswer = v.strictObject({ spent: amount });
