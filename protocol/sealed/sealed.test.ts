import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { concatBytes, isTeaError, type TeaErrorCode } from '@tea/protocol';
import { CHUNK_BYTES, HEADER_BYTES, TAG_BYTES } from './format.ts';
import { generateContentKey, keyFits, openBytes, openContent, sealBytes, sealContent, sealedSize } from './index.ts';
import { patternBytes } from './make-vectors.ts';

const key = generateContentKey();
const SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES;
const chunkAt = (sealed: Uint8Array, index: number): Uint8Array =>
  sealed.subarray(HEADER_BYTES + index * SEALED_CHUNK, HEADER_BYTES + (index + 1) * SEALED_CHUNK);
const refusal =
  (...codes: TeaErrorCode[]) =>
  (error: unknown) =>
    isTeaError(error) && codes.includes(error.code);

/** Everything that came out before the error, and the error. */
async function openTillError(sealed: Uint8Array, withKey = key): Promise<{ plain: Uint8Array; error: unknown }> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of openContent(cut(sealed, sealed.length), withKey)) pieces.push(piece);
  } catch (error) {
    return { plain: concatBytes(...pieces), error };
  }
  return { plain: concatBytes(...pieces), error: undefined };
}

async function* cut(bytes: Uint8Array, ...sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let offset = 0;
  for (let index = 0; offset < bytes.length; index++) {
    const size = Math.max(1, sizes[index % sizes.length] ?? 1);
    yield bytes.subarray(offset, offset + size);
    offset += size;
  }
}

describe('sealed content refuses', () => {
  test('any flipped byte, and names another key only when salt or commitment changed', async () => {
    const sealed = await sealBytes(patternBytes(100), key);
    for (let offset = 0; offset < sealed.length; offset++) {
      for (const mask of [0x01, 0x80]) {
        const altered = sealed.map((byte, index) => (index === offset ? byte ^ mask : byte));
        const expected = offset < 12 ? 'badMessage' : offset < HEADER_BYTES ? 'wrongKey' : 'corrupt';
        const { plain, error } = await openTillError(altered);
        assert.ok(refusal(expected)(error), `byte ${offset}: ${String(error)}`);
        assert.equal(plain.length, 0);
      }
    }
  });

  test('every truncation of a short content', async () => {
    const sealed = await sealBytes(patternBytes(40), key);
    for (let length = 0; length < sealed.length; length++) {
      await assert.rejects(openBytes(sealed.subarray(0, length), key), refusal(length < 7 ? 'badMessage' : 'corrupt'), `${length} bytes`);
    }
  });

  test('truncation at and around every chunk boundary, giving at most whole authenticated chunks before it says so', async () => {
    const plain = patternBytes(3 * CHUNK_BYTES);
    const sealed = await sealBytes(plain, key);
    for (let chunks = 0; chunks < 3; chunks++) {
      for (const more of [-1, 0, 1, TAG_BYTES, TAG_BYTES + 1]) {
        const { plain: given, error } = await openTillError(sealed.subarray(0, HEADER_BYTES + chunks * SEALED_CHUNK + more));
        assert.ok(refusal('corrupt')(error), `${chunks} chunks and ${more} bytes: ${String(error)}`);
        assert.equal(given.length % CHUNK_BYTES, 0);
        assert.deepEqual(given, plain.subarray(0, given.length));
      }
    }
  });

  const pieces = (sealed: Uint8Array) => ({
    header: sealed.subarray(0, HEADER_BYTES),
    a: chunkAt(sealed, 0),
    b: chunkAt(sealed, 1),
    c: chunkAt(sealed, 2),
  });
  const moves: Record<string, (own: ReturnType<typeof pieces>, other: ReturnType<typeof pieces>) => Uint8Array[]> = {
    'two chunks in the other order': ({ header, a, b, c }) => [header, b, a, c],
    'a chunk twice': ({ header, a, b, c }) => [header, a, a, b, c],
    'a chunk left out': ({ header, a, c }) => [header, a, c],
    'a last chunk moved inside': ({ header, a, b, c }) => [header, a, c, b],
    'a second last chunk': ({ header, a, b, c }) => [header, a, b, c, c],
    'an added byte': ({ header, a, b, c }) => [header, a, b, c, Uint8Array.of(0)],
    'an added empty chunk': ({ header, a, b, c }) => [header, a, b, c, new Uint8Array(TAG_BYTES)],
    'a whole second content behind it': ({ header, a, b, c }, other) => [header, a, b, c, other.header, other.a, other.b, other.c],
    "a chunk of the same owner's other content": ({ header, a, c }, other) => [header, a, other.b, c],
    "the same owner's other header": ({ a, b, c }, other) => [other.header, a, b, c],
  };
  for (const [name, move] of Object.entries(moves)) {
    test(name, async () => {
      const [own, other] = await Promise.all([sealBytes(patternBytes(3 * CHUNK_BYTES), key), sealBytes(patternBytes(3 * CHUNK_BYTES), key)]);
      await assert.rejects(openBytes(concatBytes(...move(pieces(own), pieces(other))), key), refusal('corrupt'));
    });
  }

  test('another key before it gives a single byte', async () => {
    const { plain, error } = await openTillError(await sealBytes(patternBytes(10), key), generateContentKey());
    assert.ok(refusal('wrongKey')(error));
    assert.equal(plain.length, 0);
  });

  test('a key of another length, for sealing and opening', async () => {
    const sealed = await sealBytes(patternBytes(10), key);
    for (const length of [0, 16, 31, 33]) {
      await assert.rejects(sealBytes(patternBytes(10), new Uint8Array(length)), refusal('badInput'));
      await assert.rejects(openBytes(sealed, new Uint8Array(length)), refusal('badInput'));
    }
  });

  test('to go on once cancelled, and closes its source', async () => {
    const controller = new AbortController();
    let closed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield new Uint8Array(CHUNK_BYTES);
      } finally {
        closed = true;
      }
    }
    const sealing = sealContent(endless(), key, { signal: controller.signal });
    await sealing.next();
    await sealing.next();
    controller.abort();
    await assert.rejects(Array.fromAsync(sealing), refusal('cancelled'));
    assert.ok(closed);
  });
});

describe('sealed content', () => {
  test('opens to what was sealed, however both streams are cut', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 100_000 }), { minLength: 1, maxLength: 4 });
    const length = fc.oneof(
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 0, max: 3 * CHUNK_BYTES }),
      fc.constantFrom(CHUNK_BYTES, 2 * CHUNK_BYTES),
    );
    await fc.assert(
      fc.asyncProperty(length, sizes, sizes, async (plainBytes, sealCuts, openCuts) => {
        const plain = patternBytes(plainBytes);
        const sealed = concatBytes(...(await Array.fromAsync(sealContent(cut(plain, ...sealCuts), key))));
        assert.equal(sealed.length, sealedSize(plainBytes));
        const opened = concatBytes(...(await Array.fromAsync(openContent(cut(sealed, ...openCuts), key))));
        assert.deepEqual(opened, plain);
      }),
      { numRuns: 60 },
    );
  });

  test('never opens when any stretch of it was replaced', async () => {
    const sealed = await sealBytes(patternBytes(CHUNK_BYTES + 50), key);
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.uint8Array({ minLength: 1, maxLength: 40 }), async (offset, stretch) => {
        const altered = sealed.slice();
        altered.set(stretch.subarray(0, sealed.length - offset), offset);
        fc.pre(altered.some((byte, index) => byte !== sealed[index]));
        await assert.rejects(openBytes(altered, key), refusal('badMessage', 'wrongKey', 'corrupt'));
      }),
      { numRuns: 100 },
    );
  });

  test('of the same plaintext and key differs every time', async () => {
    const [first, second] = await Promise.all([sealBytes(patternBytes(32), key), sealBytes(patternBytes(32), key)]);
    assert.notDeepEqual(first.subarray(HEADER_BYTES), second.subarray(HEADER_BYTES));
  });

  test('tells from its header alone whether a key fits', async () => {
    const header = (await sealBytes(patternBytes(32), key)).subarray(0, HEADER_BYTES);
    assert.equal(await keyFits(header, key), true);
    assert.equal(await keyFits(header, generateContentKey()), false);
    await assert.rejects(keyFits(header.subarray(1), key), refusal('badMessage'));
  });
});
