import { refuse } from './refusal.ts';

const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads the binary format (WebAssembly 2.0, 5.2 and 5.3). Every read is bounded by `end`: a count in the module never makes us allocate or
 * loop beyond the bytes that are there.
 */
export class ByteReader {
  readonly bytes: Uint8Array;
  pos: number;
  readonly end: number;

  constructor(bytes: Uint8Array, pos = 0, end = bytes.length) {
    if (end > bytes.length || pos > end) refuse('The module ends in the middle of a section');
    this.bytes = bytes;
    this.pos = pos;
    this.end = end;
  }

  byte(): number {
    if (this.pos >= this.end) refuse('The module ends in the middle of an item');
    return this.bytes[this.pos++] ?? 0;
  }

  u32(): number {
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return result >>> 0;
    }
    return refuse('A number in the module is longer than 32 bits');
  }

  s32(): number {
    let result = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      result |= (byte & 0x7f) << shift;
      if (byte < 0x80) return shift < 28 && byte & 0x40 ? result | (-1 << (shift + 7)) : result;
    }
    return refuse('A number in the module is longer than 32 bits');
  }

  /** Passes over an integer of up to 64 bits without decoding it. */
  skipInteger(): void {
    for (let length = 0; length < 10; length++) if (this.byte() < 0x80) return;
    refuse('A number in the module is longer than 64 bits');
  }

  skip(length: number): void {
    if (length > this.end - this.pos) refuse('The module ends in the middle of an item');
    this.pos += length;
  }

  /** A count of items of which each takes at least one byte. */
  count(): number {
    const count = this.u32();
    if (count > this.end - this.pos) refuse('The module announces more items than it has bytes');
    return count;
  }

  name(): string {
    const length = this.u32();
    const start = this.pos;
    this.skip(length);
    return UTF8.decode(this.bytes.subarray(start, this.pos));
  }
}
