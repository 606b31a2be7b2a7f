import { ERRNO, fail, WasiError } from './errno.ts';
import type { ReadAt } from './read-at.ts';
import { type Directory, FILE_TYPE, type FileNode, type ReadOnlyFile, type WritableFile } from './memory-files.ts';

/** `rights` of preview 1, each the number of its bit. */
const BIT = {
  fd_datasync: 0,
  fd_read: 1,
  fd_seek: 2,
  fd_fdstat_set_flags: 3,
  fd_sync: 4,
  fd_tell: 5,
  fd_write: 6,
  fd_advise: 7,
  fd_allocate: 8,
  path_create_directory: 9,
  path_create_file: 10,
  path_link_source: 11,
  path_link_target: 12,
  path_open: 13,
  fd_readdir: 14,
  path_readlink: 15,
  path_rename_source: 16,
  path_rename_target: 17,
  path_filestat_get: 18,
  path_filestat_set_size: 19,
  path_filestat_set_times: 20,
  fd_filestat_get: 21,
  fd_filestat_set_size: 22,
  fd_filestat_set_times: 23,
  path_symlink: 24,
  path_remove_directory: 25,
  path_unlink_file: 26,
} as const;
export type Right = keyof typeof BIT;

const ALL_RIGHTS = (1n << 30n) - 1n;
const bits = (...rights: readonly Right[]): bigint => rights.reduce((sum, right) => sum | (1n << BigInt(BIT[right])), 0n);
export const RIGHT = { read: bits('fd_read'), write: bits('fd_write') } as const;
const WRITING = bits('fd_write', 'fd_allocate', 'fd_filestat_set_size');
const CHANGING =
  WRITING |
  bits('path_create_directory', 'path_create_file', 'path_link_source', 'path_link_target', 'path_rename_source', 'path_rename_target') |
  bits('path_filestat_set_size', 'path_filestat_set_times', 'fd_filestat_set_times', 'path_symlink', 'path_remove_directory', 'path_unlink_file');
const SEEKING = bits('fd_seek', 'fd_tell');
/** They mean nothing on a directory itself, only for what is opened below it. */
const OF_FILES = SEEKING | WRITING;

export const FD_FLAG = { append: 1, nonblock: 4, all: 31 } as const;

/** Fills what it is given, as far as there is something, and says how far; 0 is the end. */
export type StdinRead = (into: Uint8Array) => number;

export function stdinOf(content: ReadAt): StdinRead {
  let position = 0;
  return (into) => {
    const size = content.read(position, into);
    position += size;
    return size;
  };
}

/** Rights that were given up, of a descriptor itself and of what is opened through it. Nothing brings them back. */
export type GivenUp = { readonly base: bigint; readonly inheriting: bigint };
const NONE_GIVEN_UP: GivenUp = { base: 0n, inheriting: 0n };

/** An open file, directory or stream. `append` and `position` are the only state of one's own. */
export type Descriptor =
  | { readonly kind: 'stdin'; readonly read: StdinRead }
  | { readonly kind: 'stream'; readonly node: WritableFile }
  | {
      readonly kind: 'file';
      readonly node: ReadOnlyFile | WritableFile;
      readonly canRead: boolean;
      readonly canWrite: boolean;
      flags: number;
      position: number;
    }
  | { readonly kind: 'directory'; readonly node: Directory; readonly preopenName: string | null };

export class Descriptors {
  readonly #open = new Map<number, Descriptor>();
  readonly #givenUp = new WeakMap<Descriptor, GivenUp>();

  constructor(initial: readonly Descriptor[]) {
    for (const [fd, descriptor] of initial.entries()) this.#open.set(fd, descriptor);
  }

  get(fd: number): Descriptor {
    return this.#open.get(fd) ?? fail('badf');
  }

  file(fd: number): Extract<Descriptor, { kind: 'file' }> {
    const found = this.get(fd);
    if (found.kind === 'file') return found;
    return fail(found.kind === 'directory' ? 'isdir' : 'spipe');
  }

  directory(fd: number): Directory {
    const found = this.get(fd);
    return found.kind === 'directory' ? found.node : fail('notdir');
  }

  givenUp(descriptor: Descriptor): GivenUp {
    return this.#givenUp.get(descriptor) ?? NONE_GIVEN_UP;
  }

  /** @throws WasiError notcapable when one of these rights was given up */
  need(fd: number, ...rights: readonly Right[]): void {
    if (this.givenUp(this.get(fd)).base & bits(...rights)) fail('notcapable');
  }

  /** @throws WasiError notcapable unless it has them all */
  keepRights(fd: number, base: bigint, inheriting: bigint): void {
    const descriptor = this.get(fd);
    const has = statusOf(descriptor, this.givenUp(descriptor));
    const [wantedBase, wantedInheriting] = [BigInt.asUintN(64, base), BigInt.asUintN(64, inheriting)];
    if (wantedBase & ~has.rights || wantedInheriting & ~has.inheriting) fail('notcapable');
    this.#givenUp.set(descriptor, { base: ALL_RIGHTS & ~wantedBase, inheriting: ALL_RIGHTS & ~wantedInheriting });
  }

  /** @param through the directory it is opened in: what was given up there for what is opened, is given up in it */
  open(descriptor: Descriptor, through: number): number {
    if (this.#open.size >= 1024) throw new WasiError(ERRNO.mfile);
    const { inheriting } = this.givenUp(this.get(through));
    if (inheriting !== 0n) this.#givenUp.set(descriptor, { base: inheriting, inheriting });
    let fd = 3;
    while (this.#open.has(fd)) fd++;
    this.#open.set(fd, descriptor);
    return fd;
  }

  close(fd: number): void {
    if (!this.#open.delete(fd)) fail('badf');
  }

  renumber(from: number, to: number): void {
    const descriptor = this.get(from);
    this.get(to);
    this.#open.delete(from);
    this.#open.set(to, descriptor);
  }
}

export function fileTypeOf(node: FileNode): number {
  return { directory: FILE_TYPE.directory, file: FILE_TYPE.regular, link: FILE_TYPE.symbolicLink }[node.kind];
}

export type DescriptorStatus = { readonly fileType: number; readonly flags: number; readonly rights: bigint; readonly inheriting: bigint };

/** What `fd_fdstat_get` shows: type, flags, and the rights C libraries look at before they try. */
export function statusOf(descriptor: Descriptor, givenUp: GivenUp): DescriptorStatus {
  const { rights, inheriting, ...rest } = atFirst(descriptor);
  return { ...rest, rights: rights & ~givenUp.base, inheriting: inheriting & ~givenUp.inheriting };
}

function atFirst(descriptor: Descriptor): DescriptorStatus {
  switch (descriptor.kind) {
    case 'stdin':
      return { fileType: FILE_TYPE.unknown, flags: 0, rights: ALL_RIGHTS & ~CHANGING & ~SEEKING, inheriting: 0n };
    case 'stream':
      return { fileType: FILE_TYPE.unknown, flags: FD_FLAG.append, rights: ALL_RIGHTS & ~SEEKING & ~RIGHT.read, inheriting: 0n };
    case 'file': {
      const rights = ALL_RIGHTS & (descriptor.canRead ? ALL_RIGHTS : ~RIGHT.read) & (descriptor.canWrite ? ALL_RIGHTS : ~WRITING);
      return { fileType: FILE_TYPE.regular, flags: descriptor.flags, rights, inheriting: 0n };
    }
    case 'directory': {
      const rights = descriptor.node.budget === null ? ALL_RIGHTS & ~CHANGING : ALL_RIGHTS;
      return { fileType: FILE_TYPE.directory, flags: 0, rights: rights & ~OF_FILES, inheriting: rights };
    }
  }
}
