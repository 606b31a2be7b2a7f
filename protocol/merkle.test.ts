import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { equalBytes, leafHash, merkleTree, sha256, verifyInclusion } from './index.ts';

/** Leaves and roots of the certificate-transparency project's test tree (merkletree/merkle_tree_test.cc), as RFC 6962 and 9162 hash them. */
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) =>
  leafHash(Uint8Array.fromHex(hex)),
);
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const leaf = (index: number) => leafHash(Uint8Array.of(index >> 8, index & 0xff));
const treeOf = (size: number) => merkleTree(Array.from({ length: size }, (_, index) => leaf(index)));
const sizes = fc.integer({ min: 1, max: 300 });

test('an inner node never stands for a leaf (second preimage)', () => {
  const [a, b, c, d] = LEAVES;
  assert.ok(a && b && c && d);
  const { root } = merkleTree([a, b, c, d]);
  const inner = sha256(Uint8Array.of(1), a, b);
  const sibling = sha256(Uint8Array.of(1), c, d);
  assert.ok(verifyInclusion({ index: 0, size: 2, path: [sibling] }, inner, root), 'an inner hash taken for a leaf hash would be included …');
  assert.ok(!verifyInclusion({ index: 0, size: 2, path: [sibling] }, leafHash(Uint8Array.of(...a, ...b)), root), '… but no entry has that leaf hash');
  assert.ok(!verifyInclusion({ index: 0, size: 2, path: [sibling] }, leafHash(Uint8Array.of(1, ...a, ...b)), root));
});

test('a proof fits no other leaf, place, size or path', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), fc.nat(), (size, at, other) => {
      const tree = treeOf(size);
      const index = at % size;
      const proof = tree.proofOf(index);
      assert.ok(!verifyInclusion(proof, leaf(index + 1000), tree.root));
      const elsewhere = other % size;
      if (elsewhere !== index) assert.ok(!verifyInclusion({ ...proof, index: elsewhere }, leaf(index), tree.root));
      assert.ok(!verifyInclusion({ ...proof, path: [...proof.path, sha256()] }, leaf(index), tree.root));
      if (proof.path.length > 0) assert.ok(!verifyInclusion({ ...proof, path: proof.path.slice(1) }, leaf(index), tree.root));
      assert.ok(!verifyInclusion({ ...proof, index: size }, leaf(index), tree.root));
    }),
  );
});

test('hashes the trees of RFC 9162 to the published roots', () => {
  for (const [size, root] of ROOTS.entries()) assert.equal(merkleTree(LEAVES.slice(0, size)).root.toHex(), root, `${size} leaves`);
});

test('every leaf of every tree has a proof, no longer than log2 of the size', () => {
  fc.assert(
    fc.property(sizes, fc.nat(), (size, at) => {
      const tree = treeOf(size);
      const proof = tree.proofOf(at % size);
      assert.ok(verifyInclusion(proof, leaf(at % size), tree.root));
      assert.ok(proof.path.length <= Math.ceil(Math.log2(size)));
    }),
  );
  assert.throws(() => treeOf(3).proofOf(3), RangeError);
  assert.ok(equalBytes(treeOf(1).root, leaf(0)));
});
