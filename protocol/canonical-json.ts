/**
 * JSON Canonicalization Scheme (RFC 8785) for the values TEA writes: no fractions, so numbers need no more than their decimal digits.
 * Byte strings become base64url without padding (RFC 4648, 5), bigints become decimal strings.
 */
export type JsonWritable =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly JsonWritable[]
  | { readonly [key: string]: JsonWritable };

/** @returns the one UTF-8 serialisation of `value` */
export function canonicalJson(value: JsonWritable): Uint8Array {
  return new TextEncoder().encode(write(value));
}

export function toBase64Url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** Strict: null when the text holds padding, other characters, or bits beyond the last byte. */
export function fromBase64Url(text: string): Uint8Array | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null;
  const bytes = Uint8Array.fromBase64(text, { alphabet: 'base64url' });
  return toBase64Url(bytes) === text ? bytes : null;
}

function write(value: JsonWritable): string {
  if (value instanceof Uint8Array) return `"${toBase64Url(value)}"`;
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new RangeError(`${value} has no place in a canonical file`);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)); // by UTF-16 code units: RFC 8785, 3.2.3
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`).join(',')}}`;
}
