import { concatBytes } from '../bytes.ts';
import type { ContentReader } from '../content-reader.ts';
import { TeaError } from '../errors.ts';
import { CHUNK_BYTES, HEADER_BYTES, TAG_BYTES } from './format.ts';
import { keysOf, openChunk } from './open.ts';

const SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES;

/**
 * Sealed content for reading anywhere: the chunks that a read touches are opened, and none is kept. A chunk is what its owner sealed at that place of a
 * content of that size, or `corrupt`. The key may be overwritten once this resolved.
 *
 * @param sealed its published bytes
 * @throws TeaError as `openContent` before any plaintext; `corrupt` when it has a size that nothing sealed has. Reading: `corrupt`, whatever `sealed` throws
 */
export async function openReader(sealed: ContentReader, key: Uint8Array): Promise<ContentReader> {
  const { chunkKey } = await keysOf(await sealed.read(0, HEADER_BYTES), key);
  const bodyBytes = sealed.sizeBytes - HEADER_BYTES;
  const chunks = Math.ceil(bodyBytes / SEALED_CHUNK_BYTES);
  const sizeBytes = bodyBytes - chunks * TAG_BYTES;
  const lastBytes = sizeBytes - (chunks - 1) * CHUNK_BYTES;
  // Only a content without a single byte has an empty last chunk.
  if (chunks < 1 || lastBytes < 0 || (lastBytes === 0 && chunks > 1)) {
    throw new TeaError('corrupt', 'This sealed content was altered or cut short', {
      expected: 'whole chunks',
      actual: `${sealed.sizeBytes} bytes in all`,
      next: 'fetch it again, from another place if it repeats',
    });
  }
  if (sizeBytes === 0) await openRange(0, 1); // nothing of it will be read, and yet it must be what was sealed

  async function openRange(first: number, end: number, signal?: AbortSignal): Promise<Uint8Array[]> {
    const bytes = new Uint8Array(await sealed.read(HEADER_BYTES + first * SEALED_CHUNK_BYTES, (end - first) * SEALED_CHUNK_BYTES, signal));
    return Promise.all(
      Array.from({ length: end - first }, (_, place) =>
        openChunk(chunkKey, {
          index: first + place,
          isLast: first + place === chunks - 1,
          bytes: bytes.subarray(place * SEALED_CHUNK_BYTES, (place + 1) * SEALED_CHUNK_BYTES),
        }),
      ),
    );
  }

  return {
    sizeBytes,
    async read(offset, length, signal) {
      const endByte = Math.min(offset + length, sizeBytes);
      if (offset >= endByte) return new Uint8Array();
      const first = Math.floor(offset / CHUNK_BYTES);
      const plain = concatBytes(...(await openRange(first, Math.ceil(endByte / CHUNK_BYTES), signal)));
      return plain.subarray(offset - first * CHUNK_BYTES, endByte - first * CHUNK_BYTES);
    },
  };
}
