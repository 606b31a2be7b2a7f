import { ScaleReader } from './scale.ts';

/** Bound of the pallets (`Cid`). */
const MAX_CID_BYTES = 64;

/** Reads what the pallets store: SCALE, in the forms that their structs are made of. As hostile as all SCALE, and refused alike. */
export class RecordReader extends ScaleReader {
  /** An enum without fields: SCALE knows variants by position. */
  oneOf<const T extends readonly unknown[]>(variants: T): T[number] {
    const index = this.u8();
    if (index >= variants.length) throw this.refusal(`a variant below ${variants.length}`, String(index));
    return variants[index];
  }

  flag(): boolean {
    return this.oneOf([false, true]);
  }

  optional<T>(read: () => T): T | null {
    return this.flag() ? read() : null;
  }

  list<T>(maxLength: number, read: () => T): T[] {
    const length = this.compact();
    if (length > maxLength) throw this.refusal(`at most ${maxLength} entries`, String(length));
    return Array.from({ length }, read);
  }

  /** A copy of 32 bytes: an account, a digest, a node. */
  id(): Uint8Array {
    return this.bytes(32).slice();
  }

  cid(): Uint8Array {
    const bytes = this.vector().slice();
    if (bytes.length === 0 || bytes.length > MAX_CID_BYTES) throw this.refusal(`a CID of 1 to ${MAX_CID_BYTES} bytes`, String(bytes.length));
    return bytes;
  }
}
