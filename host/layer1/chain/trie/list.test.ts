import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { concatBytes, isTeaError } from '@tea/protocol';
import { listProven, openReadProof } from '@tea/protocol/layer1';
import { loadHashing } from '../hashing.ts';
import { proveKeys } from './prove.ts';
import { Trie } from './trie.ts';

const { blake2b256: hash } = await loadHashing();
const PREFIX = Uint8Array.of(0x5a, 0x01);

/** Some keys under the prefix, some beside it, among them ones that share all but a nibble. */
const state = fc.record({
  under: fc.uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 4 }), { maxLength: 24, selector: (key) => key.toHex() }),
  beside: fc.array(fc.uint8Array({ minLength: 1, maxLength: 4 }), { maxLength: 12 }),
  valueBytes: fc.integer({ min: 1, max: 60 }),
});

function trieOf({ under, beside, valueBytes }: typeof state extends fc.Arbitrary<infer T> ? T : never): Trie {
  const value = new Uint8Array(valueBytes).fill(7);
  const keys = [...under.map((key) => concatBytes(PREFIX, key)), ...beside.map((key) => concatBytes(Uint8Array.of(0x5a, 0x02), key)), ...beside];
  return keys
    .filter((key) => key.toHex().startsWith('5a02') || key[0] !== 0x5a || key[1] === 1)
    .reduce((trie, key) => trie.with(key, value), Trie.empty);
}

/** Asks until nothing is missing, as a client does. */
function listAll(trie: Trie): { readonly proof: Uint8Array[]; readonly keys: string[]; readonly rounds: number } {
  let proof = proveKeys(trie, [PREFIX], hash);
  for (let rounds = 1; ; rounds++) {
    const { entries, missing } = listProven({ stateRoot: trie.rootHash(hash), proof, prefix: PREFIX });
    if (missing.length === 0) return { proof, keys: entries.map(({ key }) => key.toHex()), rounds };
    const more = proveKeys(trie, missing, hash);
    proof = [...new Map([...proof, ...more].map((part) => [part.toHex(), part])).values()];
    assert.ok(rounds < 20, 'it makes no headway');
  }
}

test('a list under a prefix is all there is and nothing beside it, whatever the state', () => {
  fc.assert(
    fc.property(state, (of) => {
      const trie = trieOf(of);
      const expected = new Set(of.under.map((key) => concatBytes(PREFIX, key).toHex()));
      for (const key of of.beside) if (key[0] === 0x5a && key[1] === 1 && key.length > 2) expected.add(key.toHex());
      const { keys } = listAll(trie);
      const short = keys.filter((key) => key !== '5a01');
      assert.deepEqual(new Set(short), expected);
      assert.deepEqual([...keys].sort(), keys);
    }),
    { numRuns: 200 },
  );
});

test('a proof that leaves out anything under the prefix is refused, whichever part is missing', () => {
  const trie = trieOf({ under: [1, 2, 3, 0x21, 0x22, 0xf0].map((byte) => new Uint8Array(4).fill(byte)), beside: [], valueBytes: 60 });
  const { proof, keys } = listAll(trie);
  assert.equal(keys.length, 6);
  const stateRoot = trie.rootHash(hash);
  assert.equal(openReadProof({ stateRoot, proof }).readAll(PREFIX).length, 6);
  for (const [place] of proof.entries()) {
    const less = proof.filter((_, at) => at !== place);
    const listing = (): unknown => openReadProof({ stateRoot, proof: less }).readAll(PREFIX);
    assert.throws(listing, (error) => isTeaError(error, 'corrupt'));
  }
});

test('that there is nothing under a prefix is shown by one small proof', () => {
  const trie = trieOf({ under: [], beside: [Uint8Array.of(9)], valueBytes: 3 });
  const { keys, rounds } = listAll(trie);
  assert.deepEqual([keys, rounds], [[], 1]);
});
