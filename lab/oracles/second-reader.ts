import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { requireTool, temporaryDirectory } from '@tea/platform';

/** What `lab/oracles/proof-checker` says of a proof file, claims by id and in order. */
export type SecondReport = {
  readonly verdict: 'holds' | 'fails' | 'cannotTell';
  readonly failed: readonly string[];
  readonly open: readonly string[];
  /** why it is no proof file */
  readonly why: string;
};

const CHECKER = fileURLToPath(new URL('proof-checker/check.py', import.meta.url));

/** Has each file read by the second reader. */
export async function readAgain(files: readonly Uint8Array[]): Promise<readonly SecondReport[]> {
  requireTool('python3', 'python3');
  await using directory = await temporaryDirectory('proofs');
  const paths = files.map((_, index) => join(directory.path, `${index}.json`));
  await Promise.all(files.map((bytes, index) => writeFile(paths[index] ?? '', bytes)));
  const { stdout } = await promisify(execFile)('python3', ['-B', CHECKER, ...paths], { maxBuffer: 1 << 26 });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SecondReport);
}
