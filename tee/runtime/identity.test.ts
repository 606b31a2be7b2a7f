import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verify } from '@scure/sr25519';
import { isTeaError, sha256 } from '@tea/protocol';
import { consentMessage, verifyLot } from '@tea/protocol/layer1';
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

test('it consents to one operator as long as it runs, for its own chain and node, and to no second', () => {
  const account = deriveAccount(stateSecret(1));
  const [genesis, node, first, second] = [sha256(Uint8Array.of(2)), sha256(Uint8Array.of(3)), sha256(Uint8Array.of(4)), sha256(Uint8Array.of(5))];
  const consent = account.consent(genesis, node, first);
  assert.ok(verify(consentMessage(genesis, node, first), consent, account.publicKey));
  assert.ok(!verify(consentMessage(genesis, node, second), consent, account.publicKey));
  assert.ok(!verify(consentMessage(node, node, first), consent, account.publicKey));
  assert.throws(
    () => account.consent(genesis, node, second),
    (error) => isTeaError(error, 'conflict'),
  );
  assert.ok(verify(consentMessage(genesis, node, first), account.consent(genesis, node, first), account.publicKey));
});

test('its lots are proved by the key that signs for it', () => {
  const { prove, publicKey } = deriveAccount(stateSecret(1));
  const seed = sha256(Uint8Array.of(6));
  assert.notEqual(verifyLot(publicKey, seed, prove(seed)), null);
  assert.equal(verifyLot(deriveAccount(stateSecret(2)).publicKey, seed, prove(seed)), null);
});
