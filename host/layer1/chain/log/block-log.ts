import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { TeaError } from '@tea/protocol';
import { type Checksum, encodeFrame, FRAME_HEADER_BYTES, frameAt, readFrames } from './frames.ts';
import { type BlockRecord, decodeBlockRecord, encodeBlockRecord } from './record.ts';

/**
 * The chain on disk: one append-only file of block records, genesis first. A record is durable when `append` resolves, and it's
 * never written again. Blocks are read back by number through an index of offsets, 8 bytes each, made while the log is opened.
 */
export class BlockLog implements AsyncDisposable {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #checksum: Checksum;
  readonly #offsets: number[];
  #end: number;
  #broken: TeaError | null = null;
  #tail: Promise<void> = Promise.resolve();

  private constructor(path: string, file: FileHandle, checksum: Checksum, offsets: number[], end: number) {
    this.#path = path;
    this.#file = file;
    this.#checksum = checksum;
    this.#offsets = offsets;
    this.#end = end;
  }

  /**
   * @param replay gets every record in order, genesis first
   * @throws TeaError `storage` when the disk fails, `corrupt` when the log is damaged anywhere but at a torn end
   */
  static async open(dataDir: string, checksum: Checksum, replay: (record: BlockRecord) => void): Promise<BlockLog> {
    const path = join(dataDir, 'chain.log');
    let file: FileHandle | undefined;
    try {
      await mkdir(dataDir, { recursive: true, mode: 0o700 });
      file = await open(path, 'a', 0o600);
      const offsets: number[] = [];
      let end = 0;
      for (const frame of readFrames(path, checksum)) {
        replay(decodeBlockRecord(frame.payload));
        offsets.push(frame.offset);
        end = frame.offset + FRAME_HEADER_BYTES + frame.payload.length;
      }
      await file.truncate(end);
      return new BlockLog(path, file, checksum, offsets, end);
    } catch (cause) {
      await file?.close();
      throw cause instanceof TeaError ? cause : failure('opened', path, cause);
    }
  }

  /** Blocks on disk, genesis included. */
  get length(): number {
    return this.#offsets.length;
  }

  /**
   * Resolves when the record is on the disk.
   * @throws TeaError `storage`; after that no further record is taken, for nobody knows what of the last one is there
   */
  append(record: BlockRecord): Promise<void> {
    this.#tail = this.#tail.then(() => this.#append(encodeFrame(encodeBlockRecord(record), this.#checksum)));
    // The caller gets the failure; the queue itself must not be an unhandled rejection.
    this.#tail.catch(() => {});
    return this.#tail;
  }

  async #append(frame: Uint8Array): Promise<void> {
    if (this.#broken !== null) throw this.#broken;
    try {
      await this.#file.appendFile(frame);
      await this.#file.datasync();
    } catch (cause) {
      this.#broken = failure('written', this.#path, cause);
      throw this.#broken;
    }
    this.#offsets.push(this.#end);
    this.#end += frame.length;
  }

  /** @returns null when the log has no block of that number (yet) */
  read(number: number): BlockRecord | null {
    const offset = this.#offsets[number];
    if (offset === undefined) return null;
    const fd = openSync(this.#path, 'r');
    try {
      const size = fstatSync(fd).size;
      const read = (from: number, length: number): Uint8Array => {
        const bytes = new Uint8Array(length);
        readSync(fd, bytes, 0, length, from);
        return bytes;
      };
      const payload = frameAt(read, offset, size, this.#checksum);
      if (payload === null) throw new TeaError('storage', 'A block can no longer be read', { actual: `block ${number} in ${this.#path}` });
      return decodeBlockRecord(payload);
    } finally {
      closeSync(fd);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tail.catch(() => {});
    await this.#file.close();
  }
}

function failure(done: string, path: string, cause: unknown): TeaError {
  return new TeaError('storage', `The chain's log could not be ${done}`, {
    actual: cause instanceof Error ? cause.message : String(cause),
    next: `free space on the disk of ${path} and start again; every finalised block is kept`,
    cause,
  });
}
