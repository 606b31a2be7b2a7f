import { equalBytes, EVIDENCE_PCRS, replay, TeaError, type EventRecord } from '@tea/protocol';
import { createTpm, extendPcr, openTpmDevice, readPcrs, requireTpm2 } from '@tea/tpm';

const ZERO = new Uint8Array(32);

/** Says at once what measuring would say later. @throws TeaError `unavailable` when no TPM 2.0 is there or may be used */
export async function requireDevice(path: string): Promise<void> {
  await using _ = await requireTpm2(await openTpmDevice({ path }));
}

/**
 * Measures into a TPM that is there already, instead of a simulator of our own. Only a reset empties its PCRs: what was measured before must be just this,
 * by an earlier start of the same software, or nothing. Firmware that measures a boot fills PCRs 0-7, and then process mode, which expects them empty, is
 * not for this machine.
 * @throws TeaError `unavailable` when no TPM 2.0 is there or may be used; `conflict` when something else was measured
 */
export async function measureIntoDevice(path: string, log: readonly EventRecord[]): Promise<void> {
  await using tpm = createTpm(await requireTpm2(await openTpmDevice({ path })));
  const pcrs = await tpm.turn((turn) => readPcrs(turn, EVIDENCE_PCRS));
  const expected = replay(log);
  const foreign = pcrs.filter(({ index, digest }) => !expected.has(index) && !equalBytes(digest, ZERO));
  if (foreign.length > 0) {
    throw new TeaError('conflict', `The firmware of this machine measures its boot into the TPM at ${path}`, {
      expected: 'PCRs 0-7 and 9 empty: a TEE in process mode says nothing of how its machine booted',
      actual: `PCR ${foreign.map(({ index }) => index).join(', ')} in use`,
      next: 'run the TEE as an image that the firmware measures (docs/operating.md), or start without --tpm, on a simulator',
    });
  }
  const used = pcrs.filter(({ index, digest }) => expected.has(index) && !equalBytes(digest, ZERO));
  if (used.length === 0) {
    for (const { pcr, digest } of log) await tpm.turn((turn) => extendPcr(turn, pcr, digest));
  } else if (!used.every(({ index, digest }) => equalBytes(digest, expected.get(index) ?? ZERO))) {
    throw new TeaError('conflict', `Something else was measured into the TPM at ${path} since it was reset`, {
      expected: 'an empty PCR 12, or what this very software measures',
      actual: used.map(({ index, digest }) => `PCR ${index} ${digest.toHex()}`).join(', '),
      next: 'reboot the machine, which resets its TPM, and start the node first; another version of TEA may have run here',
    });
  }
}
