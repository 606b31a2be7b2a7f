import type { Piece } from './frame.ts';
import type { StreamLimits } from './streams.ts';

type Waiting = { readonly message: Uint8Array; offset: number; readonly last: boolean; taken(): void };

/** The sending half of a stream: cuts messages into pieces and never has more under way than was granted. */
export function outgoing(
  { maxPieceBytes, windowBytes }: Pick<StreamLimits, 'maxPieceBytes' | 'windowBytes'>,
  say: (piece: Omit<Piece, 'stream'>, first: boolean) => void,
) {
  const waiting: Waiting[] = [];
  let credit = windowBytes;
  let unsentBytes = 0;
  let first = true;
  let ended = false;

  function write(): void {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const left = next.message.length - next.offset;
      const length = Math.min(left, maxPieceBytes, credit);
      // A message of no bytes costs no credit.
      if (length === 0 && left > 0) return;
      const payload = next.message.subarray(next.offset, next.offset + length);
      next.offset += length;
      credit -= length;
      unsentBytes -= length;
      const fin = next.offset === next.message.length;
      if (fin) waiting.shift();
      const wasFirst = first;
      first = false;
      say({ fin, last: fin && next.last, payload }, wasFirst);
      if (fin) next.taken();
    }
  }

  return {
    send(message: Uint8Array, last: boolean): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      if (ended) return promise;
      ended = last;
      unsentBytes += message.length;
      waiting.push({ message, offset: 0, last, taken: resolve });
      if (waiting.length === 1) write();
      return promise;
    },
    /** Nothing follows, after what waits. */
    end(): void {
      if (ended) return;
      ended = true;
      const tail = waiting.at(-1);
      if (tail === undefined) say({ fin: false, last: true, payload: new Uint8Array() }, false);
      else waiting.splice(-1, 1, { ...tail, last: true });
    },
    grant(bytes: number): void {
      credit += bytes;
      write();
    },
    stop(): void {
      ended = true;
      waiting.length = 0;
    },
    get unsentBytes() {
      return unsentBytes;
    },
  };
}
