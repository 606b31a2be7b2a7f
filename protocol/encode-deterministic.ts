import { TeaError } from './errors.ts';
import type { CborValue } from './cbor.ts';

/**
 * Deterministic CBOR (RFC 8949, 4.2.1) in two walks: one for the size, one to write. Messages are encoded again and again to hash and sign them, at
 * several times the speed of a general encoder; a test holds it against one.
 * @throws TeaError `badInput` for a fraction, a number beyond 64 bits, or a value that is none of `CborValue`
 */
export function encodeDeterministic(value: CborValue): Uint8Array {
  const bytes = new Uint8Array(sizeOf(value));
  write({ bytes, view: new DataView(bytes.buffer), at: 0 }, value);
  return bytes;
}

type CborMap = { readonly [key: string]: CborValue };
type Writer = { readonly bytes: Uint8Array; readonly view: DataView; at: number };

const utf8 = new TextEncoder();
const MAX_U64 = 0xffff_ffff_ffff_ffffn;

function sizeOf(value: CborValue): number {
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'number' || typeof value === 'bigint') return headSize(magnitude(value));
  if (typeof value === 'string') return textSize(value);
  if (value instanceof Uint8Array) return headSize(value.length) + value.length;
  if (isList(value)) return value.reduce<number>((size, item) => size + sizeOf(item), headSize(value.length));
  if (typeof value !== 'object') throw refuse(typeof value);
  const keys = sortedKeys(value);
  return keys.reduce((size, key) => size + textSize(key) + sizeOf(valueOf(value, key)), headSize(keys.length));
}

function textSize(text: string): number {
  const size = utf8Size(text);
  return headSize(size) + size;
}

function utf8Size(text: string): number {
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) >= 0x80) return utf8.encode(text).length;
  return text.length;
}

function write(writer: Writer, value: CborValue): void {
  if (value === null) writer.bytes[writer.at++] = 0xf6;
  else if (typeof value === 'boolean') writer.bytes[writer.at++] = value ? 0xf5 : 0xf4;
  else if (typeof value === 'number' || typeof value === 'bigint') writeHead(writer, value < 0 ? 1 : 0, magnitude(value));
  else if (typeof value === 'string') writeText(writer, value);
  else if (value instanceof Uint8Array) writeString(writer, 2, value);
  else if (isList(value)) {
    writeHead(writer, 4, value.length);
    for (const item of value) write(writer, item);
  } else {
    const keys = sortedKeys(value);
    writeHead(writer, 5, keys.length);
    for (const key of keys) {
      writeText(writer, key);
      write(writer, valueOf(value, key));
    }
  }
}

function writeText(writer: Writer, text: string): void {
  const { bytes } = writer;
  const size = utf8Size(text);
  writeHead(writer, 3, size);
  if (size === text.length) for (let at = 0; at < size; at++) bytes[writer.at + at] = text.charCodeAt(at); // ASCII: a call costs more
  else utf8.encodeInto(text, bytes.subarray(writer.at));
  writer.at += size;
}

function writeString(writer: Writer, major: number, content: Uint8Array): void {
  writeHead(writer, major, content.length);
  writer.bytes.set(content, writer.at);
  writer.at += content.length;
}

function writeHead(writer: Writer, major: number, argument: number | bigint): void {
  const { bytes, view } = writer;
  const size = headSize(argument);
  const type = major << 5;
  if (size === 1) bytes[writer.at] = type | Number(argument);
  else {
    bytes[writer.at] = type | (size === 2 ? 24 : size === 3 ? 25 : size === 5 ? 26 : 27);
    if (size === 2) bytes[writer.at + 1] = Number(argument);
    else if (size === 3) view.setUint16(writer.at + 1, Number(argument));
    else if (size === 5) view.setUint32(writer.at + 1, Number(argument));
    else view.setBigUint64(writer.at + 1, BigInt(argument));
  }
  writer.at += size;
}

/** What the head holds: the number, or -1 - number when it is negative. */
function magnitude(value: number | bigint): number | bigint {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw refuse(String(value));
    return value < 0 ? -1 - value : value;
  }
  const size = value < 0n ? -1n - value : value;
  if (size > MAX_U64) throw refuse(String(value));
  return size;
}

function headSize(argument: number | bigint): number {
  if (argument < 24) return 1;
  if (argument < 0x100) return 2;
  if (argument < 0x1_0000) return 3;
  return argument < 0x1_0000_0000 ? 5 : 9;
}

/** In the order of their encodings: a shorter key has a smaller head, and UTF-8 sorts as its code points do. */
function sortedKeys(map: CborMap): string[] {
  return Object.keys(map).sort((a, b) => compareKeys(a, b));
}

function compareKeys(a: string, b: string): number {
  const sizeA = utf8Size(a);
  const sizeB = utf8Size(b);
  if (sizeA !== sizeB) return sizeA - sizeB;
  return sizeA === a.length && sizeB === b.length ? (a < b ? -1 : 1) : compareBytes(utf8.encode(a), utf8.encode(b));
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, index) => byte !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

function isList(value: CborValue): value is readonly CborValue[] {
  return Array.isArray(value);
}

function valueOf(map: CborMap, key: string): CborValue {
  if (key === '__proto__') throw refuse('a key that means the prototype of an object');
  const value = map[key];
  if (value === undefined) throw refuse(`nothing under ${key}`);
  return value;
}

function refuse(actual: string): TeaError {
  return new TeaError('badInput', 'This has no deterministic encoding', {
    expected: 'null, booleans, whole numbers of 64 bits, text, bytes, lists and maps of these',
    actual,
  });
}
