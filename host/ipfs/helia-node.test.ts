import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { temporaryDirectory } from '@tea/platform';
import { MemoryDatastore } from 'datastore-core';
import type { Key } from 'interface-datastore';
import { PutFailedError } from 'interface-store';
import type { CID } from 'multiformats/cid';
import { DiskBlocks } from './disk-blocks.ts';
import { heliaNodeOver, openHeliaNode } from './helia-node.ts';
import { digestOf, ipfsNodeContract, refusal, someContent } from './ipfs-node.contract.ts';

const MIB = 1024 * 1024;

ipfsNodeContract('Helia on disk', async () => {
  const dir = await temporaryDirectory('ipfs');
  const open = () => openHeliaNode({ dataDir: join(dir.path, 'store') });
  let node = await open();
  return {
    get node() {
      return node;
    },
    async reopen() {
      await node[Symbol.asyncDispose]();
      return (node = await open());
    },
    async [Symbol.asyncDispose]() {
      await node[Symbol.asyncDispose]();
      await dir[Symbol.asyncDispose]();
    },
  };
});

async function filesBelow(folder: string): Promise<readonly string[]> {
  return (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);
}

/** LevelDB's stand-in that is full after so many entries. */
class FullDatastore extends MemoryDatastore {
  roomFor = Number.POSITIVE_INFINITY;
  override put(key: Key, value: Uint8Array): Key | Promise<Key> {
    if (this.roomFor-- <= 0) throw new PutFailedError('Error: IO error: No space left on device');
    return super.put(key, value);
  }
}

/** A block store that is full after so many blocks. */
class FullBlocks extends DiskBlocks {
  roomFor = Number.POSITIVE_INFINITY;
  override async put(cid: CID, bytes: Uint8Array): Promise<CID> {
    if (this.roomFor-- <= 0) throw new PutFailedError('Error: ENOSPC: no space left on device, write');
    return await super.put(cid, bytes);
  }
}

describe('Helia on a full disk', () => {
  test('says storage, pins nothing, leaves no torn block, and works again once there is room (a real file system of 12 MiB)', async (t) => {
    await using dir = await temporaryDirectory('ipfs');
    const disk = join(dir.path, 'disk');
    await mkdir(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=12m', 'tmpfs', disk]);
    if (mounted.status !== 0) {
      t.diagnostic('no right to mount a small file system here; the same through stores without room is tested below');
      return;
    }
    try {
      const node = await openHeliaNode({ dataDir: join(disk, 'store') });
      const small = await node.add(someContent(4 * MIB, 1));
      await assert.rejects(node.add(someContent(20 * MIB, 2)), refusal('storage'));
      await node.gc();
      assert.deepEqual(await Array.fromAsync(node.pins()), [small.cid]);
      const files = await filesBelow(join(disk, 'store', 'blocks'));
      assert.equal(files.length, 5, files.join(' ')); // four leaves and their root
      assert.equal(await digestOf(node.cat(small.cid)), await digestOf(someContent(4 * MIB, 1)));
      const next = await node.add(someContent(5 * MIB, 3));
      assert.equal(await digestOf(node.cat(next.cid)), await digestOf(someContent(5 * MIB, 3)));
      await node[Symbol.asyncDispose]();
    } finally {
      spawnSync('umount', [disk]);
    }
  });

  test('pins all of a content or nothing, at whichever entry the room ends', async () => {
    await using dir = await temporaryDirectory('ipfs');
    for (let roomFor = 0; roomFor <= 8; roomFor++) {
      const data = new FullDatastore();
      const blocks = new DiskBlocks(join(dir.path, String(roomFor)));
      await blocks.open();
      await using node = await heliaNodeOver({ blocks, data });
      data.roomFor = roomFor;
      const added = await node.add(someContent(4 * MIB, 1)).catch((error: unknown) => error);
      data.roomFor = Number.POSITIVE_INFINITY;
      if (refusal('storage')(added)) {
        await node.gc();
        assert.deepEqual(await Array.fromAsync(node.pins()), []);
      } else {
        assert.equal((await Array.fromAsync(node.pins())).length, 1);
      }
    }
  });

  test('keeps nothing of a content whose blocks did not fit, at whichever block the room ends', async () => {
    await using dir = await temporaryDirectory('ipfs');
    for (let roomFor = 0; roomFor <= 4; roomFor++) {
      const blocks = new FullBlocks(join(dir.path, String(roomFor)));
      await blocks.open();
      await using node = await heliaNodeOver({ blocks, data: new MemoryDatastore() });
      blocks.roomFor = roomFor;
      await assert.rejects(node.add(someContent(4 * MIB, 1)), refusal('storage'));
      await node.gc();
      assert.deepEqual(await Array.fromAsync(node.pins()), []);
      assert.deepEqual(await filesBelow(join(dir.path, String(roomFor))), []);
      blocks.roomFor = Number.POSITIVE_INFINITY;
      assert.equal((await node.add(someContent(4 * MIB, 1))).size, 4 * MIB);
    }
  });
});

describe('Helia on disk', () => {
  test('refuses a store that another one has open', async () => {
    await using dir = await temporaryDirectory('ipfs');
    await using _first = await openHeliaNode({ dataDir: dir.path });
    await assert.rejects(openHeliaNode({ dataDir: dir.path }), refusal('conflict'));
  });
});
