import { concatBytes } from '../bytes.ts';
import { TeaError } from '../errors.ts';
import { type Chunk, cutIntoChunks, streamOf } from '../chunks.ts';
import { inOrder } from '../in-order.ts';
import { type DerivedKeys, deriveKeys, sameCommitment } from './derive.ts';
import { CHUNK_BYTES, CHUNKS_AT_A_TIME, HEADER_BYTES, TAG_BYTES } from './format.ts';
import { decodeHeader } from './header.ts';
import { splitStart } from './split-start.ts';
import { streamNonce } from './stream-nonce.ts';

export type OpenOptions = { readonly signal?: AbortSignal };

/**
 * Opens sealed content in constant memory. No byte of a chunk comes out before the whole chunk authenticated; that the content is whole is
 * known only when the iteration ends without an error, so act on a partial result only where that is harmless.
 *
 * @throws TeaError before any plaintext: `badMessage` when the source is not sealed content, `badInput` when the key is not 32 bytes,
 * `wrongKey` when it was sealed with another key (or its salt or commitment was altered: the two can't be told apart).
 * At any chunk: `corrupt` when bytes were altered, cut off, added or moved; `cancelled`
 */
export async function* openContent(
  source: AsyncIterable<Uint8Array>,
  key: Uint8Array,
  options: OpenOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    const { start, rest } = await splitStart(iterator, HEADER_BYTES);
    const { chunkKey } = await keysOf(start, key);
    const chunks = cutIntoChunks(rest, CHUNK_BYTES + TAG_BYTES, options.signal);
    for await (const plain of inOrder(chunks, CHUNKS_AT_A_TIME, (chunk) => openChunk(chunkKey, chunk))) if (plain.length > 0) yield plain;
  } finally {
    await iterator.return?.();
  }
}

/** `openContent` for what fits in memory: all of it, or an error. */
export async function openBytes(sealed: Uint8Array, key: Uint8Array, options: OpenOptions = {}): Promise<Uint8Array> {
  return concatBytes(...(await Array.fromAsync(openContent(streamOf(sealed), key, options))));
}

/**
 * Whether `key` is the one that a content was sealed with, by the commitment in its header alone.
 * @param start its first bytes, at least a header (76)
 * @throws TeaError as `openContent`, but for `wrongKey`, which is the verdict `false`
 */
export async function keyFits(start: Uint8Array, key: Uint8Array): Promise<boolean> {
  const header = decodeHeader(start);
  return sameCommitment((await deriveKeys(key, header.salt)).commitment, header.commitment);
}

/** @param start a whole header @throws TeaError as `openContent` before any plaintext */
export async function keysOf(start: Uint8Array, key: Uint8Array): Promise<DerivedKeys> {
  const header = decodeHeader(start);
  const keys = await deriveKeys(key, header.salt);
  if (!sameCommitment(keys.commitment, header.commitment)) {
    throw new TeaError('wrongKey', 'This key does not open this content', {
      expected: 'the key it was sealed with',
      actual: 'another key (or a header that was altered)',
      next: 'check that key and content belong together',
    });
  }
  return keys;
}

/** @throws TeaError `corrupt` */
export async function openChunk(chunkKey: CryptoKey, { index, isLast, bytes }: Chunk): Promise<Uint8Array> {
  // Only a content without a single byte has an empty last chunk: else the same plaintext would have two sealed forms.
  const isMisplacedEmpty = bytes.length === TAG_BYTES && index > 0;
  if (bytes.length < TAG_BYTES || isMisplacedEmpty) throw corrupt(index, `a last chunk of ${bytes.length} bytes`);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: streamNonce(index, isLast) }, chunkKey, bytes));
  } catch {
    throw corrupt(index, isLast ? 'altered bytes, or an end that is not the real one' : 'altered, moved or added bytes');
  }
}

function corrupt(chunk: number, actual: string): TeaError {
  return new TeaError('corrupt', 'This sealed content was altered or cut short', {
    expected: `chunk ${chunk} as it was sealed`,
    actual,
    next: 'fetch it again, from another place if it repeats',
    details: { chunk },
  });
}
