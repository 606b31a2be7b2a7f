import { ERRNO, fail, WasiError } from './errno.ts';
import type { ReadAt } from './read-at.ts';
import { type Directory, FILE_TYPE, type FileNode, type ReadOnlyFile, type WritableFile } from './memory-files.ts';

/** Rights bits of preview 1. */
export const RIGHT = { read: 1n << 1n, write: 1n << 6n } as const;
const ALL_RIGHTS = (1n << 30n) - 1n;
const WRITING = (1n << 6n) | (1n << 8n) | (1n << 22n); // fd_write, fd_allocate, fd_filestat_set_size
/** fd_write, fd_allocate, path_create_*, path_link_*, path_rename_*, path_filestat_set_*, path_symlink, path_remove_directory, path_unlink_file. */
const CHANGING = WRITING | [9, 10, 11, 12, 16, 17, 19, 20, 23, 24, 25, 26].reduce((bits, bit) => bits | (1n << BigInt(bit)), 0n);
const SEEKING = (1n << 2n) | (1n << 5n);
/** fd_seek, fd_tell, fd_write, fd_allocate and fd_filestat_set_size mean nothing on a directory itself, only for what is opened below it. */
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

  open(descriptor: Descriptor): number {
    if (this.#open.size >= 1024) throw new WasiError(ERRNO.mfile);
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
  return node.kind === 'directory' ? FILE_TYPE.directory : FILE_TYPE.regular;
}

/** What `fd_fdstat_get` shows: type, flags, and the rights C libraries look at before they try. */
export function statusOf(descriptor: Descriptor): { fileType: number; flags: number; rights: bigint; inheriting: bigint } {
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
