import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes, isTeaError, toHex } from '@tea/protocol';
import { verifyReadProof, verifyReadProofs } from '@tea/protocol/layer1';
import fc from 'fast-check';
import { loadHashing } from '../hashing.ts';
import { proveKeys } from './prove.ts';
import { Trie } from './trie.ts';

const { blake2b256 } = await loadHashing();
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const trieOf = (entries: Iterable<readonly [Uint8Array, Uint8Array]>): Trie => {
  let trie = Trie.empty;
  for (const [key, value] of entries) trie = trie.with(key, value);
  return trie;
};
// Short alphabets make prefixes, splits and merges likely.
const key = fc.uint8Array({ minLength: 0, maxLength: 5, max: 0x21 });
const entry = fc.tuple(key, fc.uint8Array({ maxLength: 70 }));

test('the empty trie has the root every Substrate chain knows', () => {
  assert.equal(toHex(Trie.empty.rootHash(blake2b256)), '03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314');
});

test('a single short leaf is hashed as the root in its own encoding (parity trie-root `single_trie_entry`)', () => {
  // 0x42 = leaf, 2 nibbles; key 0xaa; compact(1) value 0xbb.
  assert.deepEqual(trieOf([[Uint8Array.of(0xaa), Uint8Array.of(0xbb)]]).rootHash(blake2b256), blake2b256(Uint8Array.of(0x42, 0xaa, 0x04, 0xbb)));
});

test('two leaves under one branch encode as parity’s `branching works` vector', () => {
  const trie = trieOf([
    [Uint8Array.of(0x48, 0x19), Uint8Array.of(0xfe)],
    [Uint8Array.of(0x13, 0x14), Uint8Array.of(0xff)],
  ]);
  const encoded = Uint8Array.of(0x80, 0x12, 0x00, 5 << 2, 0x43, 0x03, 0x14, 1 << 2, 0xff, 5 << 2, 0x43, 0x08, 0x19, 1 << 2, 0xfe);
  assert.deepEqual(trie.rootHash(blake2b256), blake2b256(encoded));
});

test('a value longer than a hash stands in its node as its hash (state version 1)', () => {
  const value = new Uint8Array(33).fill(7);
  assert.deepEqual(
    trieOf([[Uint8Array.of(0xaa), value]]).rootHash(blake2b256),
    blake2b256(concatBytes(Uint8Array.of(0x22, 0xaa), blake2b256(value))),
  );
});

test('the root depends on the content alone, not on the order of writes and removals', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 40 }), fc.array(key, { maxLength: 40 }), (entries, removed) => {
      const edited = removed.reduce((trie, at) => trie.without(at), trieOf(entries));
      const content = new Map(entries.map(([at, value]) => [toHex(at), [at, value] as const]));
      for (const at of removed) content.delete(toHex(at));
      const rebuilt = trieOf([...content.values()].reverse());
      assert.deepEqual(edited.rootHash(blake2b256), rebuilt.rootHash(blake2b256));
      assert.deepEqual(
        Array.from(edited.entries(new Uint8Array(0)), (found) => toHex(found.key)),
        [...content.keys()].sort(),
      );
    }),
  );
});

test('nextKey walks all keys in byte order, from keys that exist and from keys that do not', () => {
  fc.assert(
    fc.property(fc.array(key, { maxLength: 40 }), key, (keys, from) => {
      const sorted = [...new Set(keys.map(toHex))].sort();
      const next = trieOf(keys.map((at) => [at, at])).nextKey(from);
      assert.equal(
        next === null ? undefined : toHex(next),
        sorted.find((at) => at > toHex(from)),
      );
    }),
  );
});

test('a read proof shows every key’s value or absence, and nothing less or more verifies', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 40 }), fc.array(key, { minLength: 1, maxLength: 4 }), (entries, keys) => {
      const trie = trieOf(entries);
      const stateRoot = trie.rootHash(blake2b256);
      const proof = proveKeys(trie, keys, blake2b256);
      assert.deepEqual(
        verifyReadProofs({ stateRoot, proof, keys }),
        keys.map((at) => trie.get(at)),
      );
      assert.throws(
        () => verifyReadProofs({ stateRoot, proof: proof.slice(1), keys }),
        (error) => isTeaError(error, 'corrupt'),
      );
      assert.throws(
        () => verifyReadProofs({ stateRoot, proof: [...proof, text('beside the point')], keys }),
        (error) => isTeaError(error, 'corrupt'),
      );
    }),
  );
});

test('any flipped bit of a read proof fails', () => {
  const trie = trieOf(Array.from({ length: 200 }, (_, i) => [text(`account ${i * 7}`), new Uint8Array(20 + (i % 40)).fill(i)]));
  const stateRoot = trie.rootHash(blake2b256);
  const key = text('account 700');
  const proof = proveKeys(trie, [key], blake2b256);
  assert.ok(verifyReadProof({ stateRoot, proof, key }));
  for (const [index, part] of proof.entries()) {
    for (let at = 0; at < part.length; at++) {
      const flipped = proof.with(index, part.with(at, (part[at] ?? 0) ^ 1));
      assert.throws(
        () => verifyReadProof({ stateRoot, proof: flipped, key }),
        (error) => isTeaError(error, 'corrupt'),
      );
    }
  }
});
