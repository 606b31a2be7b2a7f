import { EventEmitter } from 'node:events';
import { TeaError, toHex } from '@tea/protocol';
import { decodeHeader } from '@tea/protocol/layer1';
import type { Block } from './block.ts';
import { makeGenesis } from './genesis.ts';
import type { Hashing } from './hashing.ts';
import { BlockLog, type LogReader } from './log/block-log.ts';
import type { BlockRecord, StateChange } from './log/record.ts';
import type { Snapshot } from './log/snapshot.ts';
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
  /** Blocks from one kept state to the next; a start applies no more than these. Default 1,000. */
  readonly snapshotEvery?: number;
};

export type BlockchainEvents = {
  /** A new best block. */
  best: [Block];
  /** Oldest first, without gaps. */
  finalised: [readonly Block[]];
  /** An extrinsic that was in order is in no block, for it would have stopped the chain. */
  refused: [TeaError];
  /** The chain stopped for good. */
  failed: [TeaError];
};

/** States kept behind the finalised block, for reads, proofs and slow followers. */
const KEPT_BLOCKS = 256;
const SNAPSHOT_EVERY = 1_000;

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
  readonly #snapshotEvery: number;
  #best: Block;
  #finalised: Block;
  #failure: TeaError | null = null;

  private constructor(hashing: Hashing, runtimes: Runtimes, log: BlockLog, genesisHash: string, newest: Block, snapshotEvery: number) {
    super();
    this.setMaxListeners(0);
    this.hashing = hashing;
    this.#runtimes = runtimes;
    this.#log = log;
    this.genesisHash = genesisHash;
    this.#best = newest;
    this.#finalised = newest;
    this.#snapshotEvery = snapshotEvery;
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
    const log = await BlockLog.open(options.dataDir, hashing, replay);
    try {
      if (log.length === 0) {
        const genesis = { ...makeGenesis(await options.readRuntime(), options.preset, options.executor), extrinsics: [] };
        await log.append(genesis);
        replay.replay(genesis);
      }
      const first = log.read(0);
      const genesisHash = first === null ? '' : blockHash(first.header, hashing);
      return new Blockchain(hashing, runtimes, log, genesisHash, replay.newest(runtimes), options.snapshotEvery ?? SNAPSHOT_EVERY);
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

  /**
   * The state after a block: of those in memory, and of genesis for ever, which names who may seal blocks and so is where every check of this
   * chain begins. That one is made anew from the log when asked for.
   */
  stateAt(hash: string): Trie | null {
    const kept = this.#byHash.get(hash);
    if (kept !== undefined) return kept.state;
    const genesis = hash === this.genesisHash ? this.#log.read(0) : null;
    return genesis === null ? null : genesis.changes.reduce(apply, Trie.empty);
  }

  blockAt(number: number): Block | null {
    return this.#byNumber.get(number) ?? null;
  }

  /** @returns null when the chain has no block of that hash */
  numberOf(hash: string): number | null {
    const block = this.#byHash.get(hash);
    if (block !== undefined) return block.header.number;
    if (!/^0x[0-9a-f]{64}$/.test(hash)) return null;
    const number = this.#log.candidate(Uint8Array.fromHex(hash.slice(2)));
    const record = number === undefined ? null : this.#log.read(number);
    return number !== undefined && record !== null && blockHash(record.header, this.hashing) === hash ? number : null;
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
    const hash = blockHash(block.encodedHeader, this.hashing);
    const adopted: Block = { ...block, hash, runtime: this.#runtimes.of(block.state) };
    const stored = this.#log.append({ header: block.encodedHeader, extrinsics: block.extrinsics, changes });
    this.#best = adopted;
    this.#keep(adopted);
    this.emit('best', adopted);
    return { block: adopted, stored };
  }

  /** @throws TeaError `badInput` for code that this chain could not go on with */
  checkRuntime(code: Uint8Array | null): void {
    this.#runtimes.check(code);
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
    const due = newly.findLast(({ header }) => header.number % this.#snapshotEvery === 0);
    if (due !== undefined) void this.#saveSnapshot(due);
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

  #saveSnapshot({ header, encodedHeader, extrinsics, state }: Block): Promise<void> {
    const entries = function* () {
      for (const { key, value } of state.entries(new Uint8Array(0))) yield { key, value: value.bytes };
    };
    return this.#log.saveSnapshot(header.number, { header: encodedHeader, extrinsics }, entries());
  }

  #keep(block: Block): void {
    this.#byHash.set(block.hash, block);
    this.#byNumber.set(block.header.number, block);
  }

  #forgetOld(): void {
    for (const [number, block] of this.#byNumber) {
      if (number >= this.#finalised.header.number - KEPT_BLOCKS) return;
      this.#byNumber.delete(number);
      this.#byHash.delete(block.hash);
    }
  }
}

function apply(state: Trie, [key, value]: StateChange): Trie {
  return value === null ? state.without(key) : state.with(key, value);
}

function blockHash(header: Uint8Array, { blake2b256 }: Hashing): string {
  return `0x${toHex(blake2b256(header))}`;
}

/** Follows a log from its snapshot, or from genesis, and checks where it ends. */
class Replay implements LogReader {
  readonly #hashing: Hashing;
  #state = Trie.empty;
  #last: Snapshot['block'] | null = null;

  constructor(hashing: Hashing) {
    this.#hashing = hashing;
  }

  restore({ block, entries }: Snapshot): boolean {
    let state = Trie.empty;
    for (const { key, value } of entries) state = state.with(key, value);
    if (toHex(state.rootHash(this.#hashing.blake2b256)) !== toHex(decodeHeader(block.header).stateRoot)) return false;
    this.#state = state;
    this.#last = block;
    return true;
  }

  replay(record: BlockRecord): void {
    this.#state = record.changes.reduce(apply, this.#state);
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
    return {
      hash: blockHash(encodedHeader, this.#hashing),
      header,
      encodedHeader,
      extrinsics,
      state: this.#state,
      runtime: runtimes.of(this.#state),
    };
  }
}
