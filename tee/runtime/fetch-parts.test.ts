import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTeaError, sha256, TeaError, type ContentReader } from '@tea/protocol';
import { fetchParts, HELD_BYTES, patient } from './fetch-parts.ts';

const never = new AbortController().signal;

/** Contents by name, made of one byte each, and what was asked for. */
function store(sizes: Readonly<Record<string, number>>) {
  const piece = (offset: number, length: number): Uint8Array => new Uint8Array(length).fill(offset % 251);
  return {
    open: async (cid: string): Promise<ContentReader> => ({ sizeBytes: sizes[cid] ?? 0, read: async (offset, length) => piece(offset, length) }),
    cat: async function* (cid: string) {
      for (let at = 0; at < (sizes[cid] ?? 0); at += 1 << 20) yield new Uint8Array(Math.min(1 << 20, (sizes[cid] ?? 0) - at));
    },
  };
}
const wanted = (part: 'code' | 'input' | `data/${number}`, cid: string, bytes: number) => ({
  part,
  content: { cid, sha256: sha256(new Uint8Array(bytes)) },
});

test('no part of another digest gets into a run, be it held or too large for that', async () => {
  for (const bytes of [100, HELD_BYTES + 1]) {
    const { part, content } = wanted('data/0', 'd', bytes);
    const other = { part, content: { ...content, sha256: content.sha256.with(0, 1) } };
    await assert.rejects(fetchParts([other], store({ d: bytes }), never), (error) => isTeaError(error, 'corrupt'));
  }
});

test('parts are held as long as there is room for them, and the code in any case', async () => {
  const sizes = { code: 1_000, small: HELD_BYTES - 10, rest: 11, input: 10 };
  const parts = [
    wanted('code', 'code', 1_000),
    wanted('data/0', 'small', HELD_BYTES - 10),
    wanted('data/1', 'rest', 11),
    wanted('input', 'input', 10),
  ];
  const fetched = await fetchParts(parts, store(sizes), never);
  assert.deepEqual(
    fetched.map(({ part, published }) => [part, published instanceof Uint8Array]),
    [
      ['code', true],
      ['data/0', true],
      ['data/1', false],
      ['input', true],
    ],
  );
});

test('what can’t be held is checked without being held', async () => {
  const before = process.memoryUsage.rss();
  let most = before;
  const { open, cat } = store({ d: 2 ** 29 });
  const watched = async function* (cid: string) {
    for await (const piece of cat(cid)) {
      most = Math.max(most, process.memoryUsage.rss());
      yield piece;
    }
  };
  const digest = { part: 'data/0' as const, content: { cid: 'd', sha256: new Uint8Array(32) } };
  await assert.rejects(fetchParts([digest], { open, cat: watched }, never), (error) => isTeaError(error, 'corrupt'));
  assert.ok(most - before < 2 ** 28, `${most - before} bytes more`);
});

test('a host that is away for a moment is asked again, for a while; one that lies isn’t', async () => {
  const failing = (code: 'unavailable' | 'corrupt', times: number): ContentReader & { asked: number } => ({
    sizeBytes: 1,
    asked: 0,
    async read() {
      if (this.asked++ < times) throw new TeaError(code, 'No');
      return new Uint8Array(1);
    },
  });
  const waits: number[] = [];
  const delay = async (ms: number): Promise<void> => void waits.push(ms);
  assert.equal((await patient(failing('unavailable', 3), delay).read(0, 1)).length, 1);
  assert.deepEqual(waits, [250, 1_000, 4_000]);
  await assert.rejects(patient(failing('unavailable', 4), delay).read(0, 1), (error) => isTeaError(error, 'unavailable'));
  const lying = failing('corrupt', 1);
  await assert.rejects(patient(lying, delay).read(0, 1), (error) => isTeaError(error, 'corrupt'));
  assert.equal(lying.asked, 1);
});
