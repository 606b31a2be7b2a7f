import { fail } from './errno.ts';

/** The guest's linear memory, as WASI calls see it: pointers are unsigned, and everything outside is EFAULT, never an exception of ours. */
export class GuestMemory {
  #memory: WebAssembly.Memory | null = null;
  #view = new DataView(new ArrayBuffer(0));

  attach(memory: WebAssembly.Memory | null): void {
    this.#memory = memory;
  }

  bytes(pointer: number, length: number): Uint8Array {
    const view = this.#current();
    const start = pointer >>> 0;
    const size = length >>> 0;
    if (start + size > view.byteLength) fail('fault');
    return new Uint8Array(view.buffer, start, size);
  }

  u32(pointer: number): number {
    return this.#at(pointer, 4).getUint32(pointer >>> 0, true);
  }

  u64(pointer: number): bigint {
    return this.#at(pointer, 8).getBigUint64(pointer >>> 0, true);
  }

  setU8(pointer: number, value: number): void {
    this.#at(pointer, 1).setUint8(pointer >>> 0, value);
  }

  setU16(pointer: number, value: number): void {
    this.#at(pointer, 2).setUint16(pointer >>> 0, value, true);
  }

  setU32(pointer: number, value: number): void {
    this.#at(pointer, 4).setUint32(pointer >>> 0, value, true);
  }

  setU64(pointer: number, value: bigint): void {
    this.#at(pointer, 8).setBigUint64(pointer >>> 0, value, true);
  }

  text(pointer: number, length: number): string {
    const bytes = this.bytes(pointer, length);
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return fail('ilseq');
    }
  }

  /** The buffers of an iovec array (`count` pairs of pointer and length). */
  vectors(pointer: number, count: number): Uint8Array[] {
    if (count >>> 0 > 1024) fail('inval');
    return Array.from({ length: count }, (_, index) => {
      const at = (pointer >>> 0) + index * 8;
      return this.bytes(this.u32(at), this.u32(at + 4));
    });
  }

  #at(pointer: number, size: number): DataView {
    const view = this.#current();
    if ((pointer >>> 0) + size > view.byteLength) fail('fault');
    return view;
  }

  /** Growing a memory detaches its old buffer. */
  #current(): DataView {
    if (this.#memory !== null && this.#view.buffer !== this.#memory.buffer) this.#view = new DataView(this.#memory.buffer);
    return this.#view;
  }
}
