import { MAX_PIECE_BYTES } from '../content-requests.ts';

/** Bytes for reading anywhere, at once: what a guest's inputs are made of. */
export type ReadAt = {
  readonly size: number;
  /** Fills what it is given from `offset` on, as far as there is something, and says how far. */
  read(offset: number, into: Uint8Array): number;
};

export function bytesAt(content: Uint8Array): ReadAt {
  return {
    size: content.length,
    read(offset, into) {
      const part = content.subarray(Math.min(offset, content.length), Math.min(offset + into.length, content.length));
      into.set(part);
      return part.length;
    },
  };
}

/** A first question, or one at another place than where the last ended, is for this much; those that go straight on double, up to `MAX_PIECE_BYTES`. */
const FIRST_PIECE_BYTES = 64 * 1024;

/**
 * Content that is elsewhere, through one window onto it.
 * @param ask gives exactly `length` bytes from `offset` on
 */
export function windowOnto(size: number, ask: (offset: number, length: number) => Uint8Array): ReadAt {
  let start = 0;
  let window: Uint8Array = new Uint8Array(0);
  let width = FIRST_PIECE_BYTES;
  const move = (offset: number): void => {
    const goesOn = offset === start + window.length && window.length > 0;
    width = goesOn ? Math.min(width * 2, MAX_PIECE_BYTES) : FIRST_PIECE_BYTES;
    start = goesOn ? offset : offset - (offset % FIRST_PIECE_BYTES);
    window = ask(start, Math.min(width, size - start));
  };
  return {
    size,
    read(offset, into) {
      let filled = 0;
      while (filled < into.length && offset + filled < size) {
        const at = offset + filled;
        if (at < start || at >= start + window.length) move(at);
        const part = window.subarray(at - start, at - start + into.length - filled);
        into.set(part, filled);
        filled += part.length;
      }
      return filled;
    },
  };
}
