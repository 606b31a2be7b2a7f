import { blake2b } from '@noble/hashes/blake2.js';
import { concatBytes } from '../bytes.ts';
import { LOT_PROOF_BYTES } from './lot.ts';
import { RecordReader } from './record-reader.ts';

/**
 * One drawing of lots, `Sortition.Draws[id]` (struct `Draw` of host/layer1/pallets/sortition), decoded from its SCALE bytes. The state has it
 * for thirty days after its opening (`Retention`), and the chain's history for ever; whoever has it can make the choice again.
 */
export type DrawRecord = {
  readonly subject: { readonly kind: 'executor'; readonly errand: bigint } | { readonly kind: 'committee'; readonly appraisal: bigint };
  readonly seats: number;
  readonly openedAt: number;
  /** null until the block after the opening */
  readonly round: DrawRound | null;
  /** the lowest lots shown, lowest first */
  readonly claims: readonly DrawClaim[];
  readonly ended: boolean;
};

export type DrawRound = {
  /** 0 for the first */
  readonly number: number;
  /** `drawSeed` of the block before `fixedAt` */
  readonly seed: Uint8Array;
  readonly fixedAt: number;
  /** Active nodes then */
  readonly electorate: number;
  /** lots must be under it */
  readonly threshold: bigint;
  /** the first block that is too late for a claim */
  readonly closesAt: number;
};

export type DrawClaim = { readonly lot: bigint; readonly node: Uint8Array; readonly proof: Uint8Array };

/** Bound of the pallet (`MAX_SEATS`). */
const MAX_SEATS = 7;
/** How many nodes a first round asks for on average, of an errand and of a committee's seats; each further round four times as many. */
const EXPECTED_CLAIMS = { executor: 3, committee: 16 } as const;
/** The same until the runtime's spec version 3. */
const FORMERLY_EXPECTED = { executor: 8, committee: 16 } as const;
const MAX_LOT = (1n << 128n) - 1n;

/** @throws TeaError `badMessage` unless the bytes are exactly one draw */
export function decodeDrawRecord(bytes: Uint8Array): DrawRecord {
  const reader = new RecordReader(bytes, 'draw');
  const kind = reader.oneOf(['executor', 'committee']);
  const about = reader.u64();
  const record: DrawRecord = {
    subject: kind === 'executor' ? { kind, errand: about } : { kind, appraisal: about },
    seats: reader.u32(),
    openedAt: reader.u32(),
    round: reader.optional(() => round(reader)),
    claims: reader.list(MAX_SEATS, () => ({ lot: reader.u128(), node: reader.id(), proof: reader.bytes(LOT_PROOF_BYTES).slice() })),
    ended: reader.flag(),
  };
  reader.end();
  return record;
}

/** Whether the threshold of its round is the one that follows from the rest of the draw, by the pallet's rule (`lot::threshold`). */
export function hasItsThreshold({ subject, round: of }: DrawRecord): boolean {
  return of !== null && [EXPECTED_CLAIMS, FORMERLY_EXPECTED].some((first) => of.threshold === threshold(of, first[subject.kind]));
}

function threshold({ number, electorate }: DrawRound, first: number): bigint {
  const expected = BigInt(first) * 4n ** BigInt(number);
  if (expected >= BigInt(electorate)) return MAX_LOT;
  return (MAX_LOT / BigInt(electorate)) * expected;
}

function round(reader: RecordReader): DrawRound {
  const read = {
    number: reader.u32(),
    seed: reader.id(),
    fixedAt: reader.u32(),
    electorate: reader.u32(),
    threshold: reader.u128(),
    closesAt: reader.u32(),
  };
  if (read.number > 32) throw reader.refusal('a round below 33', String(read.number));
  return read;
}

/** What `Selection.candidatesDigest` is where the choice was by lot (`choice::claims_digest`). */
export function claimsDigest(shown: readonly DrawClaim[]): Uint8Array {
  return blake2b(concatBytes(...shown.flatMap(({ node, proof }) => [node, proof])), { dkLen: 32 });
}
