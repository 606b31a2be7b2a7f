import { encodeTrieNode, INLINE_NODE_LIMIT, MAX_INLINE_VALUE, type TrieValue } from '@tea/protocol/layer1';

export type Hash = (data: Uint8Array) => Uint8Array;

/**
 * A node of the state trie in memory. Nodes are never changed once a trie holds them: a write copies the path to the root, so every block's
 * state is one reference and all states share what they have in common. Only the caches are filled in later.
 */
export type MemoryNode = {
  readonly partial: Uint8Array;
  readonly value: StoredValue | null;
  /** 16 places, or null for a leaf. */
  readonly children: readonly (MemoryNode | null)[] | null;
  /** Cache: what stands for this node in its parent. */
  merkleValue: Uint8Array | null;
};

/**
 * A value, and its hash once computed: a state holds its own runtime code of over a megabyte. Whether it stands in its node in full or as
 * its hash was decided by the state version under which it was written (1: hashed when longer than 32 bytes; 0: never).
 */
export type StoredValue = { readonly bytes: Uint8Array; readonly hashed: boolean; hash: Uint8Array | null };
export type StateVersion = 0 | 1;

export function storedValue(bytes: Uint8Array, version: StateVersion): StoredValue {
  return { bytes, hashed: version === 1 && bytes.length > MAX_INLINE_VALUE, hash: null };
}

export function memoryNode(partial: Uint8Array, value: StoredValue | null, children: readonly (MemoryNode | null)[] | null): MemoryNode {
  return { partial, value, children, merkleValue: null };
}

/** Polkadot specification, 2.3.3. */
export function encodeMemoryNode(node: MemoryNode, hash: Hash): Uint8Array {
  const value = node.value === null ? null : encodedValue(node.value, hash);
  if (node.children !== null) {
    return encodeTrieNode({
      kind: 'branch',
      partial: node.partial,
      value,
      children: node.children.map((child) => (child === null ? null : merkleValue(child, hash))),
    });
  }
  return value === null ? encodeTrieNode({ kind: 'empty' }) : encodeTrieNode({ kind: 'leaf', partial: node.partial, value });
}

/** What stands for a node in its parent: its encoding if shorter than a hash, else its hash. */
export function merkleValue(node: MemoryNode, hash: Hash): Uint8Array {
  if (node.merkleValue === null) {
    const encoded = encodeMemoryNode(node, hash);
    node.merkleValue = encoded.length < INLINE_NODE_LIMIT ? encoded : hash(encoded);
  }
  return node.merkleValue;
}

export function rootHash(root: MemoryNode | null, hash: Hash): Uint8Array {
  if (root === null) return hash(encodeTrieNode({ kind: 'empty' }));
  const value = merkleValue(root, hash);
  // The root is always hashed, however short (specification, definition 33).
  return value.length < INLINE_NODE_LIMIT ? hash(value) : value;
}

export function valueHash(value: StoredValue, hash: Hash): Uint8Array {
  value.hash ??= hash(value.bytes);
  return value.hash;
}

function encodedValue(value: StoredValue, hash: Hash): TrieValue {
  return value.hashed ? { kind: 'hashed', hash: valueHash(value, hash) } : { kind: 'inline', bytes: value.bytes };
}
