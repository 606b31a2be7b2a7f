import { GAS } from '../gas-schedule.ts';
import type { WasiCalls } from './abi.ts';
import { type Descriptor, FD_FLAG, fileTypeOf, statusOf } from './descriptors.ts';
import { fail } from './errno.ts';
import { FILE_TYPE, type FileNode } from './memory-files.ts';
import type { World } from './world.ts';

const MAX_OFFSET = BigInt(Number.MAX_SAFE_INTEGER);

/** Calls on open descriptors. */
export function fdCalls(world: World): WasiCalls {
  const { memory, descriptors } = world;
  const moved = (bytes: number): void => world.charge(bytes >>> GAS.hostBytesShift);

  const readInto = (read: (into: Uint8Array) => number, vectors: readonly Uint8Array[]): number => {
    let total = 0;
    for (const vector of vectors) {
      moved(vector.length);
      const size = read(vector);
      total += size;
      if (size < vector.length) break;
    }
    return total;
  };
  const writeFrom = (fd: number, vectors: readonly Uint8Array[], offset: bigint | null): number => {
    const target = descriptors.get(fd);
    const size = vectors.reduce((sum, vector) => sum + vector.length, 0);
    if (target.kind === 'stream') {
      if (offset !== null) fail('spipe');
      moved(size);
      for (const vector of vectors) target.node.write(target.node.size, vector);
      return size;
    }
    if (target.kind !== 'file' || !target.canWrite || !target.node.writable) return fail('badf');
    let at = offset === null ? (target.flags & FD_FLAG.append ? target.node.size : target.position) : safeOffset(offset);
    moved(size + Math.max(0, at - target.node.size));
    for (const vector of vectors) {
      target.node.write(at, vector);
      at += vector.length;
    }
    if (offset === null) target.position = at;
    return size;
  };
  const resize = (fd: number, size: number, onlyGrow: boolean): void => {
    const target = descriptors.file(fd);
    if (!target.canWrite || !target.node.writable) return fail('badf');
    if (onlyGrow && size <= target.node.size) return;
    moved(Math.abs(size - target.node.size));
    target.node.resize(size);
  };
  const streamOrFile = (fd: number): void => {
    descriptors.get(fd);
  };

  return {
    fd_read: (fd, vectorsAt, count, result) => {
      const source = descriptors.get(fd);
      const vectors = memory.vectors(vectorsAt, count);
      if (source.kind === 'stdin') {
        memory.setU32(result, readInto(source.read, vectors));
        return;
      }
      if (source.kind === 'directory') fail('isdir');
      if (source.kind !== 'file' || !source.canRead) return fail('badf');
      memory.setU32(
        result,
        readInto((into) => {
          const size = source.node.read(source.position, into);
          source.position += size;
          return size;
        }, vectors),
      );
    },
    fd_pread: (fd, vectorsAt, count, offset, result) => {
      const source = descriptors.file(fd);
      if (!source.canRead) fail('badf');
      let at = safeOffset(offset);
      memory.setU32(
        result,
        readInto(
          (into) => {
            const size = source.node.read(at, into);
            at += size;
            return size;
          },
          memory.vectors(vectorsAt, count),
        ),
      );
    },
    fd_write: (fd, vectorsAt, count, result) => memory.setU32(result, writeFrom(fd, memory.vectors(vectorsAt, count), null)),
    fd_pwrite: (fd, vectorsAt, count, offset, result) => memory.setU32(result, writeFrom(fd, memory.vectors(vectorsAt, count), offset)),
    fd_seek: (fd, delta, whence, result) => {
      const file = descriptors.file(fd);
      const from = [0, file.position, file.node.size][whence] ?? fail('inval');
      file.position = safeOffset(BigInt(from) + delta);
      memory.setU64(result, BigInt(file.position));
    },
    fd_tell: (fd, result) => memory.setU64(result, BigInt(descriptors.file(fd).position)),
    fd_close: (fd) => descriptors.close(fd),
    fd_renumber: (from, to) => descriptors.renumber(from, to),
    fd_sync: streamOrFile,
    fd_datasync: streamOrFile,
    fd_advise: (fd) => {
      descriptors.file(fd);
    },
    fd_allocate: (fd, offset, length) => resize(fd, safeOffset(offset + length), true),
    fd_filestat_set_size: (fd, size) => resize(fd, safeOffset(size), false),
    fd_filestat_set_times: (fd, accessed, modified, flags) => setTimes(world, nodeOf(descriptors.get(fd)), accessed, modified, flags),
    fd_fdstat_get: (fd, result) => {
      const descriptor = descriptors.get(fd);
      const { fileType, flags, rights, inheriting } = statusOf(descriptor, descriptors.givenUp(descriptor));
      memory.bytes(result, 24).fill(0);
      memory.setU8(result, fileType);
      memory.setU16(result + 2, flags);
      memory.setU64(result + 8, rights);
      memory.setU64(result + 16, inheriting);
    },
    fd_fdstat_set_flags: (fd, flags) => {
      const target = descriptors.get(fd);
      if (target.kind === 'file') target.flags = flags & (FD_FLAG.append | FD_FLAG.nonblock);
      else if (flags & ~(FD_FLAG.append | FD_FLAG.nonblock)) fail('inval');
    },
    fd_fdstat_set_rights: (fd, base, inheriting) => descriptors.keepRights(fd, base, inheriting),
    fd_filestat_get: (fd, result) => writeStat(world, result, nodeOf(descriptors.get(fd))),
    fd_prestat_get: (fd, result) => {
      const name = preopenName(descriptors.get(fd));
      memory.setU32(result, 0);
      memory.setU32(result + 4, name.length);
    },
    fd_prestat_dir_name: (fd, pointer, length) => {
      const name = preopenName(descriptors.get(fd));
      if (length >>> 0 < name.length) fail('nametoolong');
      memory.bytes(pointer, name.length).set(name);
    },
    fd_readdir: (fd, buffer, length, cookie, result) => {
      const directory = descriptors.directory(fd);
      world.charge(directory.entryCount);
      const entries = [['.', directory] as const, ['..', directory] as const, ...directory.entries()];
      memory.setU32(result, writeEntries(world, memory.bytes(buffer, length), entries, cookie));
    },
  };
}

/** `fstflags`: each time is given (1, 4), or now (2, 8), or stays. A stream has none, and what nobody may change keeps its own. */
export function setTimes(world: World, node: FileNode | null, accessed: bigint, modified: bigint, flags: number): void {
  if (flags & ~15 || (flags & 3) === 3 || (flags & 12) === 12) fail('inval');
  if (node === null) return;
  if (node.kind === 'directory' ? node.budget === null : node.kind === 'file' && !node.writable) fail('rofs');
  if (flags & 3) node.times.accessed = BigInt.asUintN(64, flags & 1 ? accessed : world.clockNs);
  if (flags & 12) node.times.modified = BigInt.asUintN(64, flags & 4 ? modified : world.clockNs);
}

function safeOffset(offset: bigint): number {
  if (offset < 0n || offset > MAX_OFFSET) fail('inval');
  return Number(offset);
}

function preopenName(descriptor: Descriptor): Uint8Array {
  if (descriptor.kind !== 'directory' || descriptor.preopenName === null) return fail('badf');
  return new TextEncoder().encode(descriptor.preopenName);
}

function nodeOf(descriptor: Descriptor): FileNode | null {
  return descriptor.kind === 'file' || descriptor.kind === 'directory' ? descriptor.node : null;
}

/** A `filestat` record; null is a stream. Times that nobody set are the job's own clock, so that they tell nothing of the machine. */
export function writeStat(world: World, pointer: number, node: FileNode | null): void {
  const { memory } = world;
  memory.bytes(pointer, 64).fill(0);
  memory.setU64(pointer + 8, node?.inode ?? 0n);
  memory.setU8(pointer + 16, node === null ? FILE_TYPE.unknown : fileTypeOf(node));
  memory.setU64(pointer + 24, BigInt(node?.kind === 'file' && node.writable ? node.names : 1));
  memory.setU64(pointer + 32, BigInt(node?.size ?? 0));
  memory.setU64(pointer + 40, node?.times.accessed ?? world.clockNs);
  memory.setU64(pointer + 48, node?.times.modified ?? world.clockNs);
  memory.setU64(pointer + 56, world.clockNs);
}

/** `dirent` records from `cookie` on, the last one cut off when the buffer is full: that's how a guest learns there is more. */
function writeEntries(world: World, target: Uint8Array, entries: readonly (readonly [string, FileNode])[], cookie: bigint): number {
  let used = 0;
  const put = (bytes: Uint8Array): void => {
    const part = bytes.subarray(0, target.length - used);
    target.set(part, used);
    used += part.length;
    world.charge(part.length >>> GAS.hostBytesShift);
  };
  for (let index = Number(cookie & 0xffffffffn); index < entries.length && used < target.length; index++) {
    const [name, node] = entries[index] ?? fail('inval');
    const text = new TextEncoder().encode(name);
    const record = new DataView(new ArrayBuffer(24));
    record.setBigUint64(0, BigInt(index + 1), true);
    record.setBigUint64(8, node.inode, true);
    record.setUint32(16, text.length, true);
    record.setUint8(20, fileTypeOf(node));
    put(new Uint8Array(record.buffer));
    put(text);
  }
  return used;
}
