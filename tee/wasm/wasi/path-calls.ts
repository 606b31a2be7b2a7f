import type { WasiCalls } from './abi.ts';
import { FD_FLAG, RIGHT } from './descriptors.ts';
import { fail } from './errno.ts';
import { setTimes, writeStat } from './fd-calls.ts';
import { Directory, lookUp, resolvePath, WritableFile } from './memory-files.ts';
import type { World } from './world.ts';

const OPEN = { create: 1, directory: 2, exclusive: 4, truncate: 8 } as const;

/** Calls on paths below an open directory. Links don't exist here, so a path can't lead out of its directory. */
export function pathCalls(world: World): WasiCalls {
  const { memory, descriptors } = world;
  const at = (fd: number, pointer: number, length: number): { parent: Directory; name: string; path: string } => {
    const path = memory.text(pointer, length);
    return { ...resolvePath(descriptors.directory(fd), path), path };
  };
  const inode = (): bigint => world.nextInode++;

  return {
    path_open: (fd, _lookup, pointer, length, openFlags, rights, _inheriting, fdFlags, result) => {
      const from = descriptors.directory(fd);
      const path = memory.text(pointer, length);
      const { parent, name } = resolvePath(from, path);
      let node = lookUp(from, path);
      if (node !== undefined && openFlags & OPEN.create && openFlags & OPEN.exclusive) fail('exist');
      if (node === undefined) {
        if (!(openFlags & OPEN.create)) fail('noent');
        if (openFlags & OPEN.directory || path.endsWith('/')) fail('inval');
        node = new WritableFile(inode(), parent.budget ?? fail('rofs'));
        parent.add(name, node);
      }
      if (node.kind === 'directory') {
        if (openFlags & OPEN.truncate || (openFlags & OPEN.directory && (rights & RIGHT.write) !== 0n)) fail('isdir');
        memory.setU32(result, descriptors.open({ kind: 'directory', node, preopenName: null }));
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
      memory.setU32(result, descriptors.open({ kind: 'file', node, canRead, canWrite, flags: fdFlags & FD_FLAG.all, position: 0 }));
    },
    path_filestat_get: (fd, _lookup, pointer, length, result) => {
      writeStat(world, result, lookUp(descriptors.directory(fd), memory.text(pointer, length)) ?? fail('noent'));
    },
    path_filestat_set_times: (fd, _lookup, pointer, length, accessed, modified, flags) => {
      setTimes(world, lookUp(descriptors.directory(fd), memory.text(pointer, length)) ?? fail('noent'), accessed, modified, flags);
    },
    path_create_directory: (fd, pointer, length) => {
      const { parent, name } = at(fd, pointer, length);
      if (name === '.') fail('exist');
      parent.add(name, new Directory(inode(), parent.budget, parent.depth + 1));
    },
    path_remove_directory: (fd, pointer, length) => {
      const { parent, name } = at(fd, pointer, length);
      if (name === '.') fail('inval');
      const node = parent.get(name) ?? fail('noent');
      if (node.kind !== 'directory') return fail('notdir');
      if (!node.isEmpty()) fail('notempty');
      parent.remove(name);
    },
    path_unlink_file: (fd, pointer, length) => {
      const { parent, name, path } = at(fd, pointer, length);
      const node = parent.get(name) ?? fail(name === '.' ? 'isdir' : 'noent');
      if (node.kind === 'directory') fail('isdir');
      if (path.endsWith('/')) fail('notdir');
      parent.remove(name);
      // The bytes stay charged: a descriptor may still hold the file.
    },
    path_rename: (fromFd, fromPointer, fromLength, toFd, toPointer, toLength) => {
      const from = at(fromFd, fromPointer, fromLength);
      const to = at(toFd, toPointer, toLength);
      if (from.name === '.' || to.name === '.') fail('inval');
      const node = from.parent.get(from.name) ?? fail('noent');
      if (to.parent.budget === null || from.parent.budget === null) fail('rofs');
      if (node.kind === 'file' && (from.path.endsWith('/') || to.path.endsWith('/'))) fail('notdir');
      if (node.kind === 'directory') {
        world.charge(node.treeSize);
        if (node.holds(to.parent)) fail('inval');
      }
      const replaced = to.parent.get(to.name);
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
      from.parent.remove(from.name);
      to.parent.add(to.name, node);
    },
    path_link: () => fail('notsup'),
    path_symlink: () => fail('notsup'),
    path_readlink: () => fail('inval'), // nothing here is a link
  };
}
