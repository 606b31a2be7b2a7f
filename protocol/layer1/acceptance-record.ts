import { TeaError } from '../errors.ts';
import { FIRMWARE_EVENT, type EventRecord } from '../event-log.ts';
import type { ReferenceValues } from '../reference-values.ts';
import { equalBytes } from '../cbor.ts';
import type { StateEntry } from './read-proof.ts';
import { RecordReader } from './record-reader.ts';
import { acceptanceStorageKey } from './storage-keys.ts';

/** `Releases.Accepted[digest]` (struct `Acceptance` of host/layer1/pallets/releases): software that governance accepts in TEEs. */
export type AcceptanceRecord = {
  /** `image`: the SHA-256 of a TEE's bundle; `referenceValues`: `referenceValuesDigest`. */
  readonly kind: 'image' | 'referenceValues';
  readonly cid: Uint8Array;
  readonly version: bigint;
  readonly acceptedAt: number;
  /** the first block at which it is in force */
  readonly activeFrom: number;
  /** the first block at which it no longer is */
  readonly revokedFrom: number | null;
};

/** How a piece of software stands at a block, by layer 1. */
export type ReleaseStanding =
  | { readonly standing: 'unknown'; readonly atBlock: number }
  | { readonly standing: 'notYetActive' | 'inForce'; readonly atBlock: number; readonly record: AcceptanceRecord }
  | { readonly standing: 'revoked'; readonly atBlock: number; readonly revokedFrom: number; readonly record: AcceptanceRecord };

/** A standing, and of what: a TEE's image by the SHA-256 of its bundle, or a set of reference values by its digest. */
export type SoftwareStanding = ReleaseStanding & { readonly of: AcceptanceRecord['kind']; readonly digest: Uint8Array };

export type Software = Pick<SoftwareStanding, 'of' | 'digest'>;

/** An acceptance with what it is of. */
export type AcceptedRelease = AcceptanceRecord & { readonly digest: Uint8Array };

/** The bytes behind an acceptance of reference values, decoded. Whoever signed them has not been verified. */
export type ReleasedDocument = { readonly digest: Uint8Array; readonly values: ReferenceValues };

/** @throws TeaError `badMessage` unless the bytes are exactly one acceptance */
export function decodeAcceptanceRecord(bytes: Uint8Array): AcceptanceRecord {
  const reader = new RecordReader(bytes, 'accepted release');
  const record: AcceptanceRecord = {
    kind: reader.oneOf(['image', 'referenceValues']),
    cid: reader.cid(),
    version: reader.u64(),
    acceptedAt: reader.u32(),
    activeFrom: reader.u32(),
    revokedFrom: reader.optional(() => reader.u32()),
  };
  reader.end();
  return record;
}

/** The pallet's own rule: revocation counts before activation. @param record null when layer 1 shows that it accepted no such digest */
export function standingAt(record: AcceptanceRecord | null, atBlock: number): ReleaseStanding {
  if (record === null) return { standing: 'unknown', atBlock };
  const { revokedFrom } = record;
  if (revokedFrom !== null && atBlock >= revokedFrom) return { standing: 'revoked', atBlock, revokedFrom, record };
  return { standing: atBlock >= record.activeFrom ? 'inForce' : 'notYetActive', atBlock, record };
}

/** @param entries what the state holds under `ACCEPTED_RELEASES` @throws TeaError `badMessage` */
export function decodeAcceptedReleases(entries: readonly StateEntry[]): AcceptedRelease[] {
  return entries.map(({ key, value }) => {
    const digest = key.slice(-32);
    if (!equalBytes(acceptanceStorageKey(digest), key))
      throw new TeaError('badMessage', 'This is not an accepted release', { expected: 'a key of Releases.Accepted', actual: key.toHex() });
    return { ...decodeAcceptanceRecord(value), digest };
  });
}

/** PC Client Platform Firmware Profile 1.06, 3.3.4.5: what firmware starts is measured there. */
const BOOT_CODE_PCR = 4;

/**
 * The images that were started, by what `tea.bundle` events measured; and by all that firmware measured as boot code, for what kind of event that was is
 * only its log's word. @param log of what was measured into a TPM
 */
export function imagesMeasured(log: readonly Pick<EventRecord, 'contentType' | 'content' | 'pcr' | 'digest'>[]): Software[] {
  return log.flatMap(({ contentType, pcr, digest, content: { sha256 } }) => {
    if (contentType === FIRMWARE_EVENT && pcr === BOOT_CODE_PCR) return [{ of: 'image', digest }];
    return contentType === 'tea.bundle' && sha256 instanceof Uint8Array && sha256.length === 32 ? [{ of: 'image', digest: sha256 }] : [];
  });
}

/** In words for people. */
export function describeStanding(of: ReleaseStanding): string {
  if (of.standing === 'unknown') return `layer 1 never accepted it (block ${of.atBlock})`;
  const { version, activeFrom } = of.record;
  if (of.standing === 'revoked') return `version ${version}, revoked from block ${of.revokedFrom} on (block ${of.atBlock})`;
  return of.standing === 'inForce'
    ? `version ${version}, in force since block ${activeFrom} (block ${of.atBlock})`
    : `version ${version}, in force only from block ${activeFrom} on (block ${of.atBlock})`;
}
