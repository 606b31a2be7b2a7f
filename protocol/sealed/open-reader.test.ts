import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isTeaError, type ContentReader, type TeaErrorCode } from '@tea/protocol';
import { CHUNK_BYTES, HEADER_BYTES, TAG_BYTES } from './format.ts';
import { generateContentKey, openReader, sealBytes } from './index.ts';
import { patternBytes } from './make-vectors.ts';

const key = generateContentKey();
const PLAIN = patternBytes(3 * CHUNK_BYTES + 10);
const over = (bytes: Uint8Array): ContentReader => ({
  sizeBytes: bytes.length,
  read: async (offset, length) => bytes.subarray(offset, offset + length),
});
const refusal = (code: TeaErrorCode) => (error: unknown) => isTeaError(error, code);
const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

describe('sealed content, read anywhere', () => {
  test('gives nothing of an altered chunk, and everything of the others', async () => {
    const sealed = await sealBytes(PLAIN, key);
    const reader = await openReader(over(flipped(sealed, HEADER_BYTES + CHUNK_BYTES + TAG_BYTES + 5)), key);
    await assert.rejects(reader.read(2 * CHUNK_BYTES - 1, 1), refusal('corrupt'));
    assert.deepEqual(await reader.read(2 * CHUNK_BYTES, 7), PLAIN.slice(2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 7));
  });

  test('opens under no other key, nor with an altered header', async () => {
    const sealed = await sealBytes(PLAIN, key);
    await assert.rejects(openReader(over(sealed), generateContentKey()), refusal('wrongKey'));
    await assert.rejects(openReader(over(flipped(sealed, 20)), key), refusal('wrongKey'));
    await assert.rejects(openReader(over(sealed.subarray(0, 40)), key), refusal('corrupt'));
    await assert.rejects(openReader(over(PLAIN), key), refusal('badMessage'));
  });

  test('that was cut short or made longer opens at no last chunk', async () => {
    const sealed = await sealBytes(PLAIN, key);
    const cut = sealed.subarray(0, HEADER_BYTES + 3 * (CHUNK_BYTES + TAG_BYTES));
    await assert.rejects((await openReader(over(cut), key)).read(2 * CHUNK_BYTES, 1), refusal('corrupt'));
    const longer = new Uint8Array([...sealed, 0]);
    await assert.rejects((await openReader(over(longer), key)).read(3 * CHUNK_BYTES, 1), refusal('corrupt'));
    for (const size of [HEADER_BYTES, HEADER_BYTES + 3, HEADER_BYTES + CHUNK_BYTES + TAG_BYTES + TAG_BYTES]) {
      await assert.rejects(openReader(over(sealed.subarray(0, size)), key), refusal('corrupt'), `${size} bytes`);
    }
  });

  test('that is empty is still what was sealed', async () => {
    const sealed = await sealBytes(new Uint8Array(), key);
    assert.equal((await openReader(over(sealed), key)).sizeBytes, 0);
    await assert.rejects(openReader(over(flipped(sealed, sealed.length - 1)), key), refusal('corrupt'));
  });

  test('gives any stretch as it was before', async () => {
    for (const size of [1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, PLAIN.length]) {
      const plain = PLAIN.slice(0, size);
      const reader = await openReader(over(await sealBytes(plain, key)), key);
      assert.equal(reader.sizeBytes, size);
      for (const [offset, length] of [
        [0, size],
        [0, 1],
        [size - 1, 100],
        [size, 5],
        [CHUNK_BYTES - 1, 2],
        [CHUNK_BYTES, 2 * CHUNK_BYTES],
      ] as const) {
        assert.deepEqual(await reader.read(offset, length), plain.slice(offset, offset + length), `${offset} ${length} of ${size}`);
      }
    }
  });
});
