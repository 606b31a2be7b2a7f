import type { Block } from '../block.ts';
import type { Blockchain } from '../blockchain.ts';

export type FinalityOptions = {
  readonly chain: Pick<Blockchain, 'finalise'>;
  /** From a block to its finality, at least. */
  readonly delayMs: number;
  readonly now: () => number;
};

/** A client who looks for its extrinsics in the blocks it hears of. */
export type Watcher = {
  /** Whether it still has to do with the block of that number, or with one before it. */
  isBehind(number: number): boolean;
  /** It kept finality waiting for too long, and isn't waited for until it has done what it was waited for. */
  giveUp(number: number): void;
};

/** How far finality may run ahead of the slowest watcher. */
const LEAD = 2;
const PATIENCE_MS = 2_000;
/** Whoever comes with ever new sessions that never move makes the next wait half as long each time, down to this; it grows again over blocks without one. */
const LEAST_PATIENCE_MS = 40;
const BLOCKS_TO_REGAIN = 16;

/**
 * Announces blocks as final, in order: each when it is on disk and no watcher is behind by two blocks. polkadot-api looks through each block for the
 * extrinsics that it handed in, and loses one whose block it is not done with when two more are final: it searches back from the head, and what is final
 * is let go. So the slowest client sets the pace, and one that doesn't move only for a while.
 */
export class Finality implements Disposable {
  readonly #options: FinalityOptions;
  readonly #watchers = new Set<Watcher>();
  readonly #stored: { readonly block: Block; readonly dueAt: number }[] = [];
  #timer: NodeJS.Timeout | null = null;
  /** Since when nothing but watchers keeps the next block from being final. */
  #waitingSince: number | null = null;
  #patienceMs = PATIENCE_MS;
  #blocksWithoutLoss = 0;
  #stopped = false;

  constructor(options: FinalityOptions) {
    this.#options = options;
  }

  /** A block is on disk. To be told in the order of blocks. */
  stored(block: Block, madeAt: number): void {
    this.#stored.push({ block, dueAt: madeAt + this.#options.delayMs });
    this.#advance();
  }

  /** @returns what ends the watching */
  join(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
      this.moved();
    };
  }

  /** A watcher got on. */
  moved(): void {
    if (this.#waitingSince !== null) this.#advance();
  }

  [Symbol.dispose](): void {
    this.#stopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #advance(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    for (let next = this.#stored[0]; next !== undefined && !this.#stopped; next = this.#stored[0]) {
      const now = this.#options.now();
      if (now < next.dueAt) return this.#wake(next.dueAt - now);
      const settled = next.block.header.number - LEAD;
      const behind = [...this.#watchers].filter((watcher) => watcher.isBehind(settled));
      if (behind.length > 0) {
        this.#waitingSince ??= now;
        const leftMs = this.#waitingSince + this.#patienceMs - now;
        if (leftMs > 0) return this.#wake(leftMs);
        for (const watcher of behind) watcher.giveUp(settled);
      }
      this.#learn(behind.length > 0);
      this.#waitingSince = null;
      this.#stored.shift();
      this.#options.chain.finalise(next.block);
    }
  }

  #learn(lostPatience: boolean): void {
    this.#blocksWithoutLoss = lostPatience ? 0 : this.#blocksWithoutLoss + 1;
    if (lostPatience) this.#patienceMs = Math.max(LEAST_PATIENCE_MS, this.#patienceMs / 2);
    else if (this.#blocksWithoutLoss % BLOCKS_TO_REGAIN === 0) this.#patienceMs = Math.min(PATIENCE_MS, this.#patienceMs * 2);
  }

  #wake(delayMs: number): void {
    this.#timer = setTimeout(() => this.#advance(), delayMs);
  }
}
