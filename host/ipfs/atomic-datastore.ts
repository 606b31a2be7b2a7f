import { BaseDatastore } from 'datastore-core';
import type { Datastore, Key, KeyQuery, Pair, Query } from 'interface-datastore';
import { NotFoundError } from 'interface-store';

type Write = { readonly key: Key; /** `undefined` deletes it. */ readonly value: Uint8Array | undefined };

/**
 * Helia records a pin as one entry per block, each written by itself: a full disk half way would leave blocks that count as pinned by nothing.
 * `atomically` holds the writes back and commits them as one batch, which LevelDB writes whole or not at all.
 */
export class AtomicDatastore extends BaseDatastore {
  readonly #child: Datastore;
  #held: Map<string, Write> | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(child: Datastore) {
    super();
    this.#child = child;
  }

  /** One after the other. When `work` throws, nothing of what it wrote stays. */
  async atomically<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#transact(work));
    this.#last = turn.catch(() => undefined);
    return await turn;
  }

  async #transact<T>(work: () => Promise<T>): Promise<T> {
    const held = new Map<string, Write>();
    this.#held = held;
    try {
      const result = await work();
      const batch = this.#child.batch();
      for (const { key, value } of held.values()) {
        if (value === undefined) batch.delete(key);
        else batch.put(key, value);
      }
      await batch.commit();
      return result;
    } finally {
      this.#held = undefined;
    }
  }

  override async put(key: Key, value: Uint8Array): Promise<Key> {
    if (this.#held === undefined) return await this.#child.put(key, value);
    this.#held.set(key.toString(), { key, value });
    return key;
  }

  override async delete(key: Key): Promise<void> {
    if (this.#held === undefined) await this.#child.delete(key);
    else this.#held.set(key.toString(), { key, value: undefined });
  }

  override async get(key: Key): Promise<Uint8Array> {
    const entry = this.#held?.get(key.toString());
    if (entry === undefined) return await this.#child.get(key);
    if (entry.value === undefined) throw new NotFoundError();
    return entry.value;
  }

  override async has(key: Key): Promise<boolean> {
    const entry = this.#held?.get(key.toString());
    return entry === undefined ? await this.#child.has(key) : entry.value !== undefined;
  }

  /** Of what is committed. */
  override query(query: Query): AsyncGenerator<Pair> | Generator<Pair> {
    return this.#child.query(query) as AsyncGenerator<Pair>;
  }

  override queryKeys(query: KeyQuery): AsyncGenerator<Key> | Generator<Key> {
    return this.#child.queryKeys(query) as AsyncGenerator<Key>;
  }
}
