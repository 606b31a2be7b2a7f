export type Abortable = { readonly signal?: AbortSignal };

export type CatRange = Abortable & {
  /** First byte, default 0. */
  readonly offset?: number;
  /** How many bytes, default all that follow. Beyond the end there is nothing. */
  readonly length?: number;
};

/** Keeps the collector away from blocks that no pin holds yet. */
export type Writing = {
  /** Ends the protection; `garbage` has what was left behind collected as soon as nobody writes. */
  done(left: 'nothing' | 'garbage'): void;
};

/**
 * A store of IPFS content, whoever runs it: Helia in this process, or Kubo beside it. `ipfs-node.contract.ts` says in tests what is said here.
 *
 * CIDs are version 1 with SHA-256, raw or dag-pb; files are cut as `importFile` of the protocol cuts them, so the same bytes have the same CID everywhere.
 * Every method throws TeaError: `badInput` for another kind of CID, `notFound` for what isn't here, `storage` when the disk is full or fails,
 * `cancelled`. Nothing is fetched from a network.
 */
export type IpfsNode = AsyncDisposable & {
  /** For logs and status screens. */
  readonly id: string;
  /** Imports a file and pins it. All or nothing: after an error nothing of it is pinned and its blocks are collected. */
  add(source: AsyncIterable<Uint8Array>, options?: Abortable): Promise<{ readonly cid: string; readonly size: number }>;
  cat(cid: string, range?: CatRange): AsyncIterable<Uint8Array>;
  /** `pinned` says whether this very CID is pinned, not whether a larger content holds it. */
  stat(cid: string, options?: Abortable): Promise<{ readonly cid: string; readonly size: number; readonly pinned: boolean }>;
  /** Pins a content whose blocks are all here; a second time is no error. `notFound` when one is missing: then nothing is pinned. */
  pin(cid: string, options?: Abortable): Promise<void>;
  /** `notFound` when it isn't pinned. */
  unpin(cid: string, options?: Abortable): Promise<void>;
  pins(options?: Abortable): AsyncIterable<string>;
  getBlock(cid: string, options?: Abortable): Promise<Uint8Array>;
  /** `corrupt` unless the bytes have that hash, `limit` beyond 2 MiB. */
  putBlock(cid: string, bytes: Uint8Array, options?: Abortable): Promise<void>;
  /** To be held over a series of `putBlock` and the `pin` that ends it. */
  write(): Promise<Writing>;
  /** Deletes the blocks that no pin holds, once nobody writes. */
  gc(): Promise<void>;
};
