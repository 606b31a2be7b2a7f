/** A token bucket: so much a second, and as much as `burst` at once after a rest. */
export class Allowance {
  readonly #perMs: number;
  readonly #burst: number;
  readonly #now: () => number;
  #left: number;
  #at: number;

  /** @param now milliseconds, never going back */
  constructor(perSecond: number, burst: number, now: () => number) {
    this.#perMs = perSecond / 1_000;
    this.#burst = burst;
    this.#now = now;
    this.#left = burst;
    this.#at = now();
  }

  /** @returns 0 when `amount` was taken, otherwise in how many milliseconds it can be */
  take(amount: number): number {
    this.#refill();
    if (this.#left < amount) return Math.ceil((amount - this.#left) / this.#perMs);
    this.#left -= amount;
    return 0;
  }

  /** Takes what can't be refused any more. @returns for how many milliseconds nothing else should be taken */
  spend(amount: number): number {
    this.#refill();
    this.#left -= amount;
    return this.#left >= 0 ? 0 : Math.ceil(-this.#left / this.#perMs);
  }

  #refill(): void {
    const now = this.#now();
    this.#left = Math.min(this.#burst, this.#left + (now - this.#at) * this.#perMs);
    this.#at = now;
  }
}
