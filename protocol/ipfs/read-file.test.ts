import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encode, prepare } from '@ipld/dag-pb';
import * as fc from 'fast-check';
import { concatBytes, isTeaError, type TeaErrorCode } from '@tea/protocol';
import type { CID } from 'multiformats/cid';
import { cidOf, DAG_PB, RAW } from './cid.ts';
import { encodeFileNode } from './file-node.ts';
import { importFile } from './import-file.ts';
import { readFile } from './read-file.ts';

const refusal =
  (...codes: TeaErrorCode[]) =>
  (error: unknown) =>
    isTeaError(error) && codes.includes(error.code);
const SMALL = { chunkBytes: 4, maxLinks: 3 };

type Store = Map<string, Uint8Array>;

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function stored(content: Uint8Array, store: Store = new Map()): Promise<{ root: CID; store: Store }> {
  const { root } = await importFile(once(content), async (cid, block) => void store.set(cid.toString(), block.slice()), undefined, SMALL);
  return { root, store };
}

const from = (store: Store) => async (cid: CID) => store.get(cid.toString()) ?? assert.fail(`no ${cid.toString()}`);

/** What came out before the error, and the error. */
async function readTillError(root: CID, fetch: (cid: CID) => Promise<Uint8Array>, maxBytes = 1_000): Promise<{ bytes: Uint8Array; error: unknown }> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of readFile(root, fetch, { maxBytes })) pieces.push(piece);
  } catch (error) {
    return { bytes: concatBytes(...pieces), error };
  }
  return { bytes: concatBytes(...pieces), error: undefined };
}

/** A dag-pb node with whatever UnixFS bytes the attacker likes. */
async function node(unixfs: readonly number[], links: readonly CID[] = []): Promise<{ cid: CID; block: Uint8Array }> {
  const block = encode(prepare({ Data: Uint8Array.from(unixfs), Links: links.map((Hash) => ({ Name: '', Tsize: 1, Hash })) }));
  return { cid: await cidOf(DAG_PB, block), block };
}

describe('reading from a store that lies', () => {
  const content = Uint8Array.from({ length: 61 }, (_, index) => index);

  test('stops at the first changed block, with nothing of it given', async () => {
    const { root, store } = await stored(content);
    for (const [liedAbout, honest] of store) {
      for (const lie of [honest.map((byte) => byte ^ 1), honest.subarray(1), concatBytes(honest, Uint8Array.of(0)), new Uint8Array()]) {
        if (lie.length === honest.length && lie.length === 0) continue;
        const { bytes, error } = await readTillError(root, async (cid) => (cid.toString() === liedAbout ? lie : await from(store)(cid)));
        assert.ok(refusal('corrupt')(error), String(error));
        assert.deepEqual(bytes, content.subarray(0, bytes.length));
        assert.equal(bytes.length % SMALL.chunkBytes, 0);
      }
    }
  });

  test("stops when another of the file's own blocks is given", async () => {
    const { root, store } = await stored(content);
    const [first] = store.values();
    for (const swapped of store.keys()) {
      if (store.get(swapped) === first) continue;
      const { error } = await readTillError(root, async (cid) => (cid.toString() === swapped && first ? first : await from(store)(cid)));
      assert.ok(refusal('corrupt')(error));
    }
  });

  test('asks for no content of a file that is too large', async () => {
    const { root, store } = await stored(content);
    const asked: string[] = [];
    const fetch = async (cid: CID) => {
      asked.push(cid.toString());
      return await from(store)(cid);
    };
    const { error } = await readTillError(root, fetch, content.length - 1);
    assert.ok(refusal('limit')(error));
    assert.deepEqual(asked, [root.toString()]);
  });

  test('asks for a few blocks ahead of its reader and no more', async () => {
    const { root, store } = await stored(content);
    let leaves = 0;
    const reading = readFile(
      root,
      async (cid) => {
        if (cid.code === RAW) leaves++;
        return await from(store)(cid);
      },
      { maxBytes: 1_000 },
    );
    await reading.next();
    await new Promise(setImmediate);
    assert.ok(leaves <= 4, `${leaves} leaves`);
    await reading.return();
  });

  test('tells its fetches to stop when the reader leaves or another block is bad', async () => {
    const { root, store } = await stored(content);
    const signals: AbortSignal[] = [];
    const reading = readFile(
      root,
      async (cid, signal) => {
        signals.push(signal);
        return await from(store)(cid);
      },
      { maxBytes: 1_000 },
    );
    await reading.next();
    await reading.return();
    assert.ok(signals.at(-1)?.aborted);
  });
});

describe('a tree made by an attacker is refused', () => {
  const leaf = Uint8Array.of(1, 2, 3, 4);

  async function refusesTree(unixfs: readonly number[], links: readonly CID[], store: Store): Promise<void> {
    const { cid, block } = await node(unixfs, links);
    const { bytes, error } = await readTillError(cid, from(new Map([...store, [cid.toString(), block]])));
    assert.ok(refusal('badMessage')(error), String(error));
    assert.ok(bytes.length <= leaf.length);
  }

  test('with sizes that lie about what is below, or do not add up', async () => {
    const cid = await cidOf(RAW, leaf);
    const store: Store = new Map([[cid.toString(), leaf]]);
    await refusesTree([0x08, 2, 0x18, 3, 0x20, 3], [cid], store); // says 3, is 4
    await refusesTree([0x08, 2, 0x18, 5, 0x20, 5], [cid], store);
    await refusesTree([0x08, 2, 0x18, 9, 0x20, 4], [cid], store); // 4 are not 9
    await refusesTree([0x08, 2, 0x18, 4], [cid], store); // no size for the link
    await refusesTree([0x08, 2, 0x18, 8, 0x20, 4, 0x20, 4], [cid], store); // one too many
  });

  test('that is a directory, a symlink, a HAMT shard, or carries file attributes', async () => {
    for (const type of [1, 3, 4, 5, 99]) await refusesTree([0x08, type], [], new Map());
    await refusesTree([0x08, 2, 0x18, 0, 0x38, 0x01], [], new Map()); // mode
    await refusesTree([], [], new Map());
  });

  test('with numbers that are cut, padded or beyond 2^53', async () => {
    for (const number of [[0x80], [0x80, 0x00], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]])
      await refusesTree([0x08, 2, 0x18, ...number], [], new Map());
    await refusesTree([0x08, 2, 0x12, 5, 1], [], new Map()); // data longer than the node
  });

  test('of empty stretches, which could keep a reader busy for ever', async () => {
    const empty = await cidOf(RAW, new Uint8Array());
    await refusesTree([0x08, 2, 0x18, 0, 0x20, 0], [empty], new Map([[empty.toString(), new Uint8Array()]]));
  });

  test('deeper than any honest file', async () => {
    const store: Store = new Map();
    let cid = await cidOf(RAW, leaf);
    store.set(cid.toString(), leaf);
    for (let level = 0; level < 12; level++) {
      const block = encodeFileNode([{ cid, sizeBytes: leaf.length, treeBytes: 1 }]);
      cid = await cidOf(DAG_PB, block);
      store.set(cid.toString(), block);
    }
    const { error } = await readTillError(cid, from(store));
    assert.ok(refusal('badMessage')(error));
  });

  test('whatever its bytes are: nothing but TeaErrors, and no content that does not hash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (bytes) => {
        const cid = await cidOf(DAG_PB, bytes);
        const { error } = await readTillError(cid, async (asked) => (asked.equals(cid) ? bytes : new Uint8Array()));
        assert.ok(error === undefined || isTeaError(error), String(error));
      }),
      { numRuns: 500 },
    );
  });
});

describe('an imported file', () => {
  test('reads back as it was, of any size and layout depth', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (content) => {
        const { root, store } = await stored(content);
        const { bytes, error } = await readTillError(root, from(store));
        assert.equal(error, undefined);
        assert.deepEqual(bytes, new Uint8Array(content));
      }),
    );
  });

  test('stops importing when a block is refused or the source fails, with that very error', async () => {
    const refused = new Error('full');
    await assert.rejects(
      importFile(once(new Uint8Array(100)), () => Promise.reject(refused), undefined, SMALL),
      refused,
    );
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(10);
      throw refused;
    }
    await assert.rejects(
      importFile(broken(), () => Promise.resolve(), undefined, SMALL),
      refused,
    );
  });
});
