import { TeaError } from '../errors.ts';
import { ScaleReader } from './scale.ts';

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

/** Bounds of the pallet (`SEATS`, `Cid`). */
const MAX_SEATS = 4;
const MAX_CID_BYTES = 64;

/** @throws TeaError `badMessage` unless the bytes are exactly one appraisal */
export function decodeAppraisalRecord(bytes: Uint8Array): AppraisalRecord {
  const reader = new ScaleReader(bytes, 'appraisal');
  const record: AppraisalRecord = {
    node: reader.bytes(32).slice(),
    operator: reader.bytes(32).slice(),
    evidenceCid: cid(reader),
    evidenceDigest: reader.bytes(32).slice(),
    draw: optional(reader, (each) => each.u64()),
    openedAt: reader.u32(),
    votesClose: optional(reader, (each) => each.u32()),
    fee: reader.u128(),
    held: reader.u128(),
    seats: seats(reader),
    outcome: optional(reader, (each) => oneOf(each.u8(), APPRAISAL_OUTCOMES)),
    closedAt: optional(reader, (each) => each.u32()),
  };
  reader.end();
  return record;
}

function cid(reader: ScaleReader): Uint8Array {
  const bytes = reader.vector().slice();
  if (bytes.length > MAX_CID_BYTES) throw bad(`a CID of at most ${MAX_CID_BYTES} bytes`, String(bytes.length));
  return bytes;
}

function seats(reader: ScaleReader): AppraisalSeat[] {
  const count = reader.compact();
  if (count > MAX_SEATS) throw bad(`at most ${MAX_SEATS} seats`, String(count));
  return Array.from({ length: count }, () => ({
    node: reader.bytes(32).slice(),
    operator: reader.bytes(32).slice(),
    vote: optional(reader, (each) => ({
      pass: oneOf(each.u8(), [false, true] as const),
      reasonsDigest: each.bytes(32).slice(),
      atBlock: each.u32(),
    })),
  }));
}

function optional<T>(reader: ScaleReader, read: (reader: ScaleReader) => T): T | null {
  return oneOf(reader.u8(), [false, true] as const) ? read(reader) : null;
}

function oneOf<const T extends readonly unknown[]>(index: number, variants: T): T[number] {
  if (index >= variants.length) throw bad(`a variant below ${variants.length}`, String(index));
  return variants[index];
}

function bad(expected: string, actual: string): TeaError {
  return new TeaError('badMessage', 'This is not an appraisal', { expected, actual });
}
