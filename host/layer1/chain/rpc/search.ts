import type { Watcher } from '../authoring/finality.ts';

/** An extrinsic that a client broadcasts and so looks for. */
type Sought = {
  /** The best block when it was handed in: what came before isn't searched. */
  readonly since: number;
  /** The block that holds it. */
  foundIn: number | null;
  givenUp: boolean;
};

/**
 * How far one client is in its search for the extrinsics it broadcasts, by what it asks: polkadot-api fetches the body of each block, in order, until it
 * has found its extrinsic there, and ends the broadcast when that block is final.
 */
export class Search implements Watcher {
  /** Whether the client hears of blocks at all. */
  follows = false;
  readonly #sought = new Map<string, Sought>();
  readonly #onMoved: () => void;
  #bodiesTo = 0;

  constructor(onMoved: () => void) {
    this.#onMoved = onMoved;
  }

  begin(id: string, best: number): void {
    this.#sought.set(id, { since: best, foundIn: null, givenUp: false });
  }

  found(id: string, number: number): void {
    const sought = this.#sought.get(id);
    if (sought !== undefined) sought.foundIn = number;
  }

  end(id: string): void {
    if (this.#sought.delete(id)) this.#onMoved();
  }

  askedBody(number: number): void {
    this.#bodiesTo = Math.max(this.#bodiesTo, number);
    if (this.#sought.size > 0) this.#onMoved();
  }

  isBehind(number: number): boolean {
    if (!this.follows) return false;
    const all = [...this.#sought.values()];
    return !all.some(({ givenUp }) => givenUp) && all.some((sought) => this.#keeps(sought, number));
  }

  giveUp(number: number): void {
    for (const sought of this.#sought.values()) if (this.#keeps(sought, number)) sought.givenUp = true;
  }

  #keeps({ since, foundIn }: Sought, number: number): boolean {
    return foundIn === null ? since < number && this.#bodiesTo < number : foundIn <= number;
  }
}
