import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { TeaError, type GuestOutput } from '@tea/protocol';
import { printable } from '../printable.ts';

export type SavedResult = {
  readonly proof: string;
  readonly files: readonly string[];
  /** What the guest wrote and this disk does not take, with the reason. */
  readonly unsaved: readonly string[];
};

/** Room is checked before a guest's names meet the disk: PATH_MAX is 4096, and some of it is ours. */
const MAX_NAME_BYTES = 2_048;

/**
 * Writes what belongs to the consumer: the proof, then the guest's files below `result/`. A guest chose the file names, so none may lead out of there,
 * and none that this disk can't take costs the others.
 * @returns paths as a person would type them here
 * @throws TeaError `storage` when the proof can't be written
 */
export async function saveResult(stateDir: string, { files, stdout, stderr }: GuestOutput, proof: Uint8Array): Promise<SavedResult> {
  const proofPath = join(stateDir, 'proof.json');
  await writeFile(proofPath, proof).catch((cause: NodeJS.ErrnoException) => {
    throw new TeaError('storage', 'The proof could not be written', { expected: `room at ${proofPath}`, actual: cause.message, cause });
  });
  const folder = join(stateDir, 'result');
  await rm(folder, { recursive: true, force: true }); // of an earlier run, or a link that leads elsewhere
  const saved: string[] = [];
  const unsaved: string[] = [];
  for (const [name, bytes] of [['stdout.txt', stdout] as const, ['stderr.txt', stderr] as const, ...files]) {
    if (bytes.length === 0 && (bytes === stdout || bytes === stderr)) continue;
    const problem = await save(folder, name, bytes);
    if (problem === undefined) saved.push(here(join(folder, name)));
    else unsaved.push(printable(`${name}: ${problem}`));
  }
  return { proof: here(proofPath), files: saved.map(printable), unsaved };
}

/** @returns why it could not be */
async function save(folder: string, name: string, bytes: Uint8Array): Promise<string | undefined> {
  const path = resolve(folder, name);
  if (!path.startsWith(folder + sep) || name.includes('\0')) return 'its name leads elsewhere';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return 'its name is too long';
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
    return undefined;
  } catch (cause) {
    return (cause as Error).message;
  }
}

function here(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
