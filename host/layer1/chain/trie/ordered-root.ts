import { encodeCompact } from '@tea/protocol/layer1';
import type { Hash, StateVersion } from './node.ts';
import { Trie } from './trie.ts';

/** The root of the list's trie: keys are SCALE compact indices. Headers hold it as the extrinsics root (specification, definition 10). */
export function orderedRoot(items: readonly Uint8Array[], version: StateVersion, hash: Hash): Uint8Array {
  return items.reduce((trie, item, index) => trie.with(encodeCompact(index), item, version), Trie.empty).rootHash(hash);
}
