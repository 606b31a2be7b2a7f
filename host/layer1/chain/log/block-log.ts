import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { TeaError } from '@tea/protocol';
import type { Hashing } from '../hashing.ts';
import { BlockIndex, encodeRow, writeRows } from './block-index.ts';
import { encodeFrame, FRAME_HEADER_BYTES, frameAt, readFrames } from './frames.ts';
import { type BlockRecord, decodeBlockRecord, encodeBlockRecord } from './record.ts';
import { readSnapshot, type Snapshot, writeSnapshot } from './snapshot.ts';
import { lockDataDir } from './writer-lock.ts';

export type LogReader = {
  /**
   * Offered first, when there's a snapshot: take its state, or return false and get every block instead.
   * Only what belongs together is offered; whether the state is whole is the caller's to see.
   */
  restore(snapshot: Snapshot): boolean;
  /** Gets the records after the snapshot, or all, oldest first. */
  replay(record: BlockRecord): void;
};

/**
 * The chain on disk: one append-only file of block records, genesis first. A record is durable when `append` resolves, and is never written
 * again. Snapshot and index beside it are shortcuts for the next start, and can be deleted.
 */
export class BlockLog implements AsyncDisposable {
  readonly #dataDir: string;
  readonly #file: FileHandle;
  readonly #lock: AsyncDisposable;
  readonly #hashing: Hashing;
  readonly #index: BlockIndex;
  #end: number;
  #broken: TeaError | null = null;
  #tail: Promise<void> = Promise.resolve();
  /** Rows of the index that aren't on disk yet. */
  #newRows: Uint8Array[];
  #savedRows: number;
  /** The snapshot under way: the next one counts its rows of the index from where this one ends. */
  #saving: Promise<void> | null = null;

  private constructor(dataDir: string, file: FileHandle, lock: AsyncDisposable, hashing: Hashing, opened: Opened) {
    this.#dataDir = dataDir;
    this.#file = file;
    this.#lock = lock;
    this.#hashing = hashing;
    this.#index = opened.index;
    this.#end = opened.end;
    this.#newRows = opened.newRows;
    this.#savedRows = opened.index.length - opened.newRows.length;
  }

  /** @throws TeaError `storage` when the disk fails, `corrupt` when the log is damaged anywhere but at a torn end, `conflict` when it's in use */
  static async open(dataDir: string, hashing: Hashing, reader: LogReader): Promise<BlockLog> {
    const path = logFile(dataDir);
    let file: FileHandle | undefined;
    let lock: AsyncDisposable | undefined;
    try {
      await mkdir(dataDir, { recursive: true, mode: 0o700 });
      lock = await lockDataDir(dataDir);
      file = await open(path, 'a', 0o600);
      const opened = (await fromSnapshot(dataDir, hashing, reader)) ?? { index: new BlockIndex(), newRows: [], end: 0 };
      for (const frame of readFrames(path, hashing.blake2b128, opened.end)) {
        const record = decodeBlockRecord(frame.payload);
        reader.replay(record);
        const hash = hashing.blake2b256(record.header);
        opened.index.add(hash, frame.offset);
        opened.newRows.push(encodeRow(hash, frame.offset));
        opened.end = frame.offset + FRAME_HEADER_BYTES + frame.payload.length;
      }
      await file.truncate(opened.end);
      return new BlockLog(dataDir, file, lock, hashing, opened);
    } catch (cause) {
      await file?.close();
      await lock?.[Symbol.asyncDispose]();
      throw cause instanceof TeaError ? cause : failure('opened', path, cause);
    }
  }

  /** Blocks on disk, genesis included. */
  get length(): number {
    return this.#index.length;
  }

  /**
   * Resolves when the record is on the disk.
   * @throws TeaError `storage`; after that no further record is taken, for nobody knows what of the last one is there
   */
  append(record: BlockRecord): Promise<void> {
    this.#tail = this.#tail.then(() => this.#append(record));
    // The caller gets the failure; the queue itself must not be an unhandled rejection.
    this.#tail.catch(() => {});
    return this.#tail;
  }

  /**
   * Keeps a state for the next start. `block` must be on disk. One at a time: a call while another is under way does nothing.
   * A failure is the disk's and shows at the next `append`; the old snapshot stays.
   */
  saveSnapshot(number: number, block: Snapshot['block'], entries: Snapshot['entries']): Promise<void> {
    if (this.#saving !== null) return this.#saving;
    const logEnd = this.#index.offsetOf(number + 1) ?? this.#end;
    const rows = this.#newRows.slice(0, number + 1 - this.#savedRows);
    const save = async (): Promise<void> => {
      await writeRows(indexFile(this.#dataDir), this.#savedRows, rows);
      this.#newRows = this.#newRows.slice(rows.length);
      this.#savedRows += rows.length;
      await writeSnapshot(snapshotFile(this.#dataDir), { number, logEnd, block, entries }, this.#hashing.blake2b128);
    };
    this.#saving = save()
      .catch(() => {})
      .finally(() => (this.#saving = null));
    return this.#saving;
  }

  /** @returns null when the log has no block of that number (yet) */
  read(number: number): BlockRecord | null {
    const offset = this.#index.offsetOf(number);
    return offset === undefined ? null : readRecord(logFile(this.#dataDir), offset, this.#hashing, number);
  }

  /** The only block on disk that may have this hash. */
  candidate(hash: Uint8Array): number | undefined {
    return this.#index.candidate(hash);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tail.catch(() => {});
    await this.#saving;
    await this.#file.close();
    await this.#lock[Symbol.asyncDispose]();
  }

  async #append(record: BlockRecord): Promise<void> {
    if (this.#broken !== null) throw this.#broken;
    const frame = encodeFrame(encodeBlockRecord(record), this.#hashing.blake2b128);
    try {
      await this.#file.appendFile(frame);
      await this.#file.datasync();
    } catch (cause) {
      this.#broken = failure('written', logFile(this.#dataDir), cause);
      throw this.#broken;
    }
    const hash = this.#hashing.blake2b256(record.header);
    this.#index.add(hash, this.#end);
    this.#newRows.push(encodeRow(hash, this.#end));
    this.#end += frame.length;
  }
}

type Opened = { readonly index: BlockIndex; readonly newRows: Uint8Array[]; end: number };

async function fromSnapshot(dataDir: string, hashing: Hashing, reader: LogReader): Promise<Opened | null> {
  const snapshot = readSnapshot(snapshotFile(dataDir), hashing.blake2b128);
  if (snapshot === null) return null;
  const index = await BlockIndex.load(indexFile(dataDir), snapshot.number + 1);
  const offset = index?.offsetOf(snapshot.number);
  if (index === null || offset === undefined || offset >= snapshot.logEnd) return null;
  try {
    // The log itself must have the very block there, or the snapshot is another chain's.
    const record = readRecord(logFile(dataDir), offset, hashing, snapshot.number);
    if (record.header.toHex() !== snapshot.block.header.toHex()) return null;
  } catch {
    return null;
  }
  return reader.restore(snapshot) ? { index, newRows: [], end: snapshot.logEnd } : null;
}

function readRecord(path: string, offset: number, hashing: Hashing, number: number): BlockRecord {
  const fd = openSync(path, 'r');
  try {
    const read = (from: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(length);
      readSync(fd, bytes, 0, length, from);
      return bytes;
    };
    const payload = frameAt(read, offset, fstatSync(fd).size, hashing.blake2b128);
    if (payload === null) throw new TeaError('storage', 'A block can no longer be read', { actual: `block ${number} in ${path}` });
    return decodeBlockRecord(payload);
  } finally {
    closeSync(fd);
  }
}

const logFile = (dataDir: string): string => join(dataDir, 'chain.log');
const indexFile = (dataDir: string): string => join(dataDir, 'chain.index');
const snapshotFile = (dataDir: string): string => join(dataDir, 'chain.snapshot');

function failure(done: string, path: string, cause: unknown): TeaError {
  return new TeaError('storage', `The chain's log could not be ${done}`, {
    actual: cause instanceof Error ? cause.message : String(cause),
    next: `free space on the disk of ${path} and start again; every finalised block is kept`,
    cause,
  });
}
