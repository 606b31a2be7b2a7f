import { execFileSync } from 'node:child_process';

/** The files of the repository at `root` that are or would be committed: tracked, or new and not ignored. Paths relative to it, sorted. */
export function sourceFiles(root: string, ...patterns: string[]): string[] {
  const listed = execFileSync('git', ['-C', root, 'ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...patterns], {
    encoding: 'utf8',
  });
  const deleted = execFileSync('git', ['-C', root, 'ls-files', '-z', '--deleted'], { encoding: 'utf8' });
  const gone = new Set(deleted.split('\0'));
  return [...new Set(listed.split('\0'))].filter((path) => path !== '' && !gone.has(path)).toSorted();
}
