import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import * as v from 'valibot';
import { TeaError } from './errors.ts';

export function toHex(bytes: Uint8Array): string {
  return bytes.toHex();
}

/** @throws TeaError `badInput` unless `hex` (with or without `0x`) is an even number of hex digits, and of `length` bytes when given. */
export function fromHex(hex: string, length?: number): Uint8Array {
  const digits = hex.startsWith('0x') ? hex.slice(2) : hex;
  if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits) || (length !== undefined && digits.length !== length * 2)) {
    throw new TeaError('badInput', 'This is not a hexadecimal value', {
      expected: length === undefined ? 'an even number of hex digits' : `${length * 2} hex digits`,
      actual: `${digits.length} characters`,
    });
  }
  return Uint8Array.fromHex(digits);
}

/**
 * SHA-256 of the parts one after another. Appraising evidence hashes a hundred short messages, and making noble's hash object, with buffers of its own,
 * costs more than hashing one: so one object is set back to its beginning each time, and wiped afterwards. Nothing in here waits, so no two calls meet.
 */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = UNUSED._cloneInto(working);
  for (const part of parts) hash.update(part);
  hash.digestInto(digested);
  hash.destroy();
  return digested.slice();
}

const UNUSED = nobleSha256.create();
const working = nobleSha256.create();
const digested = new Uint8Array(32);

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** All of a stream in one array: for content whose size is bounded elsewhere. */
export async function collectBytes(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  return concatBytes(...(await Array.fromAsync(source)));
}

/** A stream of one chunk. */
export async function* oneChunk(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

/** Bytes as they stand in a process's start line. */
export const bytesFromBase64 = v.pipe(
  v.string(),
  v.base64(),
  v.transform((text) => Uint8Array.fromBase64(text)),
);

/** A valibot schema for a byte string of exactly `length` bytes, or of at most `maxLength` when only that is given. */
export function bytesOf(length: number): v.GenericSchema<Uint8Array> {
  return v.pipe(
    v.instance(Uint8Array),
    v.check((bytes) => bytes.length === length, `${length} bytes`),
  );
}

export function bytesUpTo(maxLength: number): v.GenericSchema<Uint8Array> {
  return v.pipe(
    v.instance(Uint8Array),
    v.check((bytes) => bytes.length <= maxLength, `at most ${maxLength} bytes`),
  );
}
