import type { CborValue } from './cbor.ts';

/**
 * Decodes the deterministic encoding of one value (RFC 8949, 4.2.1) in one walk, and nothing else: shortest heads, definite lengths, map keys that are
 * text in ascending order of their bytes, UTF-8, and no tags, floats or other simple values than false, true and null. Encoding what it returns gives
 * the same bytes; a test compares it with a general decoder. Numbers beyond 2^53 are bigint. Byte strings are copies.
 * @returns undefined for any other bytes
 */
export function decodeDeterministic(bytes: Uint8Array): CborValue | undefined {
  const reader: CborReader = { bytes, at: 0, argument: 0 };
  const value = readItem(reader, 0);
  return reader.at === bytes.length ? value : undefined;
}

/** `argument`: of the head read last */
export type CborReader = { readonly bytes: Uint8Array; at: number; argument: number };

const MAX_DEPTH = 64;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @returns undefined for what is no deterministic item; the reader then stands anywhere */
export function readItem(reader: CborReader, depth: number): CborValue | undefined {
  const initial = reader.bytes[reader.at];
  if (initial === undefined || depth > MAX_DEPTH) return undefined;
  if (initial >= 0xe0) return readSimple(reader, initial);
  if (!readHead(reader, initial)) return undefined;
  const { argument } = reader;
  switch (initial >> 5) {
    case 0:
      return Number.isSafeInteger(argument) ? argument : longArgument(reader);
    case 1:
      return Number.isSafeInteger(-1 - argument) ? -1 - argument : -1n - longArgument(reader);
    case 2:
      return readBytes(reader, argument);
    case 3:
      return readText(reader, argument);
    case 4:
      return readArray(reader, argument, depth + 1);
    case 5:
      return readMap(reader, argument, depth + 1);
    default:
      return undefined;
  }
}

function readSimple(reader: CborReader, initial: number): CborValue | undefined {
  reader.at++;
  if (initial === 0xf6) return null;
  return initial === 0xf5 ? true : initial === 0xf4 ? false : undefined;
}

/** @returns whether there is a head here that is no longer than its argument needs; the reader then stands behind it */
export function readHead(reader: CborReader, initial: number): boolean {
  const { bytes, at } = reader;
  const info = initial & 0x1f;
  reader.at = at + 1;
  reader.argument = info;
  if (info < 24) return true;
  if (info > 27) return false;
  const end = at + 1 + (1 << (info - 24));
  if (end > bytes.length) return false;
  let value = 0;
  for (let index = at + 1; index < end; index++) value = value * 256 + (bytes[index] ?? 0);
  reader.at = end;
  reader.argument = value;
  return value >= (SHORTER[info - 24] ?? Infinity);
}

/** Below these a head one size smaller would do. */
const SHORTER = [24, 0x100, 0x1_0000, 0x1_0000_0000];

/** The last eight bytes read, exactly. */
function longArgument({ bytes, at }: CborReader): bigint {
  return new DataView(bytes.buffer, bytes.byteOffset + at - 8, 8).getBigUint64(0);
}

function readBytes(reader: CborReader, length: number): Uint8Array | undefined {
  const start = reader.at;
  if (length > reader.bytes.length - start) return undefined;
  reader.at = start + length;
  return new Uint8Array(reader.bytes.subarray(start, start + length));
}

function readText(reader: CborReader, length: number): string | undefined {
  const { bytes, at: start } = reader;
  const end = start + length;
  if (end > bytes.length) return undefined;
  reader.at = end;
  let text = '';
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x80) return decodeUtf8(bytes.subarray(start, end));
    if (length <= SHORT_TEXT) text += String.fromCharCode(byte); // a call of the decoder costs more
  }
  return length <= SHORT_TEXT ? text : decodeUtf8(bytes.subarray(start, end));
}

const SHORT_TEXT = 24;

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function readArray(reader: CborReader, count: number, depth: number): CborValue[] | undefined {
  const items: CborValue[] = [];
  for (let index = 0; index < count; index++) {
    const item = readItem(reader, depth);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
}

function readMap(reader: CborReader, count: number, depth: number): { [key: string]: CborValue } | undefined {
  const { bytes } = reader;
  const map: { [key: string]: CborValue } = {};
  let previous = -1;
  let previousEnd = 0;
  for (let index = 0; index < count; index++) {
    const start = reader.at;
    const initial = bytes[start] ?? 0;
    if (initial >> 5 !== 3 || !readHead(reader, initial)) return undefined;
    const key = readText(reader, reader.argument);
    if (key === undefined || key === '__proto__') return undefined; // an object has its prototype there
    if (previous >= 0 && !isBefore(bytes, previous, previousEnd, start, reader.at)) return undefined;
    previous = start;
    previousEnd = reader.at;
    const value = readItem(reader, depth);
    if (value === undefined) return undefined;
    map[key] = value;
  }
  return map;
}

/** Bytewise order of two encoded keys; equal keys are in none. */
function isBefore(bytes: Uint8Array, a: number, aEnd: number, b: number, bEnd: number): boolean {
  const shorter = Math.min(aEnd - a, bEnd - b);
  for (let offset = 0; offset < shorter; offset++) {
    const difference = (bytes[a + offset] ?? 0) - (bytes[b + offset] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return aEnd - a < bEnd - b;
}
