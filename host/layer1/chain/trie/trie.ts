import { concatBytes } from '@tea/protocol';
import { type Hash, type MemoryNode, memoryNode, rootHash, type StateVersion, type StoredValue, storedValue } from './node.ts';
import { toNibbles } from '@tea/protocol/layer1';

/** One state: an immutable map from keys to values with a Merkle root. `with` and `without` return another one. */
export class Trie {
  static readonly empty = new Trie(null);
  readonly root: MemoryNode | null;

  private constructor(root: MemoryNode | null) {
    this.root = root;
  }

  rootHash(hash: Hash): Uint8Array {
    return rootHash(this.root, hash);
  }

  get(key: Uint8Array): Uint8Array | null {
    return this.find(toNibbles(key))?.value?.bytes ?? null;
  }

  with(key: Uint8Array, value: Uint8Array, version: StateVersion = 1): Trie {
    return new Trie(insert(this.root, toNibbles(key), storedValue(value, version)));
  }

  without(key: Uint8Array): Trie {
    const root = this.root === null ? null : remove(this.root, toNibbles(key));
    return root === this.root ? this : new Trie(root);
  }

  /** The node at which `nibbles` end exactly. */
  find(nibbles: Uint8Array): MemoryNode | null {
    let node = this.root;
    let depth = 0;
    while (node !== null) {
      if (!startsWith(nibbles, node.partial, depth)) return null;
      depth += node.partial.length;
      if (depth === nibbles.length) return node;
      node = node.children?.[nibbles[depth] ?? 0] ?? null;
      depth += 1;
    }
    return null;
  }

  /** The topmost node whose key begins with `prefix`, and that key. */
  closestDescendant(prefix: Uint8Array): { readonly node: MemoryNode; readonly nibbles: Uint8Array } | null {
    let node = this.root;
    let path: Uint8Array = new Uint8Array(0);
    while (node !== null) {
      const nibbles = concatBytes(path, node.partial);
      if (nibbles.length >= prefix.length) return startsWith(nibbles, prefix, 0) ? { node, nibbles } : null;
      if (!startsWith(prefix, nibbles, 0)) return null;
      const branch = prefix[nibbles.length] ?? 0;
      node = node.children?.[branch] ?? null;
      path = concatBytes(nibbles, Uint8Array.of(branch));
    }
    return null;
  }

  /** Keys that begin with `prefix`, in order, with their values. Lazy: one may stop at any entry. */
  *entries(prefix: Uint8Array): Generator<{ readonly key: Uint8Array; readonly value: StoredValue }> {
    const top = this.closestDescendant(toNibbles(prefix));
    if (top !== null) yield* walk(top.node, top.nibbles);
  }

  /** The smallest key greater than `key`. */
  nextKey(key: Uint8Array): Uint8Array | null {
    const found = this.root === null ? null : after(this.root, new Uint8Array(0), toNibbles(key));
    return found === null ? null : fromNibbles(found);
  }
}

function insert(node: MemoryNode | null, key: Uint8Array, value: StoredValue): MemoryNode {
  if (node === null) return memoryNode(key, value, null);
  const shared = sharedLength(node.partial, key);
  if (shared === node.partial.length) {
    if (shared === key.length) return memoryNode(node.partial, value, node.children);
    const at = key[shared] ?? 0;
    const children = node.children === null ? noChildren() : node.children.slice();
    children[at] = insert(children[at] ?? null, key.subarray(shared + 1), value);
    return memoryNode(node.partial, node.value, children);
  }
  const children = noChildren();
  children[node.partial[shared] ?? 0] = memoryNode(node.partial.slice(shared + 1), node.value, node.children);
  const partial = node.partial.slice(0, shared);
  if (shared === key.length) return memoryNode(partial, value, children);
  children[key[shared] ?? 0] = memoryNode(key.slice(shared + 1), value, null);
  return memoryNode(partial, null, children);
}

/** Returns the very same node when the key isn't there, so that nothing is hashed anew. */
function remove(node: MemoryNode, key: Uint8Array): MemoryNode | null {
  const shared = sharedLength(node.partial, key);
  if (shared < node.partial.length) return node;
  if (shared === key.length) return node.value === null ? node : collapse(node.partial, null, node.children);
  const at = key[shared] ?? 0;
  const child = node.children?.[at] ?? null;
  if (child === null || node.children === null) return node;
  const replaced = remove(child, key.subarray(shared + 1));
  if (replaced === child) return node;
  const children = node.children.slice();
  children[at] = replaced;
  return collapse(node.partial, node.value, children);
}

/** A branch without a value needs two children; with one it merges into it, with none it goes. */
function collapse(partial: Uint8Array, value: StoredValue | null, children: readonly (MemoryNode | null)[] | null): MemoryNode | null {
  const present = (children ?? []).flatMap((child, index) => (child === null ? [] : [{ child, index }]));
  const [only] = present;
  if (only === undefined) return value === null ? null : memoryNode(partial, value, null);
  if (present.length > 1 || value !== null) return memoryNode(partial, value, children);
  return memoryNode(concatBytes(partial, Uint8Array.of(only.index), only.child.partial), only.child.value, only.child.children);
}

function* walk(node: MemoryNode, nibbles: Uint8Array): Generator<{ readonly key: Uint8Array; readonly value: StoredValue }> {
  if (node.value !== null) yield { key: fromNibbles(nibbles), value: node.value };
  for (const [index, child] of (node.children ?? []).entries()) {
    if (child !== null) yield* walk(child, concatBytes(nibbles, Uint8Array.of(index), child.partial));
  }
}

/** First key in `node`'s subtree greater than `key`; `path` leads to the node, without its partial key. */
function after(node: MemoryNode, path: Uint8Array, key: Uint8Array): Uint8Array | null {
  const nibbles = concatBytes(path, node.partial);
  const rest = key.subarray(path.length);
  const shared = sharedLength(node.partial, rest);
  // Two ways to be past `key` already: it ends inside this node's partial key, or it branches off below it.
  if (shared < node.partial.length)
    return shared === rest.length || (rest[shared] ?? 0) < (node.partial[shared] ?? 0) ? firstKey(node, nibbles) : null;
  const from = rest.length === shared ? -1 : (rest[shared] ?? 0);
  if (node.children === null) return null;
  for (let index = Math.max(from, 0); index < 16; index++) {
    const child = node.children[index] ?? null;
    if (child === null) continue;
    const childPath = concatBytes(nibbles, Uint8Array.of(index));
    const found = index === from ? after(child, childPath, key) : firstKey(child, concatBytes(childPath, child.partial));
    if (found !== null) return found;
  }
  return null;
}

function firstKey(node: MemoryNode, nibbles: Uint8Array): Uint8Array | null {
  if (node.value !== null || node.children === null) return nibbles;
  const index = node.children.findIndex((child) => child !== null);
  const child = node.children[index] ?? null;
  return child === null ? null : firstKey(child, concatBytes(nibbles, Uint8Array.of(index), child.partial));
}

function noChildren(): (MemoryNode | null)[] {
  return Array.from({ length: 16 }, () => null);
}

function sharedLength(a: Uint8Array, b: Uint8Array): number {
  const limit = Math.min(a.length, b.length);
  let length = 0;
  while (length < limit && a[length] === b[length]) length++;
  return length;
}

function startsWith(whole: Uint8Array, part: Uint8Array, offset: number): boolean {
  if (offset + part.length > whole.length) return false;
  for (let i = 0; i < part.length; i++) if (whole[offset + i] !== part[i]) return false;
  return true;
}

function fromNibbles(nibbles: Uint8Array): Uint8Array {
  const key = new Uint8Array(nibbles.length >> 1);
  for (let i = 0; i < key.length; i++) key[i] = ((nibbles[2 * i] ?? 0) << 4) | (nibbles[2 * i + 1] ?? 0);
  return key;
}
