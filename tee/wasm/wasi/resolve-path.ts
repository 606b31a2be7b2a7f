import { fail } from './errno.ts';
import type { Directory, FileNode, SymbolicLink } from './memory-files.ts';

/** As POSIX has it (SYMLOOP_MAX is 8 at least, Linux takes 40). */
const MAX_LINKS_FOLLOWED = 40;

/** Where a path ends: the directory, the name in it (`.` is the directory itself), and what is there, if anything. */
export type Place = {
  readonly parent: Directory;
  readonly name: string;
  readonly node: FileNode | undefined;
  /** It ended with a slash. */ readonly slashed: boolean;
};

export type Follow = {
  /** Whether a link at the end of the path is followed. One before a slash always is. */
  readonly last: boolean;
  /** Hears of each link followed, to charge for it. */
  readonly followed: (link: SymbolicLink) => void;
};

/**
 * Walks a path from an open directory. Nothing leads out of that directory: not `..`, not an absolute path, not a link with either of them in it.
 * @throws WasiError notcapable for what leads out, loop for too many links, noent and notdir where there is no way
 */
export function resolvePath(from: Directory, path: string, { last, followed }: Follow): Place {
  checkPath(path);
  const slashed = path.endsWith('/');
  const ahead = partsOf(path).toReversed();
  const trail = [from];
  let links = 0;
  const here = (): Directory => trail.at(-1) ?? fail('notcapable');
  for (;;) {
    const part = ahead.pop();
    if (part === undefined) return { parent: here(), name: '.', node: here(), slashed };
    if (part === '..') {
      trail.pop();
      here();
      continue;
    }
    const node = here().get(part);
    const isLast = ahead.length === 0;
    if (node?.kind === 'link' && (!isLast || last || slashed)) {
      if (++links > MAX_LINKS_FOLLOWED) fail('loop');
      followed(node);
      checkPath(node.target);
      ahead.push(...partsOf(node.target).toReversed());
    } else if (isLast && node?.kind !== 'directory') {
      if (slashed && node !== undefined) fail('notdir');
      return { parent: here(), name: part, node, slashed };
    } else if (isLast) return { parent: here(), name: part, node, slashed };
    else if (node === undefined) fail('noent');
    else if (node.kind !== 'directory') fail('notdir');
    else trail.push(node);
  }
}

/** Whether a link with this target could ever be followed. */
export function checkPath(path: string): void {
  if (path.length > 4096 || path.split('/').some((part) => part.length > 255)) fail('nametoolong');
  if (path.startsWith('/')) fail('notcapable');
  if (path === '') fail('noent');
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');
