import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeReferenceValues, type ImageReleaseIdentity, type ReferenceValues } from '@tea/protocol';
import { buildMachineImage, measureMachineImage } from '../network.ts';
import type { DemoNetworkOptions } from './demo-network.ts';

export type MachineImageOptions = Pick<DemoNetworkOptions, 'screen' | 'stateDir' | 'signal'> & {
  /** One that is there already. */
  readonly file: string | undefined;
  readonly release: ImageReleaseIdentity | undefined;
};

/** The image that a virtual machine of this network is to run; what it must measure as is left there too, for `tea inspect --reference-values`. */
export async function machineImage(options: MachineImageOptions): Promise<{ readonly path: string; readonly referenceValues: ReferenceValues }> {
  const found = await (options.file === undefined ? built(options) : measured(options.file, options));
  await writeFile(join(options.stateDir, 'reference-values.cbor'), encodeReferenceValues(found.referenceValues));
  return found;
}

async function built({ screen, stateDir, release, signal }: MachineImageOptions) {
  const path = join(stateDir, 'image.efi');
  const { referenceValues } = await screen.step(
    'Image',
    () => buildMachineImage({ out: path, release }, (words) => screen.note(words.trim()), signal),
    ({ sha256, sizeBytes }) => ({ line: `one EFI binary of ${Math.round(sizeBytes / 1e6)} MB, SHA-256 ${sha256}`, facts: { sha256 } }),
  );
  return { path, referenceValues };
}

async function measured(path: string, { screen, signal }: MachineImageOptions) {
  const { referenceValues } = await screen.step(
    'Image',
    () => measureMachineImage(path, signal),
    () => ({ line: `what a machine measures that boots ${path} was computed from its bytes` }),
  );
  return { path, referenceValues };
}
