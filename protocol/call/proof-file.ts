import * as v from 'valibot';
import type { ActivationTranscript } from '../activation.ts';
import type { AttestationResult } from '../attestation-result.ts';
import { canonicalJson } from '../canonical-json.ts';
import { decodeProof, saysFormat } from '../proof-envelope.ts';
import { base64Url, decimal, proofSchema } from '../proof-schema.ts';
import type { ReceiptBundle } from '../receipt.ts';

/** `call.json`: everything needed to check the receipt of one call offline. Specified in docs/proof-format.md, "Calls". */
export type CallProofFile = {
  readonly format: 'tea/call-proof/1';
  readonly chain: {
    readonly genesisHash: Uint8Array;
    /** SCALE bytes of the block header whose state the proof is of */
    readonly header: Uint8Array;
    /** trie nodes that prove the node's record, the channel's, the code's, and the hash of `nonceBlock` */
    readonly proof: readonly Uint8Array[];
  };
  readonly node: Uint8Array;
  readonly channel: bigint;
  readonly sequence: bigint;
  /** number of the code on layer 1 */
  readonly content: bigint;
  /** whose hash the evidence answers; null when the state no longer names it */
  readonly nonceBlock: number | null;
  /** `encodeEvidence` of the evidence the node is admitted on, which the caller appraised */
  readonly evidence: Uint8Array;
  readonly activation: ActivationTranscript;
  /** `encodeReferenceValues` */
  readonly referenceValues: Uint8Array;
  /** `encodePolicy` */
  readonly policy: Uint8Array;
  /** what the caller was shown before it called; recomputed by the reader */
  readonly result: AttestationResult;
  readonly receipt: ReceiptBundle;
};

const { genesisHash, header } = proofSchema.entries.chain.entries;
const { evidence, activation, referenceValues, policy, result, receipt } = proofSchema.entries;

const schema = v.strictObject({
  format: v.literal('tea/call-proof/1'),
  chain: v.strictObject({ genesisHash, header, proof: v.pipe(v.array(base64Url(1 << 20)), v.maxLength(1024)) }),
  node: base64Url(32, 32),
  channel: decimal(64),
  sequence: decimal(64),
  content: decimal(64),
  nonceBlock: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(0xffff_ffff))),
  evidence,
  activation,
  referenceValues,
  policy,
  result,
  receipt,
});

export function encodeCallProofFile(file: CallProofFile): Uint8Array {
  return canonicalJson(file);
}

/** Whether these bytes say that they are such a file. */
export function isCallProofFile(bytes: Uint8Array): boolean {
  return saysFormat(bytes, 'tea/call-proof/1');
}

/** Decodes the shape; nothing in it has been verified. @throws TeaError `badMessage`, also on any other serialisation of the same content */
export function decodeCallProofFile(bytes: Uint8Array): CallProofFile {
  return decodeProof(bytes, schema, encodeCallProofFile, 'This is not a proof of a call');
}
