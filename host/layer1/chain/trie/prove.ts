import { INLINE_NODE_LIMIT, toNibbles } from '@tea/protocol/layer1';
import { encodeMemoryNode, type Hash } from './node.ts';
import type { Trie } from './trie.ts';

/**
 * The parts that prove what `trie` holds, or doesn't hold, at `keys`: every hashed node on the way and every hashed value, each once.
 * `verifyReadProofs` in @tea/protocol/layer1 checks them against the root.
 */
export function proveKeys(trie: Trie, keys: readonly Uint8Array[], hash: Hash): Uint8Array[] {
  const parts = new Map<string, Uint8Array>();
  const add = (part: Uint8Array): void => void parts.set(hash(part).toHex(), part);
  if (trie.root === null) add(Uint8Array.of(0));
  for (const nibbles of keys.map(toNibbles)) {
    let node = trie.root;
    let depth = 0;
    while (node !== null) {
      const encoded = encodeMemoryNode(node, hash);
      if (node === trie.root || encoded.length >= INLINE_NODE_LIMIT) add(encoded);
      if (!node.partial.every((nibble, index) => nibbles[depth + index] === nibble)) break;
      depth += node.partial.length;
      if (depth === nibbles.length) {
        if (node.value !== null && node.value.hashed) add(node.value.bytes);
        break;
      }
      node = node.children?.[nibbles[depth] ?? 0] ?? null;
      depth += 1;
    }
  }
  return [...parts.values()];
}
