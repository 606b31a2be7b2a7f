import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import type { ContentReader } from '@tea/protocol';
import { encodeContentRequest, MAX_PIECE_BYTES } from './content-requests.ts';
import { serveContents } from './serve-contents.ts';

const HELD = Uint8Array.from({ length: 3 * MAX_PIECE_BYTES }, (_, index) => index & 0xff);
const content: ContentReader = { sizeBytes: HELD.length, read: async (offset, length) => HELD.slice(offset, offset + length) };

/** What a sandbox that sends these bytes is answered, and what is thought of it. */
async function answers(...sent: readonly Uint8Array[]) {
  const got: Uint8Array[] = [];
  const pieces = [...sent, null];
  const channel = new Duplex({
    read() {
      const piece = pieces.shift();
      if (piece !== undefined) this.push(piece);
    },
    write(piece: Uint8Array, _encoding, done) {
      got.push(piece);
      done();
    },
  });
  const { kind } = await serveContents(channel, [content], new AbortController().signal);
  return { kind, bytes: new Uint8Array(Buffer.concat(got)) };
}
const MISBEHAVED = { kind: 'misbehaved', bytes: new Uint8Array() };

test('a sandbox that was taken over gets nothing but its own content, a piece at a time', async () => {
  for (const request of [
    { index: 1, offset: 0, length: 1 },
    { index: 0xffff_ffff, offset: 0, length: 1 },
    { index: 0, offset: HELD.length, length: 1 },
    { index: 0, offset: HELD.length - 1, length: 2 },
    { index: 0, offset: Number.MAX_SAFE_INTEGER, length: 1 },
    { index: 0, offset: 0, length: 0 },
    { index: 0, offset: 0, length: MAX_PIECE_BYTES + 1 },
  ]) {
    assert.deepEqual(await answers(encodeContentRequest(request)), MISBEHAVED, JSON.stringify(request));
  }
  const far = encodeContentRequest({ index: 0, offset: 0, length: 1 });
  far.fill(0xff, 8);
  assert.deepEqual(await answers(far), MISBEHAVED);
});

test('questions may be cut and joined as pipes do, and each is answered exactly', async () => {
  const first = encodeContentRequest({ index: 0, offset: 5, length: 3 });
  const second = encodeContentRequest({ index: 0, offset: HELD.length - 2, length: 2 });
  const expected = { kind: 'closed', bytes: new Uint8Array([...HELD.slice(5, 8), ...HELD.slice(-2)]) };
  assert.deepEqual(await answers(new Uint8Array([...first, ...second])), expected);
  assert.deepEqual(await answers(first.slice(0, 7), first.slice(7), second), expected);
  assert.deepEqual(await answers(first.slice(0, 7)), { kind: 'closed', bytes: new Uint8Array() });
});
