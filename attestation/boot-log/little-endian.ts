import { ByteReader } from '@tea/protocol';

/** Cursor over hostile bytes as firmware writes them. Copies nothing, so treat what it returns as read-only. */
export class LittleEndianReader extends ByteReader {
  constructor(bytes: Uint8Array, what: string) {
    super(bytes, what, 'little-endian');
  }

  /** A 64-bit length: refused when more than is left. */
  length64(): number {
    const length = this.uint64();
    if (length > BigInt(this.remaining)) throw this.refuse(`at most ${this.remaining} bytes`, String(length));
    return Number(length);
  }

  bytes(length: number): Uint8Array {
    return this.view(length);
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
