import { concatBytes } from '../bytes.ts';

export type Split = {
  /** `length` bytes, or all there were. */
  readonly start: Uint8Array;
  /** What follows; to be iterated once. It doesn't end the iterator: that stays with whoever owns it. */
  readonly rest: AsyncIterable<Uint8Array>;
};

/** Takes the first `length` bytes off a stream. */
export async function splitStart(iterator: AsyncIterator<Uint8Array>, length: number): Promise<Split> {
  let start = new Uint8Array();
  let leftover = new Uint8Array();
  while (start.length < length) {
    const next = await iterator.next();
    if (next.done === true) break;
    const missing = length - start.length;
    start = new Uint8Array(concatBytes(start, next.value.subarray(0, missing)));
    leftover = next.value.slice(missing);
  }
  return { start, rest: followedBy(leftover, iterator) };
}

async function* followedBy(leftover: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  if (leftover.length > 0) yield leftover;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
}
