import { TeaError } from '../errors.ts';

/** Big-endian output that grows. Numbers outside their width are the caller's mistake. */
export class TpmWriter {
  #buffer = new Uint8Array(256);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  uint8(value: number): void {
    const start = this.#room(1);
    this.#view.setUint8(start, checked(value, 0xff));
  }

  uint16(value: number): void {
    const start = this.#room(2);
    this.#view.setUint16(start, checked(value, 0xffff));
  }

  uint32(value: number): void {
    const start = this.#room(4);
    this.#view.setUint32(start, checked(value, 0xffffffff));
  }

  uint64(value: bigint): void {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new TeaError('badInput', 'This number does not fit a UINT64', { actual: String(value) });
    const start = this.#room(8);
    this.#view.setBigUint64(start, value);
  }

  bytes(value: Uint8Array): void {
    const start = this.#room(value.length); // before #buffer is read: it may be replaced
    this.#buffer.set(value, start);
  }

  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  #room(size: number): number {
    const start = this.#length;
    if (start + size > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(this.#buffer.length * 2, start + size));
      larger.set(this.#buffer);
      this.#buffer = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#length = start + size;
    return start;
  }
}

function checked(value: number, max: number): number {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new TeaError('badInput', 'This number does not fit its TPM field', { expected: `an integer from 0 to ${max}`, actual: String(value) });
  }
  return value;
}
