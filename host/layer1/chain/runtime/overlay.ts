import { concatBytes } from '@tea/protocol';
import { encodeCompact, ScaleReader } from '@tea/protocol/layer1';
import type { Trie } from '../trie/trie.ts';

/** Keys as strings of one character per byte (latin1): the same order as bytes, and fit for a Map. */
export type KeyText = string;

/** `list` is a SCALE vector that is appended to; see `append`. null says the key was removed. */
type Change = { readonly kind: 'value'; readonly bytes: Uint8Array } | AppendedList | null;
type AppendedList = { readonly kind: 'list'; readonly count: number; readonly buffer: Uint8Array; readonly length: number };

/**
 * What a block, or one call, wrote on top of a state, with nested transactions that can be rolled back (the host API's `ext_storage_*`).
 * Nothing reaches the trie before `applied`.
 */
export class Overlay {
  readonly base: Trie;
  readonly #changes = new Map<KeyText, Change>();
  /** One a transaction: what each key it touched was before; undefined where the overlay held nothing. */
  readonly #undo: Map<KeyText, Change | undefined>[] = [];
  #sortedKeys: KeyText[] | null = null;
  #applied: Trie | null = null;

  constructor(base: Trie) {
    this.base = base;
  }

  get depth(): number {
    return this.#undo.length;
  }

  get(key: KeyText): Uint8Array | null {
    const change = this.#changes.get(key);
    if (change === undefined) return this.base.get(keyBytes(key));
    if (change === null) return null;
    return change.kind === 'value' ? change.bytes : concatBytes(encodeCompact(change.count), change.buffer.subarray(0, change.length));
  }

  /** What was written at `key` on top of the state; undefined when nothing was. */
  written(key: KeyText): Uint8Array | null | undefined {
    return this.#changes.has(key) ? this.get(key) : undefined;
  }

  has(key: KeyText): boolean {
    const change = this.#changes.get(key);
    return change === undefined ? this.base.get(keyBytes(key)) !== null : change !== null;
  }

  set(key: KeyText, bytes: Uint8Array | null): void {
    this.#change(key, bytes === null ? null : { kind: 'value', bytes });
  }

  /**
   * Adds one encoded element to the SCALE vector at `key`; what isn't a vector is replaced by one of this element (host API, 6.1.9).
   * The buffer is shared with earlier states of the list and only ever written past their length, so a rollback just takes the earlier
   * length again and a block's thousands of events are not copied for each.
   */
  append(key: KeyText, element: Uint8Array): void {
    const list = this.#listAt(key);
    const length = list.length + element.length;
    let buffer = list.buffer;
    if (length > buffer.length) {
      buffer = new Uint8Array(Math.max(256, length * 2));
      buffer.set(list.buffer.subarray(0, list.length));
    }
    buffer.set(element, list.length);
    this.#change(key, { kind: 'list', count: list.count + 1, buffer, length });
  }

  /**
   * Removes keys under `prefix`: all that the overlay holds, and of the state's own at most `limit`, which alone are counted
   * (sp-state-machine `Ext::clear_prefix`).
   */
  clearPrefix(prefix: KeyText, limit: number | null): { readonly removed: number; readonly complete: boolean } {
    for (const [key, change] of this.#changes) if (change !== null && key.startsWith(prefix)) this.set(key, null);
    let removed = 0;
    for (const { key } of this.base.entries(keyBytes(prefix))) {
      if (removed === limit) return { removed, complete: false };
      this.set(keyText(key), null);
      removed += 1;
    }
    return { removed, complete: true };
  }

  nextKey(key: KeyText): KeyText | null {
    this.#sortedKeys ??= [...this.#changes.keys()].sort((a, b) => (a < b ? -1 : 1));
    const sorted = this.#sortedKeys;
    let at = firstAfter(sorted, key);
    let inBase = this.base.nextKey(keyBytes(key));
    for (;;) {
      const baseKey = inBase === null ? null : keyText(inBase);
      while (at < sorted.length && this.#changes.get(sorted[at] ?? '') === null && (baseKey === null || (sorted[at] ?? '') < baseKey)) at++;
      const ours = sorted[at] ?? null;
      if (baseKey === null || inBase === null) return ours;
      if (ours !== null && ours < baseKey) return ours;
      if (this.#changes.get(baseKey) !== null) return baseKey;
      inBase = this.base.nextKey(inBase);
    }
  }

  begin(): void {
    this.#undo.push(new Map());
  }

  /** @returns false when no transaction is open */
  commit(): boolean {
    const done = this.#undo.pop();
    if (done === undefined) return false;
    const outer = this.#undo.at(-1);
    if (outer !== undefined) for (const [key, before] of done) if (!outer.has(key)) outer.set(key, before);
    return true;
  }

  /** @returns false when no transaction is open */
  rollback(): boolean {
    const undone = this.#undo.pop();
    if (undone === undefined) return false;
    for (const [key, before] of undone) {
      if (before === undefined) this.#changes.delete(key);
      else this.#changes.set(key, before);
    }
    this.#sortedKeys = null;
    this.#applied = null;
    return true;
  }

  /** The state with all changes in it. */
  applied(): Trie {
    if (this.#applied === null) {
      let trie = this.base;
      for (const [key, value] of this.changes()) trie = value === null ? trie.without(keyBytes(key)) : trie.with(keyBytes(key), value);
      this.#applied = trie;
    }
    return this.#applied;
  }

  *changes(): Generator<readonly [KeyText, Uint8Array | null]> {
    for (const [key, change] of this.#changes) yield [key, change === null ? null : this.get(key)];
  }

  #change(key: KeyText, change: Change): void {
    const before = this.#changes.get(key);
    const undo = this.#undo.at(-1);
    if (undo !== undefined && !undo.has(key)) undo.set(key, before);
    if (before === undefined) this.#sortedKeys = null;
    this.#applied = null;
    this.#changes.set(key, change);
  }

  #listAt(key: KeyText): AppendedList {
    const change = this.#changes.get(key);
    if (change !== undefined && change !== null && change.kind === 'list') return change;
    const bytes = this.get(key);
    if (bytes !== null) {
      try {
        const reader = new ScaleReader(bytes, 'SCALE vector');
        const count = reader.compact();
        // A buffer of its own: the state's bytes are shared and must not be written to.
        return { kind: 'list', count, buffer: bytes.slice(bytes.length - reader.remaining), length: reader.remaining };
      } catch {
        // Not a vector: the host API says to start anew.
      }
    }
    return { kind: 'list', count: 0, buffer: new Uint8Array(0), length: 0 };
  }
}

function firstAfter(sorted: readonly KeyText[], key: KeyText): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') <= key) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function keyText(key: Uint8Array): KeyText {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString('latin1');
}

export function keyBytes(key: KeyText): Uint8Array {
  return Buffer.from(key, 'latin1');
}
