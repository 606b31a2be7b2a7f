import assert from 'node:assert/strict';
import { test } from 'node:test';
import { developmentAccount } from './account.ts';

// The public keys of every Substrate development chain (`subkey inspect //Alice`).
for (const [name, publicKey] of [
  ['Alice', 'd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d'],
  ['Bob', '8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48'],
  ['Charlie', '90b5ab205c6974c9ea841be688864633dc9ca8a357843eeacf2314649965fe22'],
] as const) {
  test(`derives //${name} as Substrate does`, () => assert.equal(developmentAccount(name).publicKey.toHex(), publicKey));
}
