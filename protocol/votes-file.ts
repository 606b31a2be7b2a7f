import * as v from 'valibot';
import { canonicalJson } from './canonical-json.ts';
import { decodeProof, saysFormat } from './proof-envelope.ts';
import { base64Url, decimal } from './proof-schema.ts';

/** `votes.json`: one appraisal of a node by a committee, with everything needed to judge its votes offline. Specified in docs/proof-format.md. */
export type VotesFile = {
  readonly format: 'tea/votes/1';
  readonly chain: {
    readonly genesisHash: Uint8Array;
    /** SCALE bytes of the block header whose state the proof is of */
    readonly header: Uint8Array;
    /** trie nodes that prove the appraisal, the node's record, the hash of `nonceBlock`, and all that `Releases.Accepted` holds */
    readonly proof: readonly Uint8Array[];
  };
  readonly appraisal: bigint;
  /** whose hash the evidence answers; null when the state no longer names it */
  readonly nonceBlock: number | null;
  /** `encodeEvidence` */
  readonly evidence: Uint8Array;
  /** `encodeReferenceValues`: what to compare with while layer 1 had released nothing. Members then compare with what they themselves measured as. */
  readonly referenceValues: Uint8Array;
  /** `encodeReferenceValues` of the sets layer 1 accepted that members may have compared with since it released any */
  readonly releases: readonly Uint8Array[];
  /** `encodeAttestationResult` of each seat, in their order; null where there is no vote, or nobody has its reasons any more */
  readonly reasons: readonly (Uint8Array | null)[];
};

const digest = base64Url(32, 32);
/** Those in force beside one another; a file stays well below what a reader takes. */
export const MAX_RELEASES = 64;

const schema = v.strictObject({
  format: v.literal('tea/votes/1'),
  chain: v.strictObject({
    genesisHash: digest,
    header: base64Url(1 << 16),
    proof: v.pipe(v.array(base64Url(1 << 20)), v.maxLength(1024)),
  }),
  appraisal: decimal(64),
  nonceBlock: v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(0xffff_ffff))),
  evidence: base64Url(1 << 20),
  referenceValues: base64Url(1 << 20),
  releases: v.pipe(v.array(base64Url(1 << 20)), v.maxLength(MAX_RELEASES)),
  reasons: v.pipe(v.array(v.nullable(base64Url(1 << 18))), v.maxLength(16)),
});

export function encodeVotesFile(file: VotesFile): Uint8Array {
  return canonicalJson(file);
}

/** Whether these bytes say that they are such a file. */
export function isVotesFile(bytes: Uint8Array): boolean {
  return saysFormat(bytes, 'tea/votes/1');
}

/** Decodes the shape; nothing in it has been verified. @throws TeaError `badMessage`, also on any other serialisation of the same content */
export function decodeVotesFile(bytes: Uint8Array): VotesFile {
  return decodeProof(bytes, schema, encodeVotesFile, 'This is not a file of votes');
}
