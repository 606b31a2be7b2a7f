/** Protocol Buffers base-128 varints, for the few fields of a UnixFS file node. */

export function encodeVarint(value: number): readonly number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}

export type VarintAt = { readonly value: number; readonly next: number };

/** @returns `undefined` for a varint that is cut, not the shortest, or beyond 2⁵³ */
export function decodeVarint(bytes: Uint8Array, offset: number): VarintAt | undefined {
  let value = 0;
  for (let index = 0; index < 8; index++) {
    const byte = bytes[offset + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 0x80 ** index;
    if (byte < 0x80) return (index > 0 && byte === 0) || !Number.isSafeInteger(value) ? undefined : { value, next: offset + index + 1 };
  }
  return undefined;
}
