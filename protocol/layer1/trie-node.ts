import { concatBytes } from '../bytes.ts';
import { TeaError } from '../errors.ts';
import { encodeCompact, ScaleReader } from './scale.ts';

/**
 * The state trie's node codec (Polkadot specification, 2.3.3), state version 1: a value longer than 32 bytes stands in its node as its hash.
 * Nibbles are one per array element, 0-15.
 */
export type TrieValue = { readonly kind: 'inline'; readonly bytes: Uint8Array } | { readonly kind: 'hashed'; readonly hash: Uint8Array };

export type TrieNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'leaf'; readonly partial: Uint8Array; readonly value: TrieValue }
  | {
      readonly kind: 'branch';
      readonly partial: Uint8Array;
      readonly value: TrieValue | null;
      /** 16 merkle values: a child's encoding when it is shorter than 32 bytes, else its hash; null where there is no child. */
      readonly children: readonly (Uint8Array | null)[];
    };

/** From this length on, a node's or value's hash stands for it. */
export const INLINE_NODE_LIMIT = 32;
export const MAX_INLINE_VALUE = 32;

const LEAF = { prefix: 0b0100_0000, mask: 0x3f };
const BRANCH = { prefix: 0b1000_0000, mask: 0x3f };
const BRANCH_WITH_VALUE = { prefix: 0b1100_0000, mask: 0x3f };
const LEAF_HASHED = { prefix: 0b0010_0000, mask: 0x1f };
const BRANCH_HASHED = { prefix: 0b0001_0000, mask: 0x0f };

export function encodeTrieNode(node: TrieNode): Uint8Array {
  if (node.kind === 'empty') return Uint8Array.of(0);
  if (node.kind === 'leaf') {
    return concatBytes(encodePartial(node.value.kind === 'inline' ? LEAF : LEAF_HASHED, node.partial), encodeValue(node.value));
  }
  const variant = node.value === null ? BRANCH : node.value.kind === 'inline' ? BRANCH_WITH_VALUE : BRANCH_HASHED;
  let bitmap = 0;
  const parts: Uint8Array[] = [];
  node.children.forEach((child, index) => {
    if (child === null) return;
    bitmap |= 1 << index;
    parts.push(encodeCompact(child.length), child);
  });
  return concatBytes(
    encodePartial(variant, node.partial),
    Uint8Array.of(bitmap & 0xff, bitmap >> 8),
    node.value === null ? new Uint8Array(0) : encodeValue(node.value),
    ...parts,
  );
}

/** @throws TeaError `badMessage` on anything but exactly one node */
export function decodeTrieNode(bytes: Uint8Array): TrieNode {
  const reader = new ScaleReader(bytes, 'state trie node');
  const node = readNode(reader);
  reader.end();
  return node;
}

function readNode(reader: ScaleReader): TrieNode {
  const first = reader.u8();
  if (first === 0) return { kind: 'empty' };
  const variant = [LEAF, BRANCH, BRANCH_WITH_VALUE, LEAF_HASHED, BRANCH_HASHED].find(({ prefix, mask }) => (first & ~mask & 0xff) === prefix);
  if (variant === undefined) throw bad('a leaf or a branch', `node type 0x${first.toString(16)}`);
  const partial = readPartial(reader, first, variant.mask);
  if (variant === LEAF || variant === LEAF_HASHED) return { kind: 'leaf', partial, value: readValue(reader, variant === LEAF_HASHED) };
  const bitmap = reader.u16();
  if (bitmap === 0) throw bad('a branch with children', 'none');
  const value = variant === BRANCH ? null : readValue(reader, variant === BRANCH_HASHED);
  const children = Array.from({ length: 16 }, (_, index) => ((bitmap >> index) & 1 ? readChild(reader) : null));
  return { kind: 'branch', partial, value, children };
}

function readChild(reader: ScaleReader): Uint8Array {
  const child = reader.vector();
  if (child.length === 0 || child.length > 32) throw bad('a child of 1 to 32 bytes', `${child.length}`);
  return child.slice();
}

function readValue(reader: ScaleReader, hashed: boolean): TrieValue {
  return hashed ? { kind: 'hashed', hash: reader.bytes(32).slice() } : { kind: 'inline', bytes: reader.vector().slice() };
}

function encodeValue(value: TrieValue): Uint8Array {
  return value.kind === 'hashed' ? value.hash : concatBytes(encodeCompact(value.bytes.length), value.bytes);
}

/** The header's low bits hold the nibble count; a full field continues in bytes of 255 and a last smaller one. */
function encodePartial({ prefix, mask }: { prefix: number; mask: number }, partial: Uint8Array): Uint8Array {
  const count = partial.length;
  const header: number[] = [prefix | Math.min(count, mask)];
  if (count >= mask) {
    let rest = count - mask;
    for (; rest >= 255; rest -= 255) header.push(255);
    header.push(rest);
  }
  const odd = count % 2;
  if (odd === 1) header.push(partial[0] ?? 0);
  for (let i = odd; i < count; i += 2) header.push(((partial[i] ?? 0) << 4) | (partial[i + 1] ?? 0));
  return Uint8Array.from(header);
}

function readPartial(reader: ScaleReader, first: number, mask: number): Uint8Array {
  let count = first & mask;
  if (count === mask) {
    let more: number;
    do {
      more = reader.u8();
      count += more;
      // Specification 2.3.3: a partial key has fewer than 2^16 nibbles.
      if (count > 0xffff) throw bad('fewer than 65,536 nibbles', 'more');
    } while (more === 255);
  }
  const packed = reader.bytes((count + 1) >> 1);
  const odd = count % 2;
  if (odd === 1 && (packed[0] ?? 0) > 0xf) throw bad('zero padding before an odd partial key', 'other bits');
  return Uint8Array.from({ length: count }, (_, i) => {
    const byte = packed[(i + odd) >> 1] ?? 0;
    return (i + odd) % 2 === 0 ? byte >> 4 : byte & 0xf;
  });
}

/** @returns the key as nibbles, high half first */
export function toNibbles(key: Uint8Array): Uint8Array {
  const nibbles = new Uint8Array(key.length * 2);
  for (let i = 0; i < key.length; i++) {
    nibbles[2 * i] = (key[i] ?? 0) >> 4;
    nibbles[2 * i + 1] = (key[i] ?? 0) & 0xf;
  }
  return nibbles;
}

function bad(expected: string, actual: string): TeaError {
  return new TeaError('badMessage', 'This is not a state trie node', { expected, actual });
}
