import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { secureRandom, TeaError } from '@tea/protocol';
import { type AddRequest, MAX_OPEN_BLOCKS, parseCid, PIECE_BYTES } from '@tea/protocol/ipfs';
import { refusal } from './ipfs-node.contract.ts';
import type { IpfsNode } from './ipfs-node.ts';
import { DEFAULT_UPLOAD_LIMITS, type UploadLimits, uploadsTo } from './uploads.ts';

const CID = parseCid('bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy').bytes;

/** A node that only remembers how writings ended. */
function uploads(limits: Partial<UploadLimits> = {}) {
  const ended: string[] = [];
  const stored: number[] = [];
  const node = {
    write: () => Promise.resolve({ done: (left: string) => void ended.push(left) }),
    putBlock: (_: string, bytes: Uint8Array) => Promise.resolve(void stored.push(bytes.length)),
    pin: () => Promise.reject(new TeaError('notFound', 'A block is missing')),
  } as unknown as IpfsNode;
  const handler = uploadsTo(node, { ...DEFAULT_UPLOAD_LIMITS, ...limits }, secureRandom);
  const open = async (): Promise<Uint8Array> => ((await handler.handle({ op: 'open' }, new Uint8Array())) as { upload: Uint8Array }).upload;
  const piece = (upload: Uint8Array, block: number, offset: number, sizeBytes: number, bodyBytes = Math.min(PIECE_BYTES, sizeBytes - offset)) =>
    handler.handle({ op: 'piece', upload, block, cid: CID, offset, sizeBytes } satisfies AddRequest, new Uint8Array(bodyBytes));
  return { handler, open, piece, ended, stored };
}

describe('an upload', () => {
  test('that falls silent is forgotten and its blocks become garbage', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const { handler, open, piece, ended } = uploads({ idleMs: 1_000 });
    const upload = await open();
    t.mock.timers.tick(999);
    await piece(upload, 0, 0, 2 * PIECE_BYTES);
    t.mock.timers.tick(999);
    assert.equal(handler.count, 1);
    t.mock.timers.tick(1);
    assert.equal(handler.count, 0);
    assert.deepEqual(ended, ['garbage']);
    await assert.rejects(piece(upload, 0, PIECE_BYTES, 2 * PIECE_BYTES), refusal('notFound'));
  });

  const cases: Readonly<Record<string, readonly (readonly [block: number, offset: number, sizeBytes: number, bodyBytes?: number])[]>> = {
    'starts inside a block': [[0, PIECE_BYTES, 2 * PIECE_BYTES]],
    'leaves a piece out': [
      [0, 0, 3 * PIECE_BYTES],
      [0, 2 * PIECE_BYTES, 3 * PIECE_BYTES],
    ],
    'sends a piece twice': [
      [0, 0, 3 * PIECE_BYTES],
      [0, PIECE_BYTES, 3 * PIECE_BYTES],
      [0, PIECE_BYTES, 3 * PIECE_BYTES],
    ],
    'changes its mind about the size': [
      [0, 0, 2 * PIECE_BYTES],
      [0, PIECE_BYTES, 3 * PIECE_BYTES],
    ],
    'sends a piece that is too short': [[0, 0, PIECE_BYTES, PIECE_BYTES - 1]],
    'sends a piece that is too long': [[0, 0, 10, 11]],
    'sends a piece beyond the end': [[0, 20, 10, 0]],
  };
  for (const [name, pieces] of Object.entries(cases)) {
    test(`that ${name} is over`, async () => {
      const { handler, open, piece, ended } = uploads();
      const upload = await open();
      const last = pieces.at(-1) ?? assert.fail();
      for (const each of pieces.slice(0, -1)) await piece(upload, ...each);
      await assert.rejects(piece(upload, ...last), refusal('badMessage'));
      assert.equal(handler.count, 0);
      assert.deepEqual(ended, ['garbage']);
    });
  }

  test('may not hold more blocks half sent than agreed, nor more bytes than the host takes', async () => {
    const greedy = uploads();
    const upload = await greedy.open();
    for (let block = 0; block < MAX_OPEN_BLOCKS; block++) await greedy.piece(upload, block, 0, 2 * PIECE_BYTES);
    await assert.rejects(greedy.piece(upload, MAX_OPEN_BLOCKS, 0, 2 * PIECE_BYTES), refusal('limit'));

    const large = uploads({ maxContentBytes: 100 });
    const other = await large.open();
    await large.piece(other, 0, 0, 100);
    await assert.rejects(large.piece(other, 1, 0, 1), refusal('limit'));
  });

  test("can't be finished or continued by who doesn't know its id, and its failure touches no other", async () => {
    const { handler, open, piece, stored } = uploads();
    const [mine, theirs] = [await open(), await open()];
    await assert.rejects(piece(new Uint8Array(16), 0, 0, 1), refusal('notFound'));
    await assert.rejects(handler.handle({ op: 'commit', upload: theirs, cid: CID }, new Uint8Array()), refusal('notFound'));
    await piece(mine, 0, 0, 5);
    assert.deepEqual(stored, [5]);
    assert.equal(handler.count, 1);
  });

  test('is one of so many: a further one is refused until another is over', async () => {
    const { handler, open } = uploads({ maxUploads: 2 });
    const [first] = [await open(), await open()];
    await assert.rejects(open(), refusal('limit'));
    await handler.handle({ op: 'abort', upload: first }, new Uint8Array());
    await open();
  });

  test('ends with the service', async () => {
    const { handler, open, ended } = uploads();
    await open();
    await open();
    await handler[Symbol.asyncDispose]();
    assert.deepEqual(ended, ['garbage', 'garbage']);
  });
});
