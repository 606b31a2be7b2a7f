import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { isTeaError } from '@tea/protocol';
import type { CID } from 'multiformats/cid';
import { cidOf, DAG_PB, RAW } from './cid.ts';
import { type BuiltLink, encodeFileNode } from './file-node.ts';
import { importFile } from './import-file.ts';
import { openFile } from './open-file.ts';

const SMALL = { chunkBytes: 4, maxLinks: 3 };
const CONTENT = Uint8Array.from({ length: 61 }, (_, index) => index);

async function stored(content: Uint8Array) {
  const store = new Map<string, Uint8Array>();
  const source = async function* () {
    yield content;
  };
  const { root } = await importFile(source(), async (cid, block) => void store.set(cid.toString(), block.slice()), undefined, SMALL);
  const fetch = async (cid: CID) => store.get(cid.toString()) ?? assert.fail(`no ${cid.toString()}`);
  return { root, store, fetch };
}

describe('a file of a store that lies, read anywhere', () => {
  test('gives no byte of a changed block, at whatever place it is read', async () => {
    const { root, store, fetch } = await stored(CONTENT);
    for (const [liedAbout, honest] of store) {
      const lie = honest.map((byte) => byte ^ 1);
      const lying = async (cid: CID) => (cid.toString() === liedAbout ? lie : await fetch(cid));
      const all = openFile(root, lying, { maxBytes: 1_000 }).then((file) => file.read(0, CONTENT.length));
      await assert.rejects(all, (error) => isTeaError(error, 'corrupt'));
    }
  });

  test('is asked again for a block that could not be had', async () => {
    const { root, fetch } = await stored(CONTENT);
    let isDown = false;
    const file = await openFile(root, (cid) => (isDown ? Promise.reject(new Error('down')) : fetch(cid)), { maxBytes: 1_000 });
    isDown = true;
    await assert.rejects(file.read(40, 4), /down/);
    isDown = false;
    assert.deepEqual(await file.read(40, 4), CONTENT.subarray(40, 44));
  });

  test('is refused when it is larger than asked for, or cut into more blocks than a list of them may have', async () => {
    const { root, fetch } = await stored(CONTENT);
    await assert.rejects(openFile(root, fetch, { maxBytes: 60 }), (error) => isTeaError(error, 'limit'));
    const join = async (link: BuiltLink, times: number) => {
      const block = encodeFileNode(Array.from({ length: times }, () => link));
      return { block, link: { cid: await cidOf(DAG_PB, block), sizeBytes: link.sizeBytes * times, treeBytes: 100 } };
    };
    const leaf = { cid: await cidOf(RAW, Uint8Array.of(1)), sizeBytes: 1, treeBytes: 1 };
    const row = await join(leaf, 1024);
    const top = await join(row.link, 65);
    const crumbs = new Map([row, top].map(({ block, link }) => [link.cid.toString(), block]));
    const fetchCrumbs = async (cid: CID) => crumbs.get(cid.toString()) ?? assert.fail('a crumb was fetched');
    await assert.rejects(openFile(top.link.cid, fetchCrumbs, { maxBytes: 2 ** 30 }), (error) => isTeaError(error, 'limit'));
  });
});

test('any stretch of a file is what was stored there', async () => {
  const place = fc.nat({ max: 80 });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), fc.array(fc.tuple(place, place), { maxLength: 8 }), async (content, reads) => {
      const { root, fetch } = await stored(content);
      const file = await openFile(root, fetch, { maxBytes: 1_000 });
      assert.equal(file.sizeBytes, content.length);
      for (const [offset, length] of reads) assert.deepEqual(await file.read(offset, length), content.slice(offset, offset + length));
    }),
    { numRuns: 60 },
  );
});

test('opening fetches no block of the content, a read those it touches, and going straight on a few ahead', async () => {
  const { root, fetch } = await stored(CONTENT);
  let leaves = 0;
  const file = await openFile(root, async (cid) => (cid.code === RAW && leaves++, await fetch(cid)), { maxBytes: 1_000 });
  assert.equal(leaves, 0);
  await file.read(30, 1);
  assert.equal(leaves, 1);
  await file.read(32, 1);
  assert.equal(leaves, 4);
});
