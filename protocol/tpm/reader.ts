import { ByteReader } from '../byte-reader.ts';

/** Cursor over what claims to be a TPM structure (Part 1, 'Data Structures': all numbers are big-endian). */
export class TpmReader extends ByteReader {
  constructor(bytes: Uint8Array, what: string) {
    super(bytes, what, 'big-endian');
  }

  /** A copy, so that what was decoded stays what it was when the caller's buffer is reused. */
  bytes(length: number): Uint8Array {
    return Uint8Array.from(this.view(length)); // not `slice`: a Buffer's shares its memory
  }
}
