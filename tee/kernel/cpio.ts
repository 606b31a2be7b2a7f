/**
 * A cpio archive as the kernel unpacks it at boot ("newc", Documentation/driver-api/early-userspace/buffer-format.rst). Only what decides what
 * runs is in it: no times, no owners, no inode numbers of the machine that builds. The same entries give the same bytes.
 */
export type CpioEntry =
  | { readonly kind: 'directory'; readonly path: string; readonly mode?: number }
  | { readonly kind: 'file'; readonly path: string; readonly bytes: Uint8Array; readonly mode: 0o444 | 0o555 }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  | { readonly kind: 'characterDevice'; readonly path: string; readonly major: number; readonly minor: number };

const TYPE = { directory: 0o040000, file: 0o100000, link: 0o120000, characterDevice: 0o020000 } as const;
const TRAILER = 'TRAILER!!!';
const encoder = new TextEncoder();

/**
 * @param entries paths without a leading slash, in any order; the folders above them are added
 * @throws RangeError for a path that stands twice or could leave the archive
 */
export function writeCpio(entries: readonly CpioEntry[]): Uint8Array {
  const all = new Map<string, CpioEntry>();
  for (const entry of entries) {
    requirePlainPath(entry.path);
    for (const path of foldersAbove(entry.path)) if (!all.has(path)) all.set(path, { kind: 'directory', path });
    if (all.has(entry.path) && entry.kind !== 'directory') throw new RangeError(`${entry.path} stands twice in the archive`);
    all.set(entry.path, entry);
  }
  // A folder's path is a prefix of what is in it, so in bytewise order it comes first.
  const paths = [...all.keys()].sort((a, b) => (a < b ? -1 : 1));
  const pieces = paths.flatMap((path, index) => writeEntry(all.get(path) as CpioEntry, index + 1));
  pieces.push(...record({ name: TRAILER, inode: 0, mode: 0, links: 1, content: new Uint8Array() }));
  return new Uint8Array(Buffer.concat(pieces));
}

function writeEntry(entry: CpioEntry, inode: number): Uint8Array[] {
  const common = { name: entry.path, inode, links: entry.kind === 'directory' ? 2 : 1 };
  switch (entry.kind) {
    case 'directory':
      return record({ ...common, mode: TYPE.directory | (entry.mode ?? 0o755), content: new Uint8Array() });
    case 'file':
      return record({ ...common, mode: TYPE.file | entry.mode, content: entry.bytes });
    case 'link':
      return record({ ...common, mode: TYPE.link | 0o777, content: encoder.encode(entry.target) });
    case 'characterDevice':
      return record({ ...common, mode: TYPE.characterDevice | 0o600, content: new Uint8Array(), device: [entry.major, entry.minor] });
  }
}

type Fields = {
  readonly name: string;
  readonly inode: number;
  readonly mode: number;
  readonly links: number;
  readonly content: Uint8Array;
  readonly device?: readonly [major: number, minor: number];
};

function record({ name, inode, mode, links, content, device = [0, 0] }: Fields): Uint8Array[] {
  const path = encoder.encode(`${name}\0`);
  // inode, mode, uid, gid, nlink, mtime, filesize, devmajor, devminor, rdevmajor, rdevminor, namesize, check
  const numbers = [inode, mode, 0, 0, links, 0, content.length, 0, 0, ...device, path.length, 0];
  const head = encoder.encode(`070701${numbers.map((number) => number.toString(16).padStart(8, '0')).join('')}`);
  return [head, path, padding(head.length + path.length), content, padding(content.length)];
}

function padding(length: number): Uint8Array {
  return new Uint8Array(-length & 3);
}

function foldersAbove(path: string): string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

function requirePlainPath(path: string): void {
  if (!/^[A-Za-z0-9._+-]+(\/[A-Za-z0-9._+-]+)*$/.test(path) || path.split('/').some((name) => name === '.' || name === '..'))
    throw new RangeError(`${path} is no path inside the archive`);
}
