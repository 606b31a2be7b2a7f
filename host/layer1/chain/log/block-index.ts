import { open, readFile } from 'node:fs/promises';
import { concatBytes } from '@tea/protocol';
import { encodeU64 } from '@tea/protocol/layer1';

const HASH_BYTES = 32;
const ROW_BYTES = HASH_BYTES + 8;
/** Of a hash, as many bytes as a JavaScript number holds exactly; a hit is checked against the block itself. */
const SHORT_HASH_BYTES = 6;
const SHORT_HASH_VALUES = 2 ** (8 * SHORT_HASH_BYTES);
const CHUNK = 4_096;
/** The table of hashes is at most half full. */
const SPARSE = 2;

/**
 * Where in the log each block is, by number and by hash. What is on disk of it (a row of hash and offset a block) is only a shortcut for the
 * next start: it's written together with a snapshot, and made anew from the log when there's none.
 *
 * It is all that grows with the chain in memory, and so has no object a block: some 30 bytes in typed arrays.
 */
export class BlockIndex {
  readonly #offsets = new NumberList();
  readonly #hashes = new NumberList();
  /** A number of a block plus one, at its short hash's place or the next free one after it. */
  #table = new Uint32Array(CHUNK * SPARSE);

  get length(): number {
    return this.#offsets.length;
  }

  add(hash: Uint8Array, offset: number): void {
    const number = this.length;
    this.#offsets.push(offset);
    this.#hashes.push(shortHash(hash));
    if (this.length * SPARSE <= this.#table.length) return this.#enter(number);
    this.#table = new Uint32Array(this.#table.length * 2);
    for (let each = 0; each <= number; each++) this.#enter(each);
  }

  offsetOf(number: number): number | undefined {
    return this.#offsets.at(number);
  }

  /** The only block that may have this hash. */
  candidate(hash: Uint8Array): number | undefined {
    const found = (this.#table[this.#placeOf(shortHash(hash))] ?? 0) - 1;
    return found < 0 ? undefined : found;
  }

  #enter(number: number): void {
    this.#table[this.#placeOf(this.#hashes.at(number) ?? 0)] = number + 1;
  }

  /** Where the short hash stands, or would stand. */
  #placeOf(short: number): number {
    const { length } = this.#table;
    let place = Math.floor((short / SHORT_HASH_VALUES) * length);
    for (let entry = this.#table[place] ?? 0; entry !== 0; entry = this.#table[place] ?? 0) {
      if (this.#hashes.at(entry - 1) === short) return place;
      place = (place + 1) % length;
    }
    return place;
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

/** Numbers that are only ever added to, in pieces, so that nothing is copied when there are more. */
class NumberList {
  readonly #chunks: Float64Array[] = [];
  length = 0;

  push(value: number): void {
    if (this.length % CHUNK === 0) this.#chunks.push(new Float64Array(CHUNK));
    const chunk = this.#chunks.at(-1);
    if (chunk !== undefined) chunk[this.length % CHUNK] = value;
    this.length += 1;
  }

  at(index: number): number | undefined {
    return index < 0 || index >= this.length ? undefined : this.#chunks[Math.floor(index / CHUNK)]?.[index % CHUNK];
  }
}
