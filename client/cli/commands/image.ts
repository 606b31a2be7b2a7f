import { writeFile } from 'node:fs/promises';
import { encodeReferenceValues, referenceValuesDigest, TeaError } from '@tea/protocol';
import { buildMachineImage, measureMachineImage } from '../network.ts';
import { EXIT, type Command, type Invocation } from './command.ts';

export const image: Command = {
  name: 'image',
  summary: 'build the machine image of this checkout; say what a machine that boots it measures',
  help: `  tea image build --out FILE [--bill FILE] [--json]
  tea image measure IMAGE [--out FILE] [--json]

build    one EFI binary: kernel, command line, init, Node, tea-runtime and its sandbox. The same sources, lock file, system packages and compiler
         give the same bytes, anywhere. The first build compiles a kernel (some minutes), later ones take seconds.
measure  computes from an image alone, offline, what a virtual machine of tea up --tee vm must have in its PCRs once it booted that

  --out FILE    where the EFI binary, or the reference values, go
  --bill FILE   what is in the image, as CycloneDX

Exit codes: 0 done; 1 something failed; 64 wrong usage.`,
  options: { out: { type: 'string' }, bill: { type: 'string' } },
  operands: [1, 2],
  async run(invocation) {
    const [action, ...rest] = invocation.positionals;
    if (action === 'build' && rest.length === 0) return build(invocation);
    if (action === 'measure' && rest[0] !== undefined) return measure(invocation, rest[0]);
    throw new TeaError('badInput', 'This is no task of tea image', { expected: 'build, or measure IMAGE', next: 'tea image --help' });
  },
};

async function build({ values, screen, signal }: Invocation): Promise<number> {
  const { out, bill } = values;
  if (typeof out !== 'string') throw new TeaError('badInput', '--out is missing', { next: 'tea image --help' });
  const built = await screen.step(
    'Image',
    () => buildMachineImage({ out, billOfMaterials: bill === undefined ? undefined : String(bill) }, (words) => screen.note(words.trim()), signal),
    ({ sizeBytes }) => ({ line: `${out}, ${Math.round(sizeBytes / 1e6)} MB` }),
  );
  screen.note(`SHA-256 ${built.sha256}`);
  screen.emit('built', { file: out, sha256: built.sha256, sizeBytes: built.sizeBytes });
  return EXIT.done;
}

async function measure({ values, screen, signal }: Invocation, file: string): Promise<number> {
  const { referenceValues, pcrs } = await measureMachineImage(file, signal);
  screen.table([['PCR', 'SHA-256 bank'], ...pcrs.map(({ index, digest }) => [String(index), digest])]);
  screen.note(`\nAll other PCRs stay zero. ${referenceValues.provenance.kind === 'unsigned' ? referenceValues.provenance.note : ''}`);
  if (typeof values['out'] === 'string') await writeFile(values['out'], encodeReferenceValues(referenceValues));
  screen.emit('measured', { image: file, pcrs, referenceValues: referenceValuesDigest(referenceValues) });
  return EXIT.done;
}
