/** A finalised block whose header the ledger checked. */
export type ProvenBlock = {
  readonly number: number;
  readonly hash: Uint8Array;
  /** Whether the genesis block that it goes back to is one we were told to expect, or the one that the host named. */
  readonly genesis: 'pinned' | 'word';
  /** That the block is final is always the host's word here: a header shows who made it, not who agreed. `grandpa_proveFinality` shows that. */
  readonly finality: 'word';
};

/**
 * A value of layer 1, and what it stands on. `proof`: a storage proof leads to it from the state root of a header that an authority of the chain
 * sealed and that follows every header believed before. `word`: the host said so, and `why` nothing better was to be had.
 */
export type Verified<T> =
  | { readonly verified: 'proof'; readonly value: T; readonly block: ProvenBlock }
  | { readonly verified: 'word'; readonly value: T; readonly block: { readonly number: number; readonly hash: Uint8Array }; readonly why: string };

/** Judges what stood under `value`; what it stands on stays. */
export function mapVerified<T, U>(from: Verified<T>, map: (value: T) => U): Verified<U> {
  return { ...from, value: map(from.value) };
}
