import { throwIfCancelled } from './cancellation.ts';

export type Chunk = { /** From 0. */ readonly index: number; readonly bytes: Uint8Array<ArrayBuffer>; readonly isLast: boolean };

/**
 * Cuts a stream into chunks of exactly `chunkBytes`, the last one shorter or equal. At least one chunk comes out; it is empty only when the
 * source is. Holds one chunk and one piece of the source at a time, however the source is cut.
 */
export async function* cutIntoChunks(
  source: AsyncIterable<Uint8Array>,
  chunkBytes: number,
  signal?: AbortSignal,
): AsyncGenerator<Chunk, void, undefined> {
  let pending = new Uint8Array(chunkBytes);
  let filled = 0;
  let index = 0;
  for await (const piece of source) {
    throwIfCancelled(signal, 'Reading the content');
    let taken = 0;
    while (taken < piece.length) {
      if (filled === chunkBytes) {
        // More follows, so this one isn't the last.
        yield { index: index++, bytes: pending, isLast: false };
        pending = new Uint8Array(chunkBytes);
        filled = 0;
      }
      const part = piece.subarray(taken, taken + chunkBytes - filled);
      pending.set(part, filled);
      filled += part.length;
      taken += part.length;
    }
  }
  yield { index, bytes: pending.subarray(0, filled), isLast: true };
}

export async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, undefined> {
  yield bytes;
}
