import * as v from 'valibot';
import { bytesOf, sha256 } from './bytes.ts';
import { equalBytes } from './cbor.ts';
import { u32 } from './integers.ts';

/** The Merkle tree of RFC 9162, 2.1 with SHA-256: a leaf and an inner node never hash alike, so neither can stand for the other. */
export type InclusionProof = { readonly index: number; readonly size: number; readonly path: readonly Uint8Array[] };

export const inclusionProofSchema = v.strictObject({ index: u32, size: u32, path: v.pipe(v.array(bytesOf(32)), v.maxLength(32)) });

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** MTH({d}) = SHA-256(0x00 ‖ d), RFC 9162, 2.1.1 */
export function leafHash(entry: Uint8Array): Uint8Array {
  return sha256(LEAF, entry);
}

function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return sha256(NODE, left, right);
}

/** All levels from the leaves up; an odd last node moves up unchanged, which equals RFC 9162's split at the largest power of two. */
function levelsOf(leaves: readonly Uint8Array[]): Uint8Array[][] {
  const levels: Uint8Array[][] = [[...leaves]];
  for (let level = levels[0] ?? []; level.length > 1;) {
    const above: Uint8Array[] = [];
    for (let left = 0; left < level.length; left += 2) {
      const [a, b] = level.slice(left, left + 2);
      if (a !== undefined) above.push(b === undefined ? a : nodeHash(a, b));
    }
    levels.push(above);
    level = above;
  }
  return levels;
}

export type MerkleTree = { readonly root: Uint8Array; readonly size: number; proofOf(index: number): InclusionProof };

/** @param leaves leaf hashes (`leafHash`), in order; an empty tree has the hash of nothing as its root */
export function merkleTree(leaves: readonly Uint8Array[]): MerkleTree {
  const levels = levelsOf(leaves);
  const size = leaves.length;
  return {
    root: levels.at(-1)?.[0] ?? sha256(),
    size,
    proofOf(index) {
      if (!Number.isInteger(index) || index < 0 || index >= size) throw new RangeError(`leaf ${index} of ${size}`);
      const path: Uint8Array[] = [];
      let position = index;
      for (const level of levels.slice(0, -1)) {
        const sibling = level[position ^ 1];
        if (sibling !== undefined) path.push(sibling);
        position >>= 1;
      }
      return { index, size, path };
    },
  };
}

/** Whether `leaf` (a leaf hash) is at `proof.index` of the tree of `proof.size` leaves with this root: RFC 9162, 2.1.3.2. */
export function verifyInclusion(proof: InclusionProof, leaf: Uint8Array, root: Uint8Array): boolean {
  if (proof.index >= proof.size) return false;
  let fn = proof.index;
  let sn = proof.size - 1;
  let hash = leaf;
  for (const sibling of proof.path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else {
      hash = nodeHash(hash, sibling);
    }
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && equalBytes(hash, root);
}
