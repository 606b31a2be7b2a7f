import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256, secureRandom } from '@tea/protocol';
import { makeCredential, verifyActivation } from './index.ts';
import { tpmMaker } from './testing/scenario.ts';
import { syntheticTpm } from './testing/synthetic-tpm.ts';

const maker = await tpmMaker();
const tpm = await syntheticTpm();
const ekCertificate = await maker.issueEk(tpm.ek.publicKey);
const challengeFor = (akName: Uint8Array, certificate = ekCertificate) =>
  makeCredential({ ekCertificate: certificate, akName, random: secureRandom });

test('no other TPM opens a credential', async () => {
  const stranger = await syntheticTpm();
  const { challenge } = await challengeFor(stranger.akName);
  assert.equal(await stranger.activate(challenge), null);
});

test('the right TPM opens a credential for no other attestation key', async () => {
  const { challenge } = await challengeFor(Uint8Array.of(0, 0x0b, ...sha256()));
  assert.equal(await tpm.activate(challenge), null);
});

test('no byte of a challenge can change', async () => {
  const { challenge, credential } = await challengeFor(tpm.akName);
  for (const part of ['credentialBlob', 'encryptedSecret'] as const) {
    for (let at = 0; at < challenge[part].length; at += 7) {
      const changed = challenge[part].slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      const answer = await tpm.activate({ ...challenge, [part]: changed }).catch(() => null);
      assert.ok(answer === null || !verifyActivation({ credential, answer }), `${part} byte ${at}`);
    }
  }
});

test('the TPM that holds both keys returns the credential, in the sizes TPM2_ActivateCredential takes', async () => {
  const { challenge, credential } = await challengeFor(tpm.akName);
  assert.equal(challenge.encryptedSecret.length, 256);
  assert.equal(challenge.credentialBlob.length, 2 + 32 + 2 + 32);
  const answer = await tpm.activate(challenge);
  assert.deepEqual(answer, credential);
});

test('every challenge is another', async () => {
  const [a, b] = [await challengeFor(tpm.akName), await challengeFor(tpm.akName)];
  assert.notDeepEqual(a.credential, b.credential);
  assert.notDeepEqual(a.challenge.encryptedSecret, b.challenge.encryptedSecret);
});
