import type { Author } from '../authoring/author.ts';
import type { Blockchain } from '../blockchain.ts';
import type { Params } from './json-rpc.ts';

/** What methods are about. */
export type RpcContext = {
  readonly chain: Blockchain;
  readonly author: Author;
  readonly chainName: string;
};

/** Answers one request, or throws RpcError. */
export type RpcMethod = (params: Params) => unknown;
export type RpcMethods = Readonly<Record<string, RpcMethod>>;

export function hex(bytes: Uint8Array): string {
  return `0x${bytes.toHex()}`;
}
