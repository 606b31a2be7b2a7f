import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AttestationResult } from '@tea/protocol';
import { appraise, earOf, signEar, trustworthinessOf } from './index.ts';
import { encodeEvidence } from '@tea/protocol';
import { honestNode, inputFor } from './testing/scenario.ts';

const honest = await honestNode();
const { result: simulated } = await appraise(inputFor(honest));
const { result: hardware } = await appraise({ ...inputFor(honest), policy: honest.pinnedPolicy });
const without = (result: AttestationResult, id: string): AttestationResult => ({
  ...result,
  claims: result.claims.filter((claim) => claim.id !== id),
});
const failing = (result: AttestationResult, id: string): AttestationResult => ({
  ...result,
  verdict: 'contraindicated',
  claims: result.claims.map((claim) => (claim.id === id ? { ...claim, ok: false } : claim)),
});
const affirming = (result: AttestationResult) =>
  Object.entries(trustworthinessOf(result))
    .filter(([, value]) => value >= 2 && value < 32)
    .map(([name]) => name);
const AFFIRMED = affirming(hardware);

test('never affirms what a claim is missing for', () => {
  for (const { id } of hardware.claims) {
    const left = affirming(without(hardware, id));
    const lost = AFFIRMED.filter((name) => !left.includes(name));
    assert.ok(lost.length > 0 || ['quote.pcrSelection', 'pcr.unused'].includes(id), `${id} missing changes nothing`);
    assert.deepEqual(affirming(without(simulated, id)), []);
  }
  assert.deepEqual(affirming({ ...hardware, claims: [] }), []);
});

test('affirms nothing of a TPM whose identity is not established', () => {
  for (const { id } of hardware.claims.filter((claim) =>
    /^(ek\.(?!identity)|ak\.|quote\.(signature|binding)|binding\.(?!sealingKey))/.test(claim.id),
  ))
    assert.deepEqual(affirming(failing(hardware, id)), [], id);
});

test('turns every failed claim into an element that does not affirm, and a status that does not', () => {
  for (const { id } of hardware.claims) {
    const failed = failing(hardware, id);
    assert.ok(affirming(failed).length < AFFIRMED.length || ['quote.pcrSelection', 'pcr.unused'].includes(id), id);
    assert.equal(earOf(failed, '1').submods['tea-runtime']['ear.status'], 'contraindicated');
    assert.ok(earOf(failed, '1').submods['tea-runtime']['ear.tea.open-claims'].includes(id));
  }
});

test('says nothing good of a simulated TPM, and no better than warning to those who do not know the word', () => {
  assert.equal(simulated.verdict, 'affirming');
  assert.deepEqual(affirming(simulated), []);
  assert.equal(earOf(simulated, '1').submods['tea-runtime']['ear.status'], 'warning');
});

test('says none of what is no evidence', async () => {
  const { result } = await appraise({ ...inputFor(honest), evidence: encodeEvidence(honest.evidence).subarray(1) });
  const ear = earOf(result, '1').submods['tea-runtime'];
  assert.equal(ear['ear.status'], 'none');
  assert.deepEqual(
    Object.values(ear['ear.trustworthiness-vector']).filter((value) => value > 1),
    [],
  );
});

test('affirms what a hardware TPM shows, and claims nothing of memory, files and configuration', () => {
  assert.deepEqual(trustworthinessOf(hardware), {
    'instance-identity': 2,
    configuration: 0,
    executables: 3,
    'file-system': 0,
    hardware: 2,
    'runtime-opaque': 0,
    'storage-opaque': 2,
    'sourced-data': 0,
  });
  assert.equal(earOf(hardware, '1').submods['tea-runtime']['ear.status'], 'affirming');
});

/** AR4SI (draft-ietf-rats-ar4si-10, 2.3.2 to 2.3.4): what the draft gives each element a meaning for, beside -1, 0, 1 and 99 for all of them. */
const NAMED: Readonly<Record<string, readonly number[]>> = {
  'instance-identity': [2, 96, 97],
  configuration: [2, 3, 32, 96],
  executables: [2, 3, 32, 33, 96],
  'file-system': [2, 32, 96],
  hardware: [2, 32, 96, 97],
  'runtime-opaque': [2, 32, 96],
  'storage-opaque': [2, 32, 96],
  'sourced-data': [2, 32, 96],
};

test('gives each element only values that AR4SI names for it, whatever failed, for every class', () => {
  for (const { id } of hardware.claims)
    for (const trustClass of ['simulated', 'vtpm', 'tpm', 'tpm+memory-encryption'] as const)
      for (const result of [failing(hardware, id), without(hardware, id), hardware])
        for (const [element, value] of Object.entries(trustworthinessOf({ ...result, trustClass })))
          assert.ok([-1, 0, 1, 99, ...(NAMED[element] ?? [])].includes(value), `${element} ${value} when ${id} fails`);
});

test('claims no hardware for the keys of a virtual TPM', () => {
  assert.deepEqual(affirming({ ...hardware, trustClass: 'vtpm' }), ['instance-identity', 'executables']);
});

test('signs a result as a JWT that anyone with the key reads', async () => {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const [header = '', payload = '', signature = ''] = (await signEar(earOf(hardware, '1'), privateKey)).split('.');
  const bytes = (text: string) => Uint8Array.fromBase64(text, { alphabet: 'base64url' });
  const signed = new TextEncoder().encode(`${header}.${payload}`);
  assert.ok(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, publicKey, bytes(signature), signed));
  assert.deepEqual(JSON.parse(new TextDecoder().decode(bytes(payload))), earOf(hardware, '1'));
});
