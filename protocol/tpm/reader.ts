import { TeaError } from '../errors.ts';

/** Big-endian cursor over hostile bytes (Part 1, 'Data Structures': all numbers are big-endian). Never reads past the end. */
export class TpmReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #what: string;
  #offset = 0;

  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2));
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  uint64(): bigint {
    return this.#view.getBigUint64(this.#take(8));
  }

  /** A copy, so that what was decoded stays what it was when the caller's buffer is reused. */
  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return Uint8Array.from(this.#bytes.subarray(start, start + length)); // not `slice`: a Buffer's shares its memory
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  end(): void {
    if (this.remaining !== 0) throw this.refuse('no byte after the structure', `${this.remaining} trailing`);
  }

  refuse(expected: string, actual: string): TeaError {
    return new TeaError('badMessage', `This is not a ${this.#what}`, { expected, actual: `${actual} (near byte ${this.#offset})` });
  }

  #take(length: number): number {
    const start = this.#offset;
    if (length > this.#bytes.length - start) throw this.refuse(`${length} more bytes`, `${this.remaining}`);
    this.#offset = start + length;
    return start;
  }
}
