/** What transport.bench.ts and its helper processes move: the same amount in the same pieces. */
export const CONTENT_BYTES = 64 * 1024 * 1024;
const PIECE_BYTES = 256 * 1024;

/** Content that no store has seen before: each piece begins with random bytes. */
export async function* freshContent(): AsyncGenerator<Uint8Array> {
  const piece = new Uint8Array(PIECE_BYTES);
  for (let given = 0; given < CONTENT_BYTES; given += piece.length) {
    crypto.getRandomValues(piece.subarray(0, 32));
    yield piece;
  }
}

export async function drain(source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of source);
}

export async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const start = performance.now();
  const result = await work();
  return { ms: performance.now() - start, result };
}
