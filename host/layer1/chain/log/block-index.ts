import { open, readFile } from 'node:fs/promises';
import { concatBytes } from '@tea/protocol';
import { encodeU64 } from '@tea/protocol/layer1';

const HASH_BYTES = 32;
const ROW_BYTES = HASH_BYTES + 8;
/** Of a hash, as many bytes as a JavaScript number holds exactly; a hit is checked against the block itself. */
const SHORT_HASH_BYTES = 6;

/**
 * Where in the log each block is, by number and by hash. What is on disk of it (a row of hash and offset a block) is only a shortcut for the
 * next start: it's written together with a snapshot, and made anew from the log when there's none.
 */
export class BlockIndex {
  readonly #offsets: number[] = [];
  readonly #numbers = new Map<number, number>();

  get length(): number {
    return this.#offsets.length;
  }

  add(hash: Uint8Array, offset: number): void {
    this.#numbers.set(shortHash(hash), this.#offsets.length);
    this.#offsets.push(offset);
  }

  offsetOf(number: number): number | undefined {
    return this.#offsets[number];
  }

  /** The only block that may have this hash. */
  candidate(hash: Uint8Array): number | undefined {
    return this.#numbers.get(shortHash(hash));
  }

  /** @returns null when the file holds fewer than `count` rows */
  static async load(path: string, count: number): Promise<BlockIndex | null> {
    const bytes = await readFile(path).catch(() => new Uint8Array(0));
    if (bytes.length < count * ROW_BYTES) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const index = new BlockIndex();
    for (let row = 0; row < count * ROW_BYTES; row += ROW_BYTES) {
      index.add(bytes.subarray(row, row + HASH_BYTES), Number(view.getBigUint64(row + HASH_BYTES, true)));
    }
    return index;
  }
}

export function encodeRow(hash: Uint8Array, offset: number): Uint8Array {
  return concatBytes(hash, encodeU64(BigInt(offset)));
}

/** Puts `rows` behind the first `after` rows of the file, and syncs. */
export async function writeRows(path: string, after: number, rows: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, after === 0 ? 'w' : 'r+', 0o600);
  try {
    await file.truncate(after * ROW_BYTES);
    await file.write(concatBytes(...rows), 0, rows.length * ROW_BYTES, after * ROW_BYTES);
    await file.datasync();
  } finally {
    await file.close();
  }
}

function shortHash(hash: Uint8Array): number {
  return Number.parseInt(hash.subarray(0, SHORT_HASH_BYTES).toHex(), 16);
}
