import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { GuestOutput } from '@tea/protocol';

/**
 * Writes what belongs to the consumer: the guest's files below `result/`, and the proof. A guest chose the file names, so none may lead out of there.
 * @returns paths as a person would type them here
 */
export async function saveResult(
  stateDir: string,
  { files, stdout, stderr }: GuestOutput,
  proof: Uint8Array,
): Promise<{ readonly proof: string; readonly files: string[] }> {
  const folder = join(stateDir, 'result');
  const saved: string[] = [];
  for (const [name, bytes] of [...Object.entries(files), ['stdout.txt', stdout] as const, ['stderr.txt', stderr] as const]) {
    const path = resolve(folder, name);
    if (!path.startsWith(folder + sep) || bytes.length === 0) continue;
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, bytes, { mode: 0o600 });
    saved.push(here(path));
  }
  const proofPath = join(stateDir, 'proof.json');
  await writeFile(proofPath, proof);
  return { proof: here(proofPath), files: saved };
}

function here(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') ? path : short;
}
