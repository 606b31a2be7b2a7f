import type { EventRecord } from '@tea/protocol';
import { connectSwtpm, createTpm, extendPcr } from '@tea/tpm';

/** Tells the TPM what was measured, before what was measured runs; then leaves it to its one client. */
export async function extendMeasurements(socketPath: string, log: readonly EventRecord[]): Promise<void> {
  await using tpm = createTpm(await connectSwtpm({ socketPath }));
  for (const { pcr, digest } of log) await tpm.turn((turn) => extendPcr(turn, pcr, digest));
}
