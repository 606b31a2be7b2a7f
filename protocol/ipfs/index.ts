import type { NatsConnection } from '@nats-io/nats-core';
export type AddedContent = { readonly cid: string; /** bytes of the content itself */ readonly size: number; readonly sha256: Uint8Array };
export type AddOptions = { readonly signal?: AbortSignal; readonly onProgress?: (bytesStored: number) => void };
export type CatOptions = { readonly signal?: AbortSignal; /** refused with `limit` beyond; default 1 GiB */ readonly maxBytes?: number };
export type ContentStat = { readonly cid: string; readonly size: number; readonly pinned: boolean };
export type IpfsClient = {
  /** Imports here (so the CID is ours, not the host's word), stores block by block, then has the root pinned. */
  add(source: AsyncIterable<Uint8Array>, options?: AddOptions): Promise<AddedContent>;
  /** The file's bytes in order, each block verified against its CID before a byte of it is given. */
  cat(cid: string, options?: CatOptions): AsyncIterable<Uint8Array>;
  /** What the host says: not verified. */
  stat(cid: string, options?: { readonly signal?: AbortSignal }): Promise<ContentStat>;
};
export type IpfsClientOptions = { /** per request, default 10 s */ readonly requestTimeoutMs?: number };
export declare function ipfsClient(connection: NatsConnection, options?: IpfsClientOptions): IpfsClient;
