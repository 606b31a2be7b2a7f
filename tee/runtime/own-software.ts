import { expectedSoftware } from '@tea/attestation';
import { encodeEventLog, policyDigest, type EventRecord } from '@tea/protocol';
import type { SoftwareStanding } from '@tea/protocol/layer1';
import type { ReleaseLibrary } from '@tea/protocol/ledger';
import { unread } from './committee.ts';

/** How this TEE's software would be judged now. */
export type OwnSoftware = {
  /** By which policy committees judge evidence like ours. */
  readonly policy: { readonly name: string; readonly digest: Uint8Array };
  readonly standings: readonly SoftwareStanding[];
  /** Whether what is measured here is what was released, in force, and within its period; null while layer 1 released nothing. */
  readonly released: boolean | null;
};

export type OwnSoftwareParts = {
  readonly releases: Pick<ReleaseLibrary, 'read'>;
  /** What was measured into this TPM. */
  readonly eventLog: readonly EventRecord[];
  readonly releaseKey: Uint8Array | null;
  readonly now: () => Date;
};

/** @throws TeaError `unavailable` when that depends on a document that nobody has; as `ReleaseLibrary.read` */
export function openOwnSoftware({ releases, eventLog, releaseKey, now }: OwnSoftwareParts): () => Promise<OwnSoftware> {
  const log = encodeEventLog(eventLog);
  return async () => {
    const software = expectedSoftware(log, await releases.read(), releaseKey ?? undefined);
    if (software.kind === 'unread') throw unread(software.digests);
    const {
      policy: { name, ...policy },
      standings,
    } = software;
    const judgedBy = { name, digest: policyDigest({ name, ...policy }) };
    if (software.kind === 'local') return { policy: judgedBy, standings, released: null };
    const { provenance } = software.referenceValues;
    const atMs = now().getTime();
    const current = provenance.kind === 'signed' && provenance.notBeforeMs <= atMs && atMs <= provenance.notAfterMs;
    const inForce = standings.some(({ of, standing }) => of === 'referenceValues' && standing === 'inForce');
    return { policy: judgedBy, standings, released: current && inForce && standings.every(({ standing }) => standing !== 'revoked') };
  };
}
