import type { Validated, Validity } from '../runtime/api.ts';
import type { Pooled } from './pooled.ts';
import { compare, readyOrder } from './ready-order.ts';

export type PoolOptions = {
  readonly maxCount: number;
  readonly maxBytes: number;
  readonly hash: (extrinsic: Uint8Array) => Uint8Array;
  /** Asks the runtime about an extrinsic on top of the best block. */
  readonly validate: (extrinsic: Uint8Array) => Validated;
};

export type Submitted =
  | { readonly ok: true; readonly hash: string }
  | { readonly ok: false; readonly reason: 'invalid' | 'unknown' | 'alreadyPooled' | 'priorityTooLow' | 'poolFull'; readonly detail: string };

const MAX_BARRED = 64;

/**
 * Extrinsics that wait for a block, by the rules of FRAME's `ValidTransaction`: at most one a provided tag (the higher priority stays), no
 * block for one whose required tags are missing, none past its longevity, and never more than the limits (the lowest priority goes).
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #entries = new Map<string, Pooled>();
  readonly #providers = new Map<string, string>();
  /** Never to be in a block, though the runtime finds them in order. The newest `MAX_BARRED`. */
  readonly #barred = new Set<string>();
  #bytes = 0;
  /** Entries that require nothing. */
  #ready = 0;
  #arrivals = 0;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(hash: string): boolean {
    return this.#entries.has(hash);
  }

  submit(extrinsic: Uint8Array, bestNumber: number): Submitted {
    const hash = this.#options.hash(extrinsic).toHex();
    if (this.#entries.has(hash)) return { ok: false, reason: 'alreadyPooled', detail: hash };
    if (this.#barred.has(hash)) return { ok: false, reason: 'invalid', detail: 'it would stop the chain' };
    const validated = this.#options.validate(extrinsic);
    if (!validated.ok) return { ok: false, reason: validated.error.kind, detail: validated.error.reason };
    const entry = this.#entry(hash, extrinsic, validated.validity, bestNumber);
    const rivals = this.#rivals(entry);
    if (rivals.length > 0 && rivals.reduce((sum, rival) => sum + rival.priority, 0n) >= entry.priority) {
      return { ok: false, reason: 'priorityTooLow', detail: `the pool holds one of priority ${rivals[0]?.priority} for the same nonce` };
    }
    for (const rival of rivals) this.#remove(rival);
    this.#add(entry);
    if (!this.#makeRoom(entry))
      return { ok: false, reason: 'poolFull', detail: `${this.#options.maxCount} extrinsics or ${this.#options.maxBytes} bytes` };
    return { ok: true, hash };
  }

  /** For a block, in order. Entries stay until `included` or `drop` says otherwise. */
  ready(): Iterable<Pooled> {
    return readyOrder(this.#entries.values());
  }

  /** Whether a block could take any. */
  get hasReady(): boolean {
    return this.#ready > 0;
  }

  drop(hash: string): void {
    const entry = this.#entries.get(hash);
    if (entry !== undefined) this.#remove(entry);
  }

  /** Drops it, and doesn't take it again. */
  bar(hash: string): void {
    this.drop(hash);
    this.#barred.add(hash);
    for (const oldest of [...this.#barred].slice(0, -MAX_BARRED)) this.#barred.delete(oldest);
  }

  /** A block stands: its extrinsics go, what they provided is provided, and what is past its time goes too. */
  blockMade(included: readonly Pooled[], number: number): void {
    const provided = new Set(included.flatMap((entry) => entry.provides));
    for (const entry of included) this.#remove(entry);
    for (const entry of [...this.#entries.values()]) {
      if (entry.validTill <= number || entry.provides.some((tag) => provided.has(tag))) this.#remove(entry);
      else if (entry.requires.some((tag) => provided.has(tag))) {
        const requires = entry.requires.filter((tag) => !provided.has(tag));
        this.#entries.set(entry.hash, { ...entry, requires });
        if (requires.length === 0) this.#ready += 1;
      }
    }
  }

  /** Asks the runtime again about all of them, after it changed or after one could not be applied as it had promised. */
  revalidate(bestNumber: number, hashes: Iterable<string> = [...this.#entries.keys()]): void {
    for (const hash of hashes) {
      const entry = this.#entries.get(hash);
      if (entry === undefined) continue;
      this.#remove(entry);
      const validated = this.#options.validate(entry.extrinsic);
      if (validated.ok) this.#add({ ...this.#entry(hash, entry.extrinsic, validated.validity, bestNumber), arrival: entry.arrival });
    }
  }

  #entry(hash: string, extrinsic: Uint8Array, validity: Validity, bestNumber: number): Pooled {
    return {
      hash,
      extrinsic,
      priority: validity.priority,
      requires: validity.requires.map((tag) => tag.toHex()),
      provides: validity.provides.map((tag) => tag.toHex()),
      validTill: bestNumber + validity.longevity,
      arrival: this.#arrivals++,
    };
  }

  #rivals(entry: Pooled): Pooled[] {
    const hashes = new Set(entry.provides.flatMap((tag) => this.#providers.get(tag) ?? []));
    return [...hashes].flatMap((hash) => this.#entries.get(hash) ?? []);
  }

  /** @returns false when it was `entry` itself that had to go */
  #makeRoom(entry: Pooled): boolean {
    while (this.#entries.size > this.#options.maxCount || this.#bytes > this.#options.maxBytes) {
      // Those that wait for others go first, then the lowest priority, then the latest.
      const worst = [...this.#entries.values()].reduce((a, b) => {
        const waits = Number(a.requires.length > 0) - Number(b.requires.length > 0);
        return waits !== 0 ? (waits > 0 ? a : b) : compare(a, b) > 0 ? a : b;
      });
      this.#remove(worst);
      if (worst === entry) return false;
    }
    return true;
  }

  #add(entry: Pooled): void {
    this.#entries.set(entry.hash, entry);
    this.#bytes += entry.extrinsic.length;
    if (entry.requires.length === 0) this.#ready += 1;
    for (const tag of entry.provides) this.#providers.set(tag, entry.hash);
  }

  #remove({ hash }: Pooled): void {
    const entry = this.#entries.get(hash);
    if (entry === undefined) return;
    this.#entries.delete(hash);
    if (entry.requires.length === 0) this.#ready -= 1;
    this.#bytes -= entry.extrinsic.length;
    for (const tag of entry.provides) if (this.#providers.get(tag) === entry.hash) this.#providers.delete(tag);
  }
}
