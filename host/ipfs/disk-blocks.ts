import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FsBlockstore } from 'blockstore-fs';
import { NextToLast } from 'blockstore-fs/sharding';
import type { CID } from 'multiformats/cid';

/**
 * blockstore-fs writes a block to `.NAME.tmp` beside its place and renames it. Two things it leaves open matter here: two writers of one block
 * share that temporary file and can tear each other's, and a full disk leaves it behind.
 */
export class DiskBlocks extends FsBlockstore {
  readonly #folder: string;
  readonly #places = new NextToLast();
  readonly #writing = new Map<string, Promise<CID>>();

  constructor(folder: string) {
    super(folder);
    this.#folder = folder;
  }

  override async put(cid: CID, bytes: Uint8Array): Promise<CID> {
    const { dir, file } = this.#places.encode(cid);
    const place = join(this.#folder, dir, file); // by multihash: the same bytes under two codecs are one file
    const running = this.#writing.get(place);
    if (running !== undefined) return await running;
    const writing = this.#write(cid, bytes, place).finally(() => this.#writing.delete(place));
    this.#writing.set(place, writing);
    return await writing;
  }

  async #write(cid: CID, bytes: Uint8Array, place: string): Promise<CID> {
    try {
      return await super.put(cid, bytes);
    } catch (error) {
      await rm(join(dirname(place), `.${basename(place)}.tmp`), { force: true }).catch(() => undefined); // the first error says more
      throw error;
    }
  }
}
