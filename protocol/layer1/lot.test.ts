import assert from 'node:assert/strict';
import { test } from 'node:test';
import { getPublicKey, secretFromSeed } from '@scure/sr25519';
import { fromHex } from '../bytes.ts';
import { drawSeed, lotOf, proveLot, verifyLot } from './lot.ts';

const secret = secretFromSeed(new Uint8Array(32).fill(7));
const key = getPublicKey(secret);
const seed = new Uint8Array(32).fill(0x11);

/** The proof that the pallet's own test takes (host/layer1/pallets/sortition/src/tests.rs). */
const alice = fromHex('d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d', 32);
const palletTakes = fromHex(
  '56ecf3f6ebfa7e5fc869722d007dfaef9b4e209c17bfbeaba2a0f59a5a48254c51e51ace610e8c07a7887339fdb27cf8' +
    'eb2c998bc98fbf5aa49e5a891a2e28050e6c423bea02abf230e0a1e0802144480fa5d5ae2bee0ad54310f34ae5665301',
  96,
);

test('a proof of another key, of another draw, with any byte changed or of another length shows nothing', () => {
  const proof = proveLot(secret, seed);
  assert.notEqual(verifyLot(key, seed, proof), null);
  assert.equal(verifyLot(alice, seed, proof), null);
  assert.equal(verifyLot(key, new Uint8Array(32).fill(0x12), proof), null);
  assert.equal(verifyLot(key, seed, proof.subarray(1)), null);
  for (let at = 0; at < proof.length; at += 7) {
    const flipped = proof.slice();
    flipped[at] = (flipped[at] ?? 0) ^ 1;
    assert.equal(verifyLot(key, seed, flipped), null, `byte ${at}`);
  }
});

test('a key has one lot in a draw however often it signs', () => {
  const [first, second] = [proveLot(secret, seed, new Uint8Array(32).fill(1)), proveLot(secret, seed, new Uint8Array(32).fill(2))];
  assert.notDeepEqual(first, second);
  assert.equal(verifyLot(key, seed, first), verifyLot(key, seed, second));
});

test('the proof that the runtime takes is taken here', () => {
  assert.equal(verifyLot(alice, seed, palletTakes), lotOf(alice, seed, palletTakes));
});

test('every number that goes into a seed changes it', () => {
  const parent = new Uint8Array(32).fill(3);
  const seeds = [drawSeed(parent, 1n, 0), drawSeed(parent, 2n, 0), drawSeed(parent, 1n, 1), drawSeed(seed, 1n, 0)];
  assert.equal(new Set(seeds.map((each) => each.toHex())).size, 4);
});
