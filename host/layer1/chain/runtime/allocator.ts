import { TeaError } from '@tea/protocol';

const PAGE = 65_536;
const HEADER = 8;
const MIN_SIZE = 8;
/** 8 bytes to 32 MiB, doubling: the orders of Substrate's freeing-bump allocator (`sp-allocator`). */
const ORDERS = 23;
const OCCUPIED = 1;

/**
 * The host's heap for a runtime: power-of-two blocks behind an 8-byte header, freed ones kept in a list per size (specification, 2.6.3.1).
 * The header holds the block's order, so that `free` knows what comes back.
 */
export class Allocator {
  readonly #memory: WebAssembly.Memory;
  readonly #freed: number[][] = Array.from({ length: ORDERS }, () => []);
  #next: number;

  constructor(memory: WebAssembly.Memory, heapBase: number) {
    this.#memory = memory;
    this.#next = (heapBase + 7) & ~7;
  }

  malloc(size: number): number {
    const order = size <= MIN_SIZE ? 0 : 32 - Math.clz32((size - 1) >> 3);
    if (order >= ORDERS)
      throw new TeaError('limit', 'The runtime asked for too much memory at once', { expected: 'at most 32 MiB', actual: `${size} bytes` });
    const header = this.#freed[order]?.pop() ?? this.#bump(HEADER + (MIN_SIZE << order));
    const view = new DataView(this.#memory.buffer);
    view.setUint32(header, order, true);
    // Not for us: sp-io's allocator in the runtime reads an alignment offset from the two bytes before what it frees.
    view.setUint32(header + 4, OCCUPIED, true);
    return header + HEADER;
  }

  free(address: number): void {
    const header = (address >>> 0) - HEADER;
    const order = header < 0 ? ORDERS : new DataView(this.#memory.buffer).getUint32(header, true);
    const list = this.#freed[order];
    if (list === undefined) throw new TeaError('chain', 'The runtime freed memory that it was not given', { actual: `address ${address}` });
    list.push(header);
  }

  #bump(size: number): number {
    const start = this.#next;
    const missing = start + size - this.#memory.buffer.byteLength;
    if (missing > 0) {
      try {
        // Twice what there is, as far as it goes: growing moves or remaps the memory.
        this.#memory.grow(Math.ceil(Math.max(missing, Math.min(this.#memory.buffer.byteLength, 32 * 1024 * 1024)) / PAGE));
      } catch (cause) {
        throw new TeaError('limit', 'The runtime is out of memory', { actual: `${this.#memory.buffer.byteLength} bytes in use`, cause });
      }
    }
    this.#next = start + size;
    return start;
  }
}
