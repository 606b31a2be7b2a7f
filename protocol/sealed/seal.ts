import { concatBytes } from '../bytes.ts';
import { type RandomBytes, secureRandom } from '../randomness.ts';
import { cutIntoChunks, streamOf } from '../chunks.ts';
import { inOrder } from '../in-order.ts';
import { deriveKeys } from './derive.ts';
import { CHUNK_BYTES, CHUNKS_AT_A_TIME, SALT_BYTES } from './format.ts';
import { encodeHeader } from './header.ts';
import { streamNonce } from './stream-nonce.ts';

export type SealOptions = {
  /** Asked once, for the salt. The same salt must never be used twice with one key: only tests pass anything but `secureRandom`. */
  readonly random?: RandomBytes;
  readonly signal?: AbortSignal;
};

/**
 * Seals a content of any length in constant memory: a few chunks at a time.
 * @param key the owner's 32 bytes; the same key may seal any number of contents
 * @throws TeaError `badInput` when the key is not 32 bytes, `cancelled`
 */
export async function* sealContent(
  source: AsyncIterable<Uint8Array>,
  key: Uint8Array,
  options: SealOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const salt = (options.random ?? secureRandom)(SALT_BYTES);
  const { chunkKey, commitment } = await deriveKeys(key, salt);
  yield encodeHeader({ salt, commitment });
  const chunks = cutIntoChunks(source, CHUNK_BYTES, options.signal);
  yield* inOrder(chunks, CHUNKS_AT_A_TIME, async ({ index, isLast, bytes }) => {
    return new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: streamNonce(index, isLast) }, chunkKey, bytes));
  });
}

/** `sealContent` for what fits in memory. */
export async function sealBytes(plain: Uint8Array, key: Uint8Array, options: SealOptions = {}): Promise<Uint8Array> {
  return concatBytes(...(await Array.fromAsync(sealContent(streamOf(plain), key, options))));
}
