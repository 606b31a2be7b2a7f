import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '@tea/protocol';
import { deriveAccount } from './identity.ts';

const stateSecret = (of: number): Uint8Array => sha256(Uint8Array.of(of));

test('one state secret has one account, and another secret another', () => {
  const account = deriveAccount(stateSecret(1));
  assert.deepEqual(deriveAccount(stateSecret(1)).publicKey, account.publicKey);
  assert.notDeepEqual(deriveAccount(stateSecret(2)).publicKey, account.publicKey);
});

test('the state secret does not outlive the derivation', () => {
  const secret = stateSecret(1);
  deriveAccount(secret);
  assert.deepEqual(secret, new Uint8Array(32));
});
