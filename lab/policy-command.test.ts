import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@tea/platform';
import { encodeEvidence, encodeProofFile, encodeReferenceValues, writePolicyDocument } from '@tea/protocol';
import { issueRevocationList } from '../attestation/testing/certificates.ts';
import { provenErrand } from '../attestation/testing/proven-errand.ts';
import { honestNode } from '../attestation/testing/scenario.ts';

const MAIN = new URL('../client/cli/main.ts', import.meta.url).pathname;

/** `tea` as a person types it. */
async function tea(...words: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  return await new Promise((resolve) => {
    const done = (error: { code?: unknown } | null, out: string, err: string) =>
      resolve({ code: error === null ? 0 : Number(error.code), text: out + err });
    execFile(process.execPath, [MAIN, ...words], done);
  });
}
const check = (...options: readonly string[]) => tea('policy', 'check', ...options);

test('tells evidence that a policy refuses from evidence for which revocation lists are missing, and takes the lists', async () => {
  await using folder = await temporaryDirectory('policy');
  const honest = await honestNode();
  const file = async (name: string, content: Uint8Array | string): Promise<string> => {
    const path = join(folder.path, name);
    await writeFile(path, content);
    return path;
  };
  const evidence = await file('evidence.cbor', encodeEvidence(honest.evidence));
  await file('reference-values.cbor', encodeReferenceValues(honest.referenceValues));
  const policy = await file('policy.json', writePolicyDocument({ ...honest.pinnedPolicy, revocation: 'required' }));
  const crl = join(folder.path, 'lists');
  await mkdir(crl);
  const period = { thisUpdate: new Date(Date.now() - 1000), nextUpdate: new Date(Date.now() + 3_600_000) };
  const { rootKey, intermediateKey } = honest.maker;
  const issue = (issuer: string, signer: CryptoKey, revoked: readonly Uint8Array[] = []) =>
    issueRevocationList({ issuer, signer, revoked, ...period });

  const without = await check(policy, '--evidence', evidence);
  assert.deepEqual([without.code, /revocation lists are missing/.test(without.text)], [2, true], without.text);

  await file('lists/root.crl', await issue('Synthetic TPM Root', rootKey.privateKey));
  const half = await check(policy, '--evidence', evidence, '--crl', crl);
  assert.equal(half.code, 2, half.text);

  await file('lists/issuing.crl', await issue('Synthetic TPM Issuing', intermediateKey.privateKey));
  const whole = await check(policy, '--evidence', evidence, '--crl', crl);
  assert.equal(whole.code, 0, whole.text);

  const revoked = await file('revoked.crl', await issue('Synthetic TPM Issuing', intermediateKey.privateKey, [Uint8Array.of(1, 2, 3, 4)]));
  assert.equal((await check(policy, '--evidence', evidence, '--crl', revoked)).code, 1);
  assert.equal((await check(policy, '--evidence', evidence, '--crl', join(folder.path, 'nothing'))).code, 64);
});

test('tea verify takes revocation lists: a proof of a TPM whose certificate its maker revoked does not hold', async () => {
  await using folder = await temporaryDirectory('verify');
  const honest = await honestNode();
  const { proof } = await provenErrand(honest);
  const path = join(folder.path, 'proof.json');
  await writeFile(path, encodeProofFile(proof));
  const { intermediateKey } = honest.maker;
  const period = { thisUpdate: new Date(honest.now.getTime() - 1000), nextUpdate: new Date(honest.now.getTime() + 3_600_000) };
  const list = async (revoked: readonly Uint8Array[]): Promise<string> => {
    const name = join(folder.path, `${revoked.length}.crl`);
    await writeFile(name, await issueRevocationList({ issuer: 'Synthetic TPM Issuing', signer: intermediateKey.privateKey, revoked, ...period }));
    return name;
  };
  assert.equal((await tea('verify', path)).code, 0);
  assert.equal((await tea('verify', path, '--crl', await list([]))).code, 0);
  const revoked = await tea('verify', path, '--crl', await list([Uint8Array.of(1, 2, 3, 4)]));
  assert.equal(revoked.code, 1, revoked.text);
  assert.match(revoked.text, /✗ No authority has revoked a certificate of the chain/);
  assert.equal((await tea('verify', path, '--crl', join(folder.path, 'nothing'))).code, 64);
});
