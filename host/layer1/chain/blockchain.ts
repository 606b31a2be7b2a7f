import { EventEmitter } from 'node:events';
import { TeaError, toHex } from '@tea/protocol';
import { decodeHeader } from '@tea/protocol/layer1';
import type { Block } from './block.ts';
import { makeGenesis } from './genesis.ts';
import type { Hashing } from './hashing.ts';
import { BlockLog } from './log/block-log.ts';
import type { BlockRecord } from './log/record.ts';
import type { ExecutorOptions } from './runtime/executor.ts';
import { Overlay } from './runtime/overlay.ts';
import { Runtimes } from './runtimes.ts';
import { Trie } from './trie/trie.ts';

export type BlockchainOptions = {
  readonly dataDir: string;
  /** Called only when `dataDir` holds no chain. */
  readonly readRuntime: () => Promise<Uint8Array>;
  readonly preset: string;
  readonly executor: ExecutorOptions;
};

export type BlockchainEvents = {
  /** A new best block. */
  best: [Block];
  /** Oldest first, without gaps. */
  finalised: [readonly Block[]];
  /** The chain stopped for good. */
  failed: [TeaError];
};

/** States kept behind the finalised block, for reads, proofs and slow followers. */
const KEPT_BLOCKS = 256;

/**
 * The chain's blocks. There is one author and no fork: the newest block is the best one, and each becomes final in its turn. A block is
 * in memory with its state until `KEPT_BLOCKS` others are final after it; on disk it stays.
 */
export class Blockchain extends EventEmitter<BlockchainEvents> implements AsyncDisposable {
  readonly genesisHash: string;
  readonly hashing: Hashing;
  readonly #runtimes: Runtimes;
  readonly #log: BlockLog;
  readonly #byHash = new Map<string, Block>();
  readonly #byNumber = new Map<number, Block>();
  /** Of every block ever: 48 bits of its hash → number. A hit is checked against the block itself. */
  readonly #numbers: Map<number, number>;
  #best: Block;
  #finalised: Block;
  #failure: TeaError | null = null;

  private constructor(hashing: Hashing, runtimes: Runtimes, log: BlockLog, genesisHash: string, newest: Block, numbers: Map<number, number>) {
    super();
    this.setMaxListeners(0);
    this.hashing = hashing;
    this.#runtimes = runtimes;
    this.#log = log;
    this.genesisHash = genesisHash;
    this.#best = newest;
    this.#finalised = newest;
    this.#numbers = numbers;
    this.#keep(newest);
  }

  /**
   * Resumes the chain of `dataDir`, or begins it with the runtime's genesis.
   * @throws TeaError `storage` when the disk fails, `corrupt` when the log is damaged, `badInput` for a runtime or preset that won't do
   */
  static async open(options: BlockchainOptions): Promise<Blockchain> {
    const { hashing } = options.executor;
    const runtimes = new Runtimes(options.executor);
    const replay = new Replay(hashing);
    const log = await BlockLog.open(options.dataDir, hashing.blake2b128, (record) => replay.add(record));
    try {
      if (log.length === 0) {
        const genesis = { ...makeGenesis(await options.readRuntime(), options.preset, options.executor), extrinsics: [] };
        await log.append(genesis);
        replay.add(genesis);
      }
      return new Blockchain(hashing, runtimes, log, replay.genesisHash, replay.newest(runtimes), replay.numbers);
    } catch (error) {
      await log[Symbol.asyncDispose]();
      throw error;
    }
  }

  get best(): Block {
    return this.#best;
  }

  get finalised(): Block {
    return this.#finalised;
  }

  get failure(): TeaError | null {
    return this.#failure;
  }

  /** A block whose state is still in memory. */
  block(hash: string): Block | null {
    return this.#byHash.get(hash) ?? null;
  }

  blockAt(number: number): Block | null {
    return this.#byNumber.get(number) ?? null;
  }

  /** @returns null when the chain has no block of that hash */
  numberOf(hash: string): number | null {
    const number = this.#numbers.get(shortHash(hash));
    if (number === undefined) return null;
    const record = this.record(number);
    return record !== null && `0x${toHex(this.hashing.blake2b256(record.header))}` === hash ? number : null;
  }

  /** Header and extrinsics of any block up to the best. */
  record(number: number): Pick<BlockRecord, 'header' | 'extrinsics'> | null {
    const block = this.#byNumber.get(number);
    return block === undefined ? this.#log.read(number) : { header: block.encodedHeader, extrinsics: block.extrinsics };
  }

  /** Runs a runtime function on top of a block's state; its writes go nowhere. */
  call(block: Block, method: string, args: Uint8Array): Uint8Array {
    return block.runtime.executor.call(method, args, new Overlay(block.state));
  }

  /**
   * Takes a block made on top of the best one, at once as the best.
   * @returns resolves when it's on disk, which it must be before it's final; rejects with TeaError `storage`
   */
  adopt(block: Omit<Block, 'runtime' | 'hash'>, changes: BlockRecord['changes']): { readonly block: Block; readonly stored: Promise<void> } {
    const hash = `0x${toHex(this.hashing.blake2b256(block.encodedHeader))}`;
    const adopted: Block = { ...block, hash, runtime: this.#runtimes.of(block.state) };
    const stored = this.#log.append({ header: block.encodedHeader, extrinsics: block.extrinsics, changes });
    this.#best = adopted;
    this.#keep(adopted);
    this.emit('best', adopted);
    return { block: adopted, stored };
  }

  /** Makes `block` and all before it final. */
  finalise(block: Block): void {
    const newly: Block[] = [];
    for (let number = this.#finalised.header.number + 1; number <= block.header.number; number++) {
      const next = this.#byNumber.get(number);
      if (next !== undefined) newly.push(next);
    }
    if (newly.length === 0) return;
    this.#finalised = block;
    this.#forgetOld();
    this.emit('finalised', newly);
  }

  fail(error: TeaError): void {
    if (this.#failure !== null) return;
    this.#failure = error;
    this.emit('failed', error);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.removeAllListeners();
    await this.#log[Symbol.asyncDispose]();
  }

  #keep(block: Block): void {
    this.#byHash.set(block.hash, block);
    this.#byNumber.set(block.header.number, block);
    this.#numbers.set(shortHash(block.hash), block.header.number);
  }

  #forgetOld(): void {
    for (const [number, block] of this.#byNumber) {
      if (number >= this.#finalised.header.number - KEPT_BLOCKS) return;
      this.#byNumber.delete(number);
      this.#byHash.delete(block.hash);
    }
  }
}

function shortHash(hash: string): number {
  return Number.parseInt(hash.slice(2, 14), 16);
}

/** Applies a log's records one after the other and checks where they end. */
class Replay {
  readonly #hashing: Hashing;
  #state = Trie.empty;
  #last: BlockRecord | null = null;
  readonly numbers = new Map<number, number>();
  #genesisHash = '';

  constructor(hashing: Hashing) {
    this.#hashing = hashing;
  }

  get genesisHash(): string {
    return this.#genesisHash;
  }

  add(record: BlockRecord): void {
    for (const [key, value] of record.changes) this.#state = value === null ? this.#state.without(key) : this.#state.with(key, value);
    const hash = `0x${toHex(this.#hashing.blake2b256(record.header))}`;
    if (this.#last === null) this.#genesisHash = hash;
    this.numbers.set(shortHash(hash), this.numbers.size);
    this.#last = record;
  }

  newest(runtimes: Runtimes): Block {
    if (this.#last === null) throw new TeaError('internal', 'A chain without a block');
    const { header: encodedHeader, extrinsics } = this.#last;
    const header = decodeHeader(encodedHeader);
    const root = toHex(this.#state.rootHash(this.#hashing.blake2b256));
    if (root !== toHex(header.stateRoot)) {
      throw new TeaError('corrupt', 'The chain’s log does not lead to the state it names', { expected: toHex(header.stateRoot), actual: root });
    }
    const hash = `0x${toHex(this.#hashing.blake2b256(encodedHeader))}`;
    return { hash, header, encodedHeader, extrinsics, state: this.#state, runtime: runtimes.of(this.#state) };
  }
}
