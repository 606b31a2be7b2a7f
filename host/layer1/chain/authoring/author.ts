import { isTeaError, TeaError, toHex } from '@tea/protocol';
import type { Block } from '../block.ts';
import type { Blockchain } from '../blockchain.ts';
import { Pool, type Submitted } from '../pool/pool.ts';
import { auraAuthorities, auraSlotDurationMs, validateTransaction } from '../runtime/api.ts';
import { keyBytes, Overlay } from '../runtime/overlay.ts';
import { buildBlock } from './build-block.ts';
import { Finality } from './finality.ts';
import { type AuthorKey, authorKey, ownSlot, slotOf } from './slots.ts';
import { nextBlockTime, type Tempo, tempoOf } from './tempo.ts';

export type AuthorOptions = {
  readonly chain: Blockchain;
  readonly blockTimeMs: number;
  readonly minBlockIntervalMs: number;
  readonly finalityDelayMs: number;
  readonly authoritySeeds: readonly Uint8Array[];
  readonly now: () => number;
};

const POOL_COUNT = 4_096;
const POOL_BYTES = 16 * 1024 * 1024;
/** While a block is made nobody is answered: better two blocks than one that takes long. */
const BLOCK_BUDGET_MS = 400;
/** A disk that can't follow stops the chain from running ahead of it. */
const MAX_UNFINALISED = 64;
const RETRY_MS = 20;
const MAX_TIMER_MS = 60_000;

/**
 * Makes the chain's blocks: at once when an extrinsic waits (and the chain's tempo allows it), or when the block time is over. Once on disk, they become
 * final at the pace of `finality`.
 */
export class Author implements Disposable {
  readonly pool: Pool;
  readonly finality: Finality;
  readonly #options: AuthorOptions;
  readonly #keys: ReadonlyMap<string, AuthorKey>;
  #blockTimer: NodeJS.Timeout | null = null;
  #slotDuration: { readonly runtime: Block['runtime']; readonly milliseconds: number } | null = null;
  #lastBlockAt: number;
  #stopped = false;

  constructor(options: AuthorOptions) {
    const { chain } = options;
    this.#options = options;
    this.#keys = new Map(options.authoritySeeds.map(authorKey).map((key) => [toHex(key.publicKey), key]));
    this.#lastBlockAt = options.now();
    this.finality = new Finality({ chain, delayMs: options.finalityDelayMs, now: options.now });
    this.pool = new Pool({
      maxCount: POOL_COUNT,
      maxBytes: POOL_BYTES,
      hash: chain.hashing.blake2b256,
      validate: (extrinsic) => validate(chain.best, extrinsic),
    });
    this.#schedule();
  }

  submit(extrinsic: Uint8Array): Submitted {
    const submitted = this.pool.submit(extrinsic, this.#options.chain.best.header.number);
    if (submitted.ok) this.#schedule();
    return submitted;
  }

  [Symbol.dispose](): void {
    this.#stopped = true;
    if (this.#blockTimer !== null) clearTimeout(this.#blockTimer);
    this.finality[Symbol.dispose]();
  }

  #schedule(): void {
    const { chain, now, minBlockIntervalMs, blockTimeMs } = this.#options;
    if (this.#stopped || chain.failure !== null) return;
    const tempo = this.#tempo();
    const dueAt = tempo.blocksOnDemand
      ? this.#lastBlockAt + (this.pool.hasReady ? minBlockIntervalMs : blockTimeMs)
      : nextBlockTime(tempo, slotOf(chain.best.header) ?? 0, now()).timestampMs;
    if (this.#blockTimer !== null) clearTimeout(this.#blockTimer);
    const delayMs = Math.max(0, dueAt - now());
    // A timer holds no more than 31 bits; then it's only asked again when the block is due.
    this.#blockTimer = delayMs > MAX_TIMER_MS ? setTimeout(() => this.#schedule(), MAX_TIMER_MS) : setTimeout(() => this.#wake(), delayMs);
  }

  #wake(): void {
    const { chain } = this.#options;
    if (chain.best.header.number - chain.finalised.header.number >= MAX_UNFINALISED) {
      this.#blockTimer = setTimeout(() => this.#wake(), RETRY_MS);
      return;
    }
    try {
      this.#makeBlock();
    } catch (error) {
      chain.fail(isTeaError(error) ? error : new TeaError('internal', 'The chain could not make a block', { cause: error }));
    }
    this.#schedule();
  }

  #makeBlock(): void {
    const { chain, now } = this.#options;
    const parent = chain.best;
    const tempo = this.#tempo();
    const time = nextBlockTime(tempo, slotOf(parent.header) ?? 0, now());
    const authorities = auraAuthorities(parent.runtime.executor, new Overlay(parent.state));
    const { slot, key } = ownSlot(time.slot, authorities, this.#keys);
    const timestampMs = slot === time.slot ? time.timestampMs : slot * tempo.slotDurationMs;
    const begun = performance.now();
    const built = buildBlock({
      parent,
      slot,
      timestampMs,
      key,
      ready: this.pool.ready(),
      outOfTime: () => performance.now() - begun > BLOCK_BUDGET_MS,
      hash: chain.hashing.blake2b256,
      checkRuntime: (code) => chain.checkRuntime(code),
    });
    // They are valid, so asking the runtime again would keep them for ever.
    for (const { pooled, error } of built.ruinous) {
      this.pool.bar(pooled.hash);
      chain.emit('refused', error);
    }
    const { header, encodedHeader, extrinsics, storage } = built;
    const changes = Array.from(storage.changes(), ([at, value]) => [keyBytes(at), value] as const);
    const { block, stored } = chain.adopt({ header, encodedHeader, extrinsics, state: storage.applied() }, changes);
    this.#lastBlockAt = now();
    this.pool.blockMade(built.included, header.number);
    const stale = built.failed.map((entry) => entry.hash);
    this.pool.revalidate(header.number, block.runtime === parent.runtime ? stale : undefined);
    const madeAt = this.#lastBlockAt;
    stored.then(
      () => this.finality.stored(block, madeAt),
      (error: TeaError) => chain.fail(error),
    );
  }

  #tempo(): Tempo {
    const { runtime, state } = this.#options.chain.best;
    if (this.#slotDuration?.runtime !== runtime) {
      this.#slotDuration = { runtime, milliseconds: auraSlotDurationMs(runtime.executor, new Overlay(state)) };
    }
    return tempoOf(state, this.#slotDuration.milliseconds, this.#options.chain.hashing);
  }
}

function validate(best: Block, extrinsic: Uint8Array) {
  try {
    return validateTransaction(best.runtime.executor, new Overlay(best.state), extrinsic, Uint8Array.fromHex(best.hash.slice(2)));
  } catch (error) {
    if (!isTeaError(error)) throw error;
    // Bytes that aren't an extrinsic make the runtime trap.
    return { ok: false, error: { kind: 'invalid', reason: `Call (${error.actual ?? error.summary})` } } as const;
  }
}
