import { ByteReader } from './byte-reader.ts';
import { Refusal } from './refusal.ts';

/** Name of the custom section by which a task says that it wants entropy: part of the code, so part of the digest that is deployed and ordered. */
export const ENTROPIC_SECTION = 'tea:entropic';

/**
 * Whether a module was deployed as entropic: its randomness is then the machine's, a run again gives other bytes, and the receipt says so. What is no
 * core module is never entropic; handlers have no randomness at all.
 */
export function isEntropic(module: Uint8Array): boolean {
  try {
    const reader = new ByteReader(module, 0);
    for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) if (reader.byte() !== byte) return false;
    while (reader.pos < reader.end) {
      const id = reader.byte();
      const size = reader.u32();
      const start = reader.pos;
      reader.skip(size);
      if (id === 0 && new ByteReader(module, start, reader.pos).name() === ENTROPIC_SECTION) return true;
    }
    return false;
  } catch (error) {
    if (error instanceof Refusal) return false;
    throw error;
  }
}
