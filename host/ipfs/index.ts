import type { NatsConnection } from '@nats-io/transport-node';
export type { IpfsNode } from './ipfs-node.ts';
import type { IpfsNode } from './ipfs-node.ts';
export declare function openHeliaNode(options: { readonly dataDir: string; readonly signal?: AbortSignal }): Promise<IpfsNode>;
/** Serves `tea.ipfs.*` from `node` until disposed. */
export declare function serveIpfs(options: { readonly node: IpfsNode; readonly connection: NatsConnection; readonly log?: (entry: { readonly correlation: string; readonly error: unknown }) => void }): AsyncDisposable;
