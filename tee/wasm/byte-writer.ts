/** An append-only byte buffer with the integer encodings of the WebAssembly binary format (5.2.2). */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  byte(value: number): void {
    if (this.#length === this.#bytes.length) this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Appends constant bytes, e.g. opcodes. */
  put(...values: readonly number[]): void {
    for (const value of values) this.byte(value);
  }

  u32(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** Signed LEB128 of an integer between -2^53 and 2^53. */
  s64(value: number): void {
    let rest = value;
    while (rest >= 0x40 || rest < -0x40) {
      const low = ((rest % 0x80) + 0x80) % 0x80;
      this.byte(low | 0x80);
      rest = (rest - low) / 0x80;
    }
    this.byte(rest & 0x7f);
  }

  copy(source: Uint8Array, start: number, end: number): void {
    const size = end - start;
    if (this.#length + size > this.#bytes.length) this.#reserve(size);
    if (size < 48) {
      const target = this.#bytes;
      let at = this.#length;
      for (let index = start; index < end; index++) target[at++] = source[index] ?? 0;
    } else {
      this.#bytes.set(source.subarray(start, end), this.#length);
    }
    this.#length += size;
  }

  name(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.u32(bytes.length);
    this.copy(bytes, 0, bytes.length);
  }

  /** A section (5.5.2) with the given content. */
  section(id: number, content: ByteWriter): void {
    this.byte(id);
    this.u32(content.length);
    this.append(content);
  }

  append(other: ByteWriter): void {
    this.copy(other.view(), 0, other.length);
  }

  /** Empties the buffer, keeping its room. */
  clear(): void {
    this.#length = 0;
  }

  view(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(size: number): void {
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + size));
    grown.set(this.view());
    this.#bytes = grown;
  }
}
