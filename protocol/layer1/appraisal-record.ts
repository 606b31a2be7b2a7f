import { RecordReader } from './record-reader.ts';

/**
 * One committee's judgement of one piece of evidence, `Nodes.Appraisals[id]` (struct `Appraisal` of host/layer1/pallets/nodes), decoded from its
 * SCALE bytes. It stays for ever: whoever appraises the same evidence can show that a vote was wrong.
 */
export type AppraisalRecord = {
  readonly node: Uint8Array;
  /** who pays for it */
  readonly operator: Uint8Array;
  readonly evidenceCid: Uint8Array;
  readonly evidenceDigest: Uint8Array;
  /** the draw that seats the committee; null where a founding node is its own judge */
  readonly draw: bigint | null;
  readonly openedAt: number;
  /** the first block that is too late for votes; null before the committee is seated */
  readonly votesClose: number | null;
  /** plancks for a vote */
  readonly fee: bigint;
  readonly held: bigint;
  readonly seats: readonly AppraisalSeat[];
  /** the decision, as soon as there is one */
  readonly outcome: AppraisalOutcome | null;
  readonly closedAt: number | null;
};

export type AppraisalSeat = { readonly node: Uint8Array; readonly operator: Uint8Array; readonly vote: AppraisalVote | null };
/** `reasonsDigest` is of the member's attestation result, one raw block of IPFS. */
export type AppraisalVote = { readonly pass: boolean; readonly reasonsDigest: Uint8Array; readonly atBlock: number };

/** In the order of the pallet's enum: SCALE knows variants by position. */
export const APPRAISAL_OUTCOMES = ['Admitted', 'Refused', 'NoCommittee', 'Undecided', 'Withdrawn'] as const;
export type AppraisalOutcome = (typeof APPRAISAL_OUTCOMES)[number];

/** Bound of the pallet (`SEATS`). */
const MAX_SEATS = 4;

/** @throws TeaError `badMessage` unless the bytes are exactly one appraisal */
export function decodeAppraisalRecord(bytes: Uint8Array): AppraisalRecord {
  const reader = new RecordReader(bytes, 'appraisal');
  const record: AppraisalRecord = {
    node: reader.id(),
    operator: reader.id(),
    evidenceCid: reader.cid(),
    evidenceDigest: reader.id(),
    draw: reader.optional(() => reader.u64()),
    openedAt: reader.u32(),
    votesClose: reader.optional(() => reader.u32()),
    fee: reader.u128(),
    held: reader.u128(),
    seats: reader.list(MAX_SEATS, () => ({
      node: reader.id(),
      operator: reader.id(),
      vote: reader.optional(() => ({ pass: reader.flag(), reasonsDigest: reader.id(), atBlock: reader.u32() })),
    })),
    outcome: reader.optional(() => reader.oneOf(APPRAISAL_OUTCOMES)),
    closedAt: reader.optional(() => reader.u32()),
  };
  reader.end();
  return record;
}
