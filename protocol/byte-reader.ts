import { TeaError } from './errors.ts';

/** A cursor over hostile bytes, numbers in one byte order throughout. Never reads past the end. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #what: string;
  readonly #littleEndian: boolean;
  #offset = 0;

  /** @param what names the structure in errors */
  constructor(bytes: Uint8Array, what: string, order: 'big-endian' | 'little-endian') {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
    this.#littleEndian = order === 'little-endian';
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), this.#littleEndian);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), this.#littleEndian);
  }

  uint64(): bigint {
    return this.#view.getBigUint64(this.#take(8), this.#littleEndian);
  }

  /** The caller's own bytes: to be read only, and only while the caller leaves them as they are. */
  view(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  get offset(): number {
    return this.#offset;
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
