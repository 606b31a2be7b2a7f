import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { unixfs } from '@helia/unixfs';
import { toHex } from '@tea/protocol';
import { importFile } from '@tea/protocol/ipfs';
import { MemoryBlockstore } from 'blockstore-core';
import * as fc from 'fast-check';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { balanced } from 'ipfs-unixfs-importer/layout';

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe('a client and Helia', () => {
  test('give the same bytes the same CID and the same blocks, whatever the size and however deep the tree', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 400 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 2, max: 5 }),
        async (content, chunkBytes, maxLinks) => {
          const blockstore = new MemoryBlockstore();
          const layout = { chunker: fixedSize({ chunkSize: chunkBytes }), layout: balanced({ maxChildrenPerNode: maxLinks }) };
          const theirs = await unixfs({ blockstore }).addByteStream(once(content), { cidVersion: 1, rawLeaves: true, ...layout });
          const ours = new Set<string>();
          const { root, sizeBytes } = await importFile(once(content), async (cid) => void ours.add(toHex(cid.multihash.bytes)), undefined, {
            chunkBytes,
            maxLinks,
          });
          assert.equal(root.toString(), theirs.toString());
          assert.equal(sizeBytes, content.length);
          const stored = (await Array.fromAsync(blockstore.getAll())).map(({ cid }) => toHex(cid.multihash.bytes));
          assert.deepEqual(new Set(stored), ours);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('agree on the empty file that every implementation knows', async () => {
    const { root } = await importFile(once(new Uint8Array()), () => Promise.resolve());
    assert.equal(root.toString(), 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku');
  });
});
