import { TeaError } from '@tea/protocol';

/**
 * The runtime's linear memory as host functions see it. A "fat pointer" is a 64-bit integer: address in the low half, length in the high one
 * (Polkadot specification, definition 216). Everything read is a copy: the runtime may write to its memory afterwards.
 */
export class GuestMemory {
  readonly memory: WebAssembly.Memory;
  readonly #allocator: { malloc(size: number): number };

  constructor(memory: WebAssembly.Memory, allocator: { malloc(size: number): number }) {
    this.memory = memory;
    this.#allocator = allocator;
  }

  read(fat: bigint): Uint8Array {
    return this.view(fat).slice();
  }

  /** Not a copy: gone with the next growth of the memory. */
  view(fat: bigint): Uint8Array {
    return this.#bytes(Number(fat & 0xffff_ffffn), Number((fat >> 32n) & 0xffff_ffffn));
  }

  text(fat: bigint): string {
    return new TextDecoder().decode(this.view(fat));
  }

  readAt(address: number, length: number): Uint8Array {
    return this.#bytes(address >>> 0, length).slice();
  }

  /** Copies `bytes` into newly allocated memory and returns the address. */
  place(bytes: Uint8Array): number {
    const address = this.#allocator.malloc(bytes.length);
    this.#bytes(address, bytes.length).set(bytes);
    return address;
  }

  placeFat(bytes: Uint8Array): bigint {
    return (BigInt(bytes.length) << 32n) | BigInt(this.place(bytes));
  }

  #bytes(address: number, length: number): Uint8Array {
    if (address + length > this.memory.buffer.byteLength) {
      throw new TeaError('chain', 'The runtime handed its host an address outside of its memory', { actual: `${length} bytes at ${address}` });
    }
    return new Uint8Array(this.memory.buffer, address, length);
  }
}
