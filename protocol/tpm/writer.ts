import { TeaError } from '../errors.ts';

/** Big-endian output that grows. Numbers outside their width are the caller's mistake. */
export class TpmWriter {
  #buffer = new Uint8Array(256);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  uint8(value: number): void {
    this.#view.setUint8(this.#room(1), checked(value, 0xff));
  }

  uint16(value: number): void {
    this.#view.setUint16(this.#room(2), checked(value, 0xffff));
  }

  uint32(value: number): void {
    this.#view.setUint32(this.#room(4), checked(value, 0xffffffff));
  }

  uint64(value: bigint): void {
    if (value < 0n || value > 0xffff_ffff_ffff_ffffn) throw new TeaError('badInput', 'This number does not fit a UINT64', { actual: String(value) });
    this.#view.setBigUint64(this.#room(8), value);
  }

  bytes(value: Uint8Array): void {
    this.#buffer.set(value, this.#room(value.length));
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
