export type Pooled = {
  /** BLAKE2b-256 of the extrinsic, hex. */
  readonly hash: string;
  readonly extrinsic: Uint8Array;
  readonly priority: bigint;
  /** Tags (hex) not yet provided by the chain. */
  readonly requires: readonly string[];
  readonly provides: readonly string[];
  /** The last block that may hold it. */
  readonly validTill: number;
  readonly arrival: number;
};
