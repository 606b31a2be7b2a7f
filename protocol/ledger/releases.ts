import { decodeEventLog } from '../decode-event-log.ts';
import { decodeEvidence } from '../evidence.ts';
import {
  type AcceptedRelease,
  decodeAcceptanceRecord,
  decodeAcceptedReleases,
  imagesMeasured,
  type Software,
  type SoftwareStanding,
  standingAt,
} from '../layer1/acceptance-record.ts';
import { ACCEPTED_RELEASES, acceptanceStorageKey } from '../layer1/storage-keys.ts';
import type { Ledger } from './ledger.ts';
import { mapVerified, type Verified } from './verified.ts';

/**
 * How pieces of software stand by layer 1 at the last finalised block. A host that serves an old block can hide a revocation for as long as the ledger
 * has seen no newer one (`ProvenBlocks`); longer it can't. Software accepted as another kind than asked for counts as unknown.
 * @throws TeaError as `ProvenState.read`
 */
export async function readStandings({ state }: Pick<Ledger, 'state'>, software: readonly Software[]): Promise<Verified<readonly SoftwareStanding[]>> {
  const read = await state.read(software.map(({ digest }) => acceptanceStorageKey(digest)));
  return mapVerified(read, (values) =>
    software.map(({ of, digest }, place) => {
      const value = values[place];
      const record = value === null || value === undefined ? null : decodeAcceptanceRecord(value);
      return { ...standingAt(record?.kind === of ? record : null, read.block.number), of, digest };
    }),
  );
}

/**
 * All that governance ever accepted, at the last finalised block: by proof, so that a host can neither invent a release nor leave one out.
 * @throws TeaError as `ProvenState.list`
 */
export async function readReleases({ state }: Pick<Ledger, 'state'>): Promise<Verified<readonly AcceptedRelease[]>> {
  return mapVerified(await state.list(ACCEPTED_RELEASES), decodeAcceptedReleases);
}

/** The images that evidence says were started: what `tea.bundle` events measured. None of what doesn't decode; the appraisal says so. */
export function imagesIn(evidence: Uint8Array): Software[] {
  try {
    return imagesMeasured(decodeEventLog(decodeEvidence(evidence).eventLog));
  } catch {
    return [];
  }
}
