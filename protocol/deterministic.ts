/**
 * Whether bytes are the deterministic encoding of one value (RFC 8949, 4.2.1), by one walk and without building the value: shortest heads, definite
 * lengths, map keys that are strings in ascending order of their bytes, UTF-8 text, and no tags, floats or other simple values than false, true and null.
 * For such bytes encoding what they decode to gives the same bytes; a test compares the two ways.
 */
export function isDeterministic(bytes: Uint8Array): boolean {
  return itemEnd(bytes, 0, 0) === bytes.length;
}

const MAX_DEPTH = 64;
const REFUSED = -1;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @returns offset behind the item at `start`, or REFUSED */
function itemEnd(bytes: Uint8Array, start: number, depth: number): number {
  const initial = bytes[start];
  if (initial === undefined || depth > MAX_DEPTH) return REFUSED;
  if (initial >= 0xf4) return initial <= 0xf6 ? start + 1 : REFUSED;
  const content = headEnd(bytes, start);
  if (content === REFUSED) return REFUSED;
  switch (initial >> 5) {
    case 0:
    case 1:
      return content;
    case 2:
      return stringEnd(bytes, start, content);
    case 3:
      return textEnd(bytes, start, content);
    case 4:
      return arrayEnd(bytes, content, argument(bytes, start), depth + 1);
    case 5:
      return mapEnd(bytes, content, argument(bytes, start), depth + 1);
    default:
      return REFUSED;
  }
}

/** @returns offset behind the head, or REFUSED for one that is cut off or longer than its argument needs */
function headEnd(bytes: Uint8Array, start: number): number {
  const info = (bytes[start] ?? 0) & 0x1f;
  if (info < 24) return start + 1;
  if (info > 27) return REFUSED;
  const size = 1 << (info - 24);
  if (start + 1 + size > bytes.length) return REFUSED;
  if (size === 1) return (bytes[start + 1] ?? 0) >= 24 ? start + 2 : REFUSED;
  for (let at = start + 1; at <= start + size / 2; at++) if (bytes[at] !== 0) return start + 1 + size;
  return REFUSED; // the upper half is zero: a shorter head would do
}

/** The head's number; beyond 2^32 it only matters that it is more than any length. */
function argument(bytes: Uint8Array, start: number): number {
  const info = (bytes[start] ?? 0) & 0x1f;
  if (info < 24) return info;
  let value = 0;
  for (let at = start + 1; at <= start + (1 << (info - 24)); at++) value = value * 256 + (bytes[at] ?? 0);
  return value;
}

function stringEnd(bytes: Uint8Array, start: number, content: number): number {
  const end = content + argument(bytes, start);
  return end <= bytes.length ? end : REFUSED;
}

function textEnd(bytes: Uint8Array, start: number, content: number): number {
  const end = stringEnd(bytes, start, content);
  for (let at = content; at < end; at++) if ((bytes[at] ?? 0) >= 0x80) return isUtf8(bytes.subarray(content, end)) ? end : REFUSED;
  return end;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    utf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function arrayEnd(bytes: Uint8Array, content: number, count: number, depth: number): number {
  let at = content;
  for (let index = 0; index < count && at !== REFUSED; index++) at = itemEnd(bytes, at, depth);
  return at;
}

function mapEnd(bytes: Uint8Array, content: number, count: number, depth: number): number {
  let at = content;
  let previous: Uint8Array | undefined;
  for (let index = 0; index < count; index++) {
    if ((bytes[at] ?? 0) >> 5 !== 3) return REFUSED;
    const end = itemEnd(bytes, at, depth);
    if (end === REFUSED) return REFUSED;
    const key = bytes.subarray(at, end);
    if (previous !== undefined && !isBefore(previous, key)) return REFUSED;
    previous = key;
    at = itemEnd(bytes, end, depth);
    if (at === REFUSED) return REFUSED;
  }
  return at;
}

/** Bytewise order of the encoded keys; equal keys are in none. */
function isBefore(a: Uint8Array, b: Uint8Array): boolean {
  const shorter = Math.min(a.length, b.length);
  for (let at = 0; at < shorter; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return a.length < b.length;
}
