/** Placeholder of the port; see README. */
export type Pinning = { readonly signal?: AbortSignal };
export type IpfsNode = AsyncDisposable & {
  readonly id: string;
  /** Imports a file and pins it: CID v1, raw leaves, 1 MiB chunks, 1024 links a node. All or nothing. */
  add(source: AsyncIterable<Uint8Array>, options?: Pinning): Promise<{ readonly cid: string; readonly size: number }>;
  cat(cid: string, options?: { readonly offset?: number; readonly length?: number; readonly signal?: AbortSignal }): AsyncIterable<Uint8Array>;
  stat(cid: string, options?: Pinning): Promise<{ readonly cid: string; readonly size: number; readonly pinned: boolean }>;
  pin(cid: string, options?: Pinning): Promise<void>;
  unpin(cid: string, options?: Pinning): Promise<void>;
  getBlock(cid: string, options?: Pinning): Promise<Uint8Array>;
  /** @throws TeaError `corrupt` unless the bytes have that hash */
  putBlock(cid: string, bytes: Uint8Array, options?: Pinning): Promise<void>;
  /** Deletes the blocks that no pin holds. */
  gc(options?: Pinning): Promise<void>;
};
