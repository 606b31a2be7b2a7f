import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TeaError } from '@tea/protocol';
import { readCertificates } from './certificate-files.ts';
import type { StartTeeOptions } from './network.ts';

/** How a TEE is started beyond where and for whom, as commands take it. */
export type TeeOptions = Pick<StartTeeOptions, 'imageRelease' | 'receiptGatherMs' | 'tpm' | 'endorsementKey' | 'onLog'> & {
  /** `vm`: the image of this checkout in a virtual machine. */
  readonly kind?: 'process' | 'vm';
  /** Another image than that of this checkout. */
  readonly imageFile?: string;
};

/** What commands that start a TEE take, beside their own options. */
export const TEE_OPTIONS = {
  tee: { type: 'string' },
  image: { type: 'string' },
  'image-release': { type: 'string' },
  'receipt-gather': { type: 'string' },
  tpm: { type: 'string' },
  'tpm-authorities': { type: 'string' },
  'endorsement-key': { type: 'string' },
} as const;

export const TEE_OPTIONS_HELP = `  --tee KIND    process (the default): tea-runtime as a process here, measured by its launcher
                vm: the image of this checkout in a virtual machine, measured by its firmware; built first, some minutes once
  --image FILE  with --tee vm: run this image (tea image build) instead of building one
  --image-release FILE
                  run the TEE as an image that a release key approved (tea reference-values --image-release): with the state of an earlier
                  image it goes on where that one ended, if the same key approved both
  --receipt-gather MS
                  how long a receipt waits for others to share its TPM quote while the TPM is free: 0 (the default) to 1000
  --tpm DEVICE  run on a TPM 2.0 that is there, by its character device, as a rule /dev/tpmrm0, instead of a simulator. Only one whose PCRs the
                firmware leaves empty, such as a virtual TPM: see docs/operating.md
  --tpm-authorities PATH
                with --tpm: certificates above the TPM's own that it does not hold itself, a file or a folder of files, DER or PEM
  --endorsement-key rsa|ecc
                which of the TPM's endorsement keys speaks for it, where its maker certified several (default: RSA)`;

const MAX_GATHER_MS = 1000;

/** @throws TeaError `badInput` */
export async function teeOptions(values: Readonly<Record<string, string | boolean | undefined>>): Promise<TeeOptions> {
  const { tee: kind = 'process', image: imageFile, 'image-release': release, 'receipt-gather': gather } = values;
  if (kind !== 'process' && kind !== 'vm')
    throw new TeaError('badInput', 'There is no such TEE', { expected: '--tee process, or --tee vm', actual: String(kind) });
  if (imageFile !== undefined && kind !== 'vm') throw new TeaError('badInput', '--image is for --tee vm', { next: 'add --tee vm' });
  return {
    kind,
    ...(imageFile !== undefined && { imageFile: resolve(String(imageFile)) }),
    ...(release !== undefined && { imageRelease: await readImageRelease(String(release)) }),
    ...(gather !== undefined && { receiptGatherMs: parseGather(String(gather)) }),
    ...(await tpmOptions(values)),
  };
}

async function tpmOptions(values: Readonly<Record<string, string | boolean | undefined>>): Promise<Pick<TeeOptions, 'tpm' | 'endorsementKey'>> {
  const { tpm: device, 'tpm-authorities': authorities, 'endorsement-key': key } = values;
  if (key !== undefined && key !== 'rsa' && key !== 'ecc')
    throw new TeaError('badInput', 'There is no such endorsement key', { expected: 'rsa or ecc', actual: String(key) });
  if (device === undefined && authorities !== undefined)
    throw new TeaError('badInput', '--tpm-authorities goes with --tpm', { expected: '--tpm DEVICE', actual: 'a simulator, which brings its own' });
  return {
    ...(key !== undefined && { endorsementKey: key }),
    ...(device !== undefined && { tpm: { device: String(device), authorities: await readCertificates(authorities) } }),
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
