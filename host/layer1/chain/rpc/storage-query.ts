import { toNibbles } from '@tea/protocol/layer1';
import type { Hashing } from '../hashing.ts';
import { merkleValue, valueHash } from '../trie/node.ts';
import type { Trie } from '../trie/trie.ts';
import { hex } from './context.ts';
import { hexBytes, RPC_ERRORS, RpcError } from './json-rpc.ts';

const KINDS = ['value', 'hash', 'closestDescendantMerkleValue', 'descendantsValues', 'descendantsHashes'] as const;

export type StorageQuery = { readonly key: Uint8Array; readonly kind: (typeof KINDS)[number] };
export type StorageItem = { readonly key: string; readonly value?: string; readonly hash?: string; readonly closestDescendantMerkleValue?: string };

/** The `items` of `chainHead_v1_storage` and `archive_v1_storage`. */
export function parseStorageQueries(items: readonly unknown[]): StorageQuery[] {
  return items.map((item) => {
    const { key, type } = (typeof item === 'object' && item !== null ? item : {}) as { key?: unknown; type?: unknown };
    const bytes = hexBytes(key);
    const kind = KINDS.find((known) => known === type);
    if (bytes === null || kind === undefined) throw new RpcError(RPC_ERRORS.invalidParams, 'expected items of { key: hex, type: kind of query }');
    return { key: bytes, kind };
  });
}

/** Lazy: a query for descendants may have many results. */
export function* answerStorageQueries(state: Trie, queries: readonly StorageQuery[], { blake2b256 }: Hashing): Generator<StorageItem> {
  for (const { key, kind } of queries) {
    if (kind === 'descendantsValues' || kind === 'descendantsHashes') {
      for (const entry of state.entries(key)) {
        yield {
          key: hex(entry.key),
          ...(kind === 'descendantsValues' ? { value: hex(entry.value.bytes) } : { hash: hex(valueHash(entry.value, blake2b256)) }),
        };
      }
    } else if (kind === 'closestDescendantMerkleValue') {
      const closest = state.closestDescendant(toNibbles(key));
      if (closest !== null) yield { key: hex(key), closestDescendantMerkleValue: hex(merkleValue(closest.node, blake2b256)) };
    } else {
      const value = state.find(toNibbles(key))?.value ?? null;
      if (value !== null) yield { key: hex(key), ...(kind === 'value' ? { value: hex(value.bytes) } : { hash: hex(valueHash(value, blake2b256)) }) };
    }
  }
}
