import { equalBytes, misdigestedEvents, replay, TeaError, type EventRecord, type PcrValue, type ReferenceValues } from '@tea/protocol';

const ZERO = new Uint8Array(32);

/**
 * What this TEE demands of a node that wants to join: to have measured as this TEE itself did. The event log comes from the host, so it counts only
 * if it explains this TPM's own PCRs; a host that could choose what a committee accepts could have anything admitted.
 * @param pcrs what the TPM quotes
 * @throws TeaError `refused` when the log tells another story than the TPM
 */
export function ownReferenceValues(mode: ReferenceValues['mode'], log: readonly EventRecord[], pcrs: readonly PcrValue[]): ReferenceValues {
  const values = replay(log);
  const outside = [...values.keys()].filter((index) => !pcrs.some((pcr) => pcr.index === index));
  const different = pcrs.filter(({ index, digest }) => !equalBytes(values.get(index) ?? ZERO, digest));
  const misdigested = misdigestedEvents(log);
  if (outside.length > 0 || different.length > 0 || misdigested.length > 0) {
    throw new TeaError('refused', 'The event log is not of what was measured into this TPM', {
      expected:
        different.map(({ index, digest }) => `PCR ${index} ${digest.toHex()}`).join(', ') || 'events whose digests are theirs, in quoted PCRs',
      actual: `${log.length} events that say otherwise`,
      next: 'start the TEE with its own launcher, on a TPM that nothing else was measured into',
    });
  }
  return {
    v: 1,
    name: 'this very TEE',
    version: 'as measured',
    mode,
    events: log.map(({ pcr, contentType, digest, content }) => ({
      pcr,
      contentType,
      name: contentType,
      allowed: [{ digest, version: typeof content['version'] === 'string' ? content['version'] : 'unknown' }],
    })),
    provenance: { kind: 'unsigned', note: 'what this TEE itself measured as' },
  };
}
