import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sourceFiles } from './source-files.ts';

const MAX_BYTES = 3_000_000;
const TEXT = /\.(ts|tsx|rs|toml|json|md|sh|yml|yaml|c|h|wit|html|css)$|^tea$|^\.ci\/run$/;

/** Folders that exist on somebody's machine only. `/home/…` of a container image or a document's example is spelled differently. */
const MACHINE_PATH = /(?<![\w.])\/(?:root|Users\/\w+|home\/\w+|work\/\w+|mnt\/\w+)\//;

/** @returns one sentence per file that is too large to keep in git, that names a folder of one machine, or that is a program and can't be started */
export function trackedFileBreaches(root: string): string[] {
  return sourceFiles(root).flatMap((file) => {
    const { size, mode } = statSync(join(root, file));
    if (size > MAX_BYTES) return [`${file}:1 has ${size} bytes; at most ${MAX_BYTES} belong into git`];
    if (!TEXT.test(file)) return [];
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    const unstartable = lines[0]?.startsWith('#!') && (mode & 0o111) === 0 ? [`${file}:1 begins as a program, and may not be executed`] : [];
    return [
      ...unstartable,
      ...lines.flatMap((line, index) => (MACHINE_PATH.test(line) ? [`${file}:${index + 1} names a folder of one machine`] : [])),
    ];
  });
}
