import { TeaError } from '@tea/protocol';

/** Little-endian cursor over hostile bytes, as firmware writes them. Never reads past the end; copies nothing, so treat what it returns as read-only. */
export class LittleEndianReader {
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
    return this.#view.getUint16(this.#take(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  /** A 64-bit length: refused when more than is left. */
  length64(): number {
    const length = this.#view.getBigUint64(this.#take(8), true);
    if (length > BigInt(this.remaining)) throw this.refuse(`at most ${this.remaining} bytes`, String(length));
    return Number(length);
  }

  bytes(length: number): Uint8Array {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  /** An EFI_GUID as text: its first three parts are little-endian numbers (UEFI 2.10, appendix A). */
  guid(): string {
    const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
    const head = [hex(this.uint32(), 8), hex(this.uint16(), 4), hex(this.uint16(), 4)];
    const tail = this.bytes(8).toHex();
    return [...head, tail.slice(0, 4), tail.slice(4)].join('-');
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  end(): void {
    if (this.remaining !== 0) throw this.refuse('nothing behind it', `${this.remaining} bytes`);
  }

  refuse(expected: string, actual: string): TeaError {
    return new TeaError('badMessage', `This is not a ${this.#what}`, { expected, actual: `${actual} (near byte ${this.#offset})` });
  }

  #take(length: number): number {
    const start = this.#offset;
    if (length > this.#bytes.length - start) throw this.refuse(`${length} more bytes`, String(this.remaining));
    this.#offset = start + length;
    return start;
  }
}

/** CHAR16 text up to its first NUL. */
export function utf16(bytes: Uint8Array): string {
  const text = new TextDecoder('utf-16le').decode(bytes);
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

/** Single-byte text up to its first NUL; other bytes than printable ASCII show as dots. */
export function ascii(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return Array.from(end < 0 ? bytes : bytes.subarray(0, end), (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
}
