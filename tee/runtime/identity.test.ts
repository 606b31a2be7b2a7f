import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '@tea/protocol';
import { ACCOUNT_DOMAIN, ACCOUNT_POINT, deriveAccount } from './identity.ts';

type Ecdh = (point: Uint8Array) => Promise<Uint8Array>;

/** WebCrypto stands in for the TPM, and refuses what is no point of the curve. */
async function sealingKey(): Promise<Ecdh> {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  return async (point) => {
    const peer = await crypto.subtle.importKey('raw', new Uint8Array(point), { name: 'ECDH', namedCurve: 'P-256' }, false, []);
    return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: peer }, privateKey, 256));
  };
}

test('nobody chose the point that the account comes from', () => {
  const x = sha256(new TextEncoder().encode(ACCOUNT_DOMAIN), Uint8Array.of(1));
  assert.deepEqual(ACCOUNT_POINT.subarray(0, 33), Uint8Array.of(4, ...x));
  assert.equal((ACCOUNT_POINT.at(-1) ?? 1) & 1, 0);
});

test('one sealing key has one account, and another key another', async () => {
  const [one, other] = [await sealingKey(), await sealingKey()];
  const account = await deriveAccount(one);
  assert.deepEqual((await deriveAccount(one)).publicKey, account.publicKey);
  assert.notDeepEqual((await deriveAccount(other)).publicKey, account.publicKey);
});

test('the shared secret does not outlive the derivation', async () => {
  const ecdh = await sealingKey();
  let shared = new Uint8Array();
  await deriveAccount(async (point) => (shared = new Uint8Array(await ecdh(point))));
  assert.deepEqual(shared, new Uint8Array(32));
});
