import { readFile } from 'node:fs/promises';
import { TeaError } from '@tea/protocol';
import type { StartTeeOptions } from './network.ts';

/** How a TEE is started beyond where and for whom, as commands take it. */
export type TeeOptions = Pick<StartTeeOptions, 'imageRelease' | 'receiptGatherMs'>;

/** What commands that start a TEE take, beside their own options. */
export const TEE_OPTIONS = { 'image-release': { type: 'string' }, 'receipt-gather': { type: 'string' } } as const;

export const TEE_OPTIONS_HELP = `  --image-release FILE
                  run the TEE as an image that a release key approved (tea reference-values --image-release): with the state of an earlier
                  image it goes on where that one ended, if the same key approved both
  --receipt-gather MS
                  how long a receipt waits for others to share its TPM quote while the TPM is free: 0 (the default) to 1000`;

const MAX_GATHER_MS = 1000;

/** @throws TeaError `badInput` */
export async function teeOptions(values: Readonly<Record<string, string | boolean | undefined>>): Promise<TeeOptions> {
  const { 'image-release': release, 'receipt-gather': gather } = values;
  return {
    ...(release !== undefined && { imageRelease: await readImageRelease(String(release)) }),
    ...(gather !== undefined && { receiptGatherMs: parseGather(String(gather)) }),
  };
}

async function readImageRelease(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new TeaError('badInput', `The image release ${path} can't be read`, {
      expected: 'a file that tea reference-values --image-release wrote',
      actual: cause.message,
    });
  });
}

function parseGather(text: string): number {
  const number = Number(text);
  if (/^[0-9]{1,4}$/.test(text) && number <= MAX_GATHER_MS) return number;
  throw new TeaError('badInput', 'Receipts do not gather for this long', { expected: `0 to ${MAX_GATHER_MS} milliseconds`, actual: text });
}
