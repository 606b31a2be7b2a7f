import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex } from '../bytes.ts';
import { isTeaError } from '../errors.ts';
import { verifyReadProof } from './read-proof.ts';
import { decodeTrieNode, encodeTrieNode, type TrieNode, type TrieValue } from './trie-node.ts';

const options = { noNullPrototype: true };
const partial = fc.uint8Array({ maxLength: 700, max: 15 });
const value: fc.Arbitrary<TrieValue> = fc.oneof(
  fc.record({ kind: fc.constant('inline' as const), bytes: fc.uint8Array({ maxLength: 100 }) }, options),
  fc.record({ kind: fc.constant('hashed' as const), hash: fc.uint8Array({ minLength: 32, maxLength: 32 }) }, options),
);
const children = fc
  .array(fc.option(fc.uint8Array({ minLength: 1, maxLength: 32 })), { minLength: 16, maxLength: 16 })
  .filter((list) => list.some((child) => child !== null));
const node: fc.Arbitrary<TrieNode> = fc.oneof(
  fc.record({ kind: fc.constant('leaf' as const), partial, value }, options),
  fc.record({ kind: fc.constant('branch' as const), partial, value: fc.option(value), children }, options),
);

test('decodes what it encodes, partial keys of every header form among them', () => {
  fc.assert(fc.property(node, (original) => assert.deepEqual(decodeTrieNode(encodeTrieNode(original)), original)));
  for (const count of [0, 1, 14, 15, 16, 30, 31, 32, 62, 63, 64, 63 + 254, 63 + 255, 63 + 256]) {
    const leaf: TrieNode = { kind: 'leaf', partial: new Uint8Array(count).fill(7), value: { kind: 'inline', bytes: Uint8Array.of(1) } };
    assert.deepEqual(decodeTrieNode(encodeTrieNode(leaf)), leaf, `${count} nibbles`);
  }
});

test('never fails on hostile bytes but with a TeaError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decodeTrieNode(bytes);
      } catch (error) {
        assert.ok(isTeaError(error, 'badMessage'));
      }
    }),
    { numRuns: 2_000 },
  );
});

test('refuses a partial key without end, a branch without children and padding that isn’t zero', () => {
  for (const hex of [`7f${'ff'.repeat(300)}`, '800000', '41f104aa']) {
    assert.throws(
      () => decodeTrieNode(fromHex(hex)),
      (error) => isTeaError(error, 'badMessage'),
    );
  }
});

test('refuses a proof of another root, an empty one and one with a broken node', () => {
  const stateRoot = new Uint8Array(32);
  const key = Uint8Array.of(1);
  for (const proof of [[], [Uint8Array.of(0)], [Uint8Array.of(0x41)]]) {
    assert.throws(
      () => verifyReadProof({ stateRoot, proof, key }),
      (error) => isTeaError(error, 'corrupt'),
    );
  }
});
