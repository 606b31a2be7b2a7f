import { GAS } from '../gas-schedule.ts';
import type { WasiCalls } from './abi.ts';
import { FD_FLAG, RIGHT } from './descriptors.ts';
import { fail } from './errno.ts';
import { setTimes, writeStat } from './fd-calls.ts';
import { Directory, SymbolicLink, WritableFile } from './memory-files.ts';
import { checkPath, resolvePath, type Place } from './resolve-path.ts';
import type { World } from './world.ts';

const OPEN = { create: 1, directory: 2, exclusive: 4, truncate: 8 } as const;
/** `lookupflags`: whether a link at the end of the path is followed. */
const FOLLOW = 1;

/** Calls on paths below an open directory, which no path and no link leads out of. */
export function pathCalls(world: World): WasiCalls {
  const { memory, descriptors } = world;
  const followed = ({ size }: SymbolicLink): void => world.charge(GAS.hostCall + (size >>> GAS.hostBytesShift));
  const at = (fd: number, pointer: number, length: number, lookup = 0): Place =>
    resolvePath(descriptors.directory(fd), memory.text(pointer, length), { last: (lookup & FOLLOW) !== 0, followed });
  const inode = (): bigint => world.nextInode++;

  return {
    path_open: (fd, lookup, pointer, length, openFlags, rights, _inheriting, fdFlags, result) => {
      const exclusive = (openFlags & OPEN.create) !== 0 && (openFlags & OPEN.exclusive) !== 0;
      const { parent, name, node: found, slashed } = at(fd, pointer, length, exclusive ? 0 : lookup);
      if (found !== undefined && exclusive) fail('exist');
      if (openFlags & OPEN.truncate) descriptors.need(fd, 'path_filestat_set_size');
      let node = found;
      if (node === undefined) {
        if (!(openFlags & OPEN.create)) fail('noent');
        if (openFlags & OPEN.directory || slashed) fail('inval');
        descriptors.need(fd, 'path_create_file');
        node = new WritableFile(inode(), parent.budget ?? fail('rofs'));
        parent.add(name, node);
      }
      if (node.kind === 'link') return fail(openFlags & OPEN.directory ? 'notdir' : 'loop');
      if (node.kind === 'directory') {
        if (openFlags & OPEN.truncate || (openFlags & OPEN.directory && (rights & RIGHT.write) !== 0n)) fail('isdir');
        memory.setU32(result, descriptors.open({ kind: 'directory', node, preopenName: null }, fd));
        return;
      }
      if (openFlags & OPEN.directory) fail('notdir');
      const canWrite = (rights & RIGHT.write) !== 0n;
      if (!node.writable && (canWrite || openFlags & OPEN.truncate)) fail('rofs');
      if (node.writable && openFlags & OPEN.truncate) {
        world.charge(node.size >>> 3);
        node.resize(0);
      }
      const canRead = (rights & RIGHT.read) !== 0n;
      memory.setU32(result, descriptors.open({ kind: 'file', node, canRead, canWrite, flags: fdFlags & FD_FLAG.all, position: 0 }, fd));
    },
    path_filestat_get: (fd, lookup, pointer, length, result) => {
      writeStat(world, result, at(fd, pointer, length, lookup).node ?? fail('noent'));
    },
    path_filestat_set_times: (fd, lookup, pointer, length, accessed, modified, flags) => {
      setTimes(world, at(fd, pointer, length, lookup).node ?? fail('noent'), accessed, modified, flags);
    },
    path_create_directory: (fd, pointer, length) => {
      const { parent, name, node } = at(fd, pointer, length);
      if (node !== undefined) fail('exist');
      parent.add(name, new Directory(inode(), parent.budget, parent.depth + 1));
    },
    path_remove_directory: (fd, pointer, length) => {
      const { parent, name, node } = at(fd, pointer, length);
      if (name === '.') fail('inval');
      if (node === undefined) fail('noent');
      if (node.kind !== 'directory') return fail('notdir');
      if (!node.isEmpty()) fail('notempty');
      parent.remove(name);
    },
    path_unlink_file: (fd, pointer, length) => {
      const { parent, name, node } = at(fd, pointer, length);
      if (node === undefined) fail('noent');
      if (node.kind === 'directory') fail('isdir');
      parent.remove(name);
      if (node.kind === 'file' && node.writable) node.removeName();
    },
    path_rename: (fromFd, fromPointer, fromLength, toFd, toPointer, toLength) => {
      const from = at(fromFd, fromPointer, fromLength);
      const to = at(toFd, toPointer, toLength);
      if (from.name === '.' || to.name === '.') fail('inval');
      const { node } = from;
      if (node === undefined) fail('noent');
      if (to.parent.budget === null || from.parent.budget === null) fail('rofs');
      if (node.kind !== 'directory' && (from.slashed || to.slashed)) fail('notdir');
      if (node.kind === 'directory') {
        world.charge(node.treeSize);
        if (node.holds(to.parent)) fail('inval');
      }
      const replaced = to.node;
      if (replaced === node) return;
      if (replaced !== undefined) {
        if (node.kind === 'directory' && replaced.kind !== 'directory') fail('notdir');
        if (replaced.kind === 'directory') {
          if (node.kind !== 'directory') fail('isdir');
          if (!replaced.isEmpty()) fail('notempty');
        }
      }
      if (node.kind === 'directory') node.moveTo(to.parent.depth + 1);
      if (replaced !== undefined) to.parent.remove(to.name);
      if (replaced?.kind === 'file' && replaced.writable) replaced.removeName();
      from.parent.remove(from.name);
      to.parent.add(to.name, node);
    },
    path_link: (fromFd, lookup, fromPointer, fromLength, toFd, toPointer, toLength) => {
      const { node, slashed } = at(fromFd, fromPointer, fromLength, lookup);
      const to = at(toFd, toPointer, toLength);
      if (node === undefined) fail('noent');
      if (to.node !== undefined) fail('exist');
      if (slashed || to.slashed) fail('noent');
      if (node.kind === 'directory') fail('perm');
      if (to.parent.budget === null) fail('rofs');
      if (node.kind === 'file') node.writable ? node.addName() : fail('rofs');
      to.parent.add(to.name, node);
    },
    path_symlink: (targetPointer, targetLength, fd, pointer, length) => {
      const target = memory.text(targetPointer, targetLength);
      checkPath(target);
      const { parent, name, node, slashed } = at(fd, pointer, length);
      if (node !== undefined) fail('exist');
      if (slashed) fail('noent');
      parent.add(name, new SymbolicLink(inode(), target));
    },
    path_readlink: (fd, pointer, length, buffer, bufferLength, result) => {
      const { node } = at(fd, pointer, length);
      if (node === undefined) fail('noent');
      if (node.kind !== 'link') return fail('inval');
      const target = new TextEncoder().encode(node.target).subarray(0, bufferLength >>> 0);
      memory.bytes(buffer, target.length).set(target);
      memory.setU32(result, target.length);
    },
  };
}
