import { TeaError } from '@tea/protocol';
import type { PcrSelection } from '@tea/protocol/tpm';
import { password } from './authorization.ts';
import { PcrExtend, PcrRead } from './commands/measurements.ts';
import type { TpmTurn } from './tpm.ts';

/** One PCR of the SHA-256 bank, the only bank TEA uses. */
export type PcrValue = { readonly index: number; readonly digest: Uint8Array };

const MAX_READS = 64;

export function sha256Pcrs(indices: readonly number[]): PcrSelection {
  return [{ hash: 'sha256', pcrs: indices.toSorted((a, b) => a - b) }];
}

/**
 * Ascending. One PCR_Read returns at most 8 digests, so several may be needed; when a PCR changed in between, all are read again.
 * @throws TeaError `badInput` for an index that does not exist, `notFound` when the TPM has no SHA-256 bank
 */
export async function readPcrs(turn: TpmTurn, indices: readonly number[]): Promise<PcrValue[]> {
  const wanted = new Set(indices);
  let values: PcrValue[] = [];
  let counter: number | undefined;
  for (let reads = 0; values.length < wanted.size; reads++) {
    if (reads === MAX_READS) throw new TeaError('conflict', 'The PCRs kept changing while they were read', { next: 'read them again' });
    const missing = [...wanted].filter((index) => !values.some((value) => value.index === index));
    const { pcrUpdateCounter, pcrSelectionOut, pcrValues } = await turn.run(PcrRead, {}, { pcrSelectionIn: sha256Pcrs(missing) });
    const read = pcrSelectionOut
      .flatMap(({ pcrs }) => pcrs)
      .flatMap((index, position) => {
        const digest = pcrValues[position];
        return digest === undefined ? [] : [{ index, digest }];
      });
    if (read.length === 0)
      throw new TeaError('notFound', 'This TPM has no such SHA-256 PCR', { actual: missing.join(', '), next: 'enable the SHA-256 bank' });
    values = counter === undefined || counter === pcrUpdateCounter ? [...values, ...read] : read;
    counter = pcrUpdateCounter;
  }
  return values.toSorted((a, b) => a.index - b.index);
}

/** PCR ← SHA-256(PCR ‖ digest). @param digest SHA-256 of the measured event */
export async function extendPcr(turn: TpmTurn, index: number, digest: Uint8Array): Promise<void> {
  await turn.run(PcrExtend, { pcrHandle: index }, { digests: [{ hash: 'sha256', digest }] }, [password()]);
}
