import { TeaError } from '../errors.ts';

/**
 * The few SCALE forms that headers, trie nodes and host functions are made of (Polkadot specification, appendix A.2).
 * Typed calls and storage go through polkadot-api's generated codecs instead.
 */
export function encodeCompact(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new TeaError('badInput', 'A SCALE compact integer', { expected: 'a whole number from 0', actual: String(value) });
  if (value < 1 << 6) return Uint8Array.of(value << 2);
  if (value < 1 << 14) return Uint8Array.of(((value << 2) & 0xff) | 1, value >> 6);
  if (value < 2 ** 30) return Uint8Array.of(((value << 2) & 0xff) | 2, (value >> 6) & 0xff, (value >> 14) & 0xff, (value >> 22) & 0xff);
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.push(rest % 256);
  while (bytes.length < 4) bytes.push(0);
  return Uint8Array.of(((bytes.length - 4) << 2) | 3, ...bytes);
}

export function encodeU32(value: number): Uint8Array {
  return Uint8Array.of(value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >>> 24) & 0xff);
}

export function encodeU64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value, true);
  return bytes;
}

/** Reads hostile SCALE. Every method throws TeaError `badMessage` when the bytes end early or the form is not canonical. */
export class ScaleReader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #offset = 0;

  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  bytes(length: number): Uint8Array {
    if (length > this.remaining) throw this.refusal(`${length} more bytes`, `${this.remaining}`);
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }

  u8(): number {
    return this.bytes(1)[0] ?? 0;
  }

  u16(): number {
    return this.u8() | (this.u8() << 8);
  }

  u32(): number {
    return (this.u16() | (this.u16() << 16)) >>> 0;
  }

  u64(): bigint {
    return BigInt(this.u32()) | (BigInt(this.u32()) << 32n);
  }

  u128(): bigint {
    return this.u64() | (this.u64() << 64n);
  }

  /** A compact integer that fits a JavaScript number. */
  compact(): number {
    const first = this.u8();
    const mode = first & 3;
    let value: number;
    if (mode === 0) return first >> 2;
    if (mode === 1) {
      value = (first >> 2) | (this.u8() << 6);
      if (value < 1 << 6) throw this.refusal('the shortest compact form', 'a longer one');
    } else if (mode === 2) {
      value = ((first >> 2) | (this.u8() << 6) | (this.u16() << 14)) >>> 0;
      if (value < 1 << 14) throw this.refusal('the shortest compact form', 'a longer one');
    } else {
      value = 0;
      const length = (first >> 2) + 4;
      const digits = this.bytes(length);
      for (let i = length - 1; i >= 0; i--) value = value * 256 + (digits[i] ?? 0);
      if (value < 2 ** 30 || digits[length - 1] === 0) throw this.refusal('the shortest compact form', 'a longer one');
      if (!Number.isSafeInteger(value)) throw this.refusal('a number below 2^53', 'a larger one');
    }
    return value;
  }

  /** A byte string behind its compact length. */
  vector(): Uint8Array {
    return this.bytes(this.compact());
  }

  /** @throws TeaError `badMessage` when bytes are left over */
  end(): void {
    if (this.remaining > 0) throw this.refusal('nothing after the end', `${this.remaining} more bytes`);
  }

  /** What to throw when what was read isn't as it must be. */
  refusal(expected: string, actual: string): TeaError {
    return new TeaError('badMessage', `This is not ${/^[aeiou]/.test(this.#what) ? 'an' : 'a'} ${this.#what}`, { expected, actual });
  }
}
