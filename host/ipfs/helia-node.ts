import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unixfs } from '@helia/unixfs';
import { TeaError, throwIfCancelled } from '@tea/protocol';
import { CHUNK_BYTES, MAX_BLOCK_BYTES, MAX_LINKS, parseCid, verifyBlock } from '@tea/protocol/ipfs';
import { LevelDatastore } from 'datastore-level';
import { createHeliaLight } from 'helia';
import type { Blockstore } from 'interface-blockstore';
import type { Datastore } from 'interface-datastore';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';
import type { CID } from 'multiformats/cid';
import { AtomicDatastore } from './atomic-datastore.ts';
import { DiskBlocks } from './disk-blocks.ts';
import { gcGate } from './gc-gate.ts';
import type { Abortable, IpfsNode } from './ipfs-node.ts';
import { storeError } from './store-error.ts';
import { treeWalker } from './tree-walker.ts';

/** Open, and closed by their owner. */
export type HeliaStores = { readonly blocks: Blockstore; readonly data: Datastore };

/**
 * Helia on disk: blocks as files, pins in LevelDB.
 * @throws TeaError `conflict` when another one has the folder open, `storage` when it can't be used, `cancelled`
 */
export async function openHeliaNode({ dataDir, signal }: { readonly dataDir: string; readonly signal?: AbortSignal }): Promise<IpfsNode> {
  const what = 'Opening the content store';
  throwIfCancelled(signal, what);
  const level = new LevelDatastore(join(dataDir, 'data'));
  const blocks = new DiskBlocks(join(dataDir, 'blocks'));
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await level.db.open(); // unlike its own open, this says why it can't
    await blocks.open();
    const node = await heliaNodeOver({ blocks, data: level });
    return {
      ...node,
      async [Symbol.asyncDispose]() {
        await node[Symbol.asyncDispose]();
        await level.close();
      },
    };
  } catch (error) {
    await level.close();
    if (error instanceof Error && (error.cause as { code?: unknown } | undefined)?.code === 'LEVEL_LOCKED') {
      throw new TeaError('conflict', what + ' failed', {
        expected: 'one process at a time in ' + dataDir,
        actual: 'another one',
        next: 'stop the other one',
        cause: error,
      });
    }
    throw storeError(error, what);
  }
}

/** The same over any stores. No peers, no network: what isn't here is `notFound`. */
export async function heliaNodeOver(stores: HeliaStores): Promise<IpfsNode> {
  const data = new AtomicDatastore(stores.data);
  const helia = createHeliaLight({ blockstore: stores.blocks, datastore: data });
  await helia.start();
  const files = unixfs(helia);
  const walker = treeWalker(stores.blocks);
  const gate = gcGate(() => helia.gc().catch(() => undefined)); // what it couldn't delete stays until the next time

  /** Gives every failure its meaning. */
  const meaning = async <T>(what: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> => {
    throwIfCancelled(signal, what);
    try {
      return await work();
    } catch (error) {
      throw storeError(error, what, signal);
    }
  };

  const pin = async (cid: CID, { signal }: Abortable): Promise<void> => {
    await data
      .atomically(async () => {
        for await (const _ of helia.pins.add(cid, { walker })) throwIfCancelled(signal, 'Pinning');
      })
      .catch((error: unknown) => {
        if (!(error instanceof Error) || error.name !== 'AlreadyPinnedError') throw error;
      });
  };

  const isPinned = async (cid: CID): Promise<boolean> =>
    await helia.pins.get(cid).then(
      () => true,
      (error: unknown) => {
        if (error instanceof Error && error.name === 'NotFoundError') return false;
        throw error;
      },
    );

  const sizeOf = async (cid: CID, signal?: AbortSignal): Promise<number> =>
    Number((await files.stat(cid, { offline: true, ...(signal && { signal }) })).size);

  return {
    id: 'helia (offline)',
    add: (source, { signal } = {}) =>
      meaning('Storing the content', signal, async () => {
        const writing = await gate.enter();
        let left: 'nothing' | 'garbage' = 'garbage';
        try {
          const cid = await files.addByteStream(watched(source, signal), {
            cidVersion: 1,
            rawLeaves: true,
            chunker: fixedSize({ chunkSize: CHUNK_BYTES }),
            layout: balanced({ maxChildrenPerNode: MAX_LINKS }),
            reduceSingleLeafToSelf: true,
            ...(signal && { signal }),
          });
          await pin(cid, { ...(signal && { signal }) });
          left = 'nothing';
          return { cid: cid.toString(), size: await sizeOf(cid) };
        } finally {
          writing.done(left);
        }
      }),
    async *cat(cid, { signal, ...range } = {}) {
      const what = 'Reading the content';
      const root = parseCid(cid);
      throwIfCancelled(signal, what);
      try {
        const offset = range.offset ?? 0;
        if (offset > 0 && offset >= (await sizeOf(root, signal))) return; // Helia refuses it
        yield* watched(files.cat(root, { offline: true, ...range, ...(signal && { signal }) }), signal);
      } catch (error) {
        throw storeError(error, what, signal);
      }
    },
    stat: (cid, { signal } = {}) =>
      meaning('Looking the content up', signal, async () => {
        const root = parseCid(cid);
        return { cid, size: await sizeOf(root, signal), pinned: await isPinned(root) };
      }),
    pin: (cid, options = {}) => meaning('Pinning the content', options.signal, () => pin(parseCid(cid), options)),
    unpin: (cid, { signal } = {}) =>
      meaning('Unpinning the content', signal, () =>
        data.atomically(async () => {
          for await (const _ of helia.pins.rm(parseCid(cid), { walker })) throwIfCancelled(signal, 'Unpinning');
        }),
      ),
    async *pins({ signal } = {}) {
      for await (const { cid } of helia.pins.ls()) {
        throwIfCancelled(signal, 'Listing pins');
        yield cid.toString();
      }
    },
    getBlock: (cid, { signal } = {}) =>
      meaning('Reading a block', signal, async () => {
        const pieces = await Array.fromAsync(helia.blockstore.get(parseCid(cid), { offline: true, ...(signal && { signal }) }));
        return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : new Uint8Array(Buffer.concat(pieces));
      }),
    putBlock: (cid, bytes, { signal } = {}) =>
      meaning('Storing a block', signal, async () => {
        if (bytes.length > MAX_BLOCK_BYTES)
          throw new TeaError('limit', 'This block is too large', { expected: `at most ${MAX_BLOCK_BYTES} bytes`, actual: `${bytes.length}` });
        const name = parseCid(cid);
        await verifyBlock(name, bytes);
        await helia.blockstore.put(name, bytes);
      }),
    write: () => gate.enter(),
    gc: () => gate.collect(),
    async [Symbol.asyncDispose]() {
      await gate.quiet();
      await helia.stop();
    },
  };
}

async function* watched(source: AsyncIterable<Uint8Array>, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of source) {
    throwIfCancelled(signal, 'Moving the content');
    yield piece;
  }
}
