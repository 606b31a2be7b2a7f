import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeEvidence, toBase64Url, type AttestationResult } from '@tea/protocol';
import { appraise, earOf, signEar, trustworthinessOf, veraisonEarOf } from './index.ts';
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
    assert.equal(earOf(failed, '1').submods['tea-runtime'].ear_status, 'contraindicated');
    assert.ok(earOf(failed, '1').submods['tea-runtime'].ear_tea_open_claims.includes(id));
  }
});

test('says nothing good of a simulated TPM, and no better than warning to those who do not know the word', () => {
  assert.equal(simulated.verdict, 'affirming');
  assert.deepEqual(affirming(simulated), []);
  assert.equal(earOf(simulated, '1').submods['tea-runtime'].ear_status, 'warning');
});

test('says none of what is no evidence', async () => {
  const { result } = await appraise({ ...inputFor(honest), evidence: encodeEvidence(honest.evidence).subarray(1) });
  const ear = earOf(result, '1').submods['tea-runtime'];
  assert.equal(ear.ear_status, 'none');
  assert.deepEqual(
    Object.values(ear.ear_trustworthiness_vector).filter((value) => value > 1),
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
  assert.equal(earOf(hardware, '1').submods['tea-runtime'].ear_status, 'affirming');
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

/** draft-ietf-rats-ear-03, 3 and 3.1, with what they take from draft-ietf-rats-ar4si: which names may stand where, in JSON, and which must. */
const EAR = { may: ['ear_status', 'exp', 'ear_raw_evidence', 'eat_nonce'], must: ['eat_profile', 'iat', 'ear_verifier_id', 'submods'] };
const APPRAISAL = { may: ['eat_profile', 'ear_trustworthiness_vector', 'ear_appraisal_policy_ids', 'eat_nonce'], must: ['ear_status'] };
const TIERS = { none: 0, affirming: 2, warning: 32, contraindicated: 96 };
const isFit = (claims: object, { may, must }: typeof EAR) => {
  const names = Object.keys(claims).filter((name) => !/^ear_tea_[a-z_]+$/.test(name)); // an extension
  assert.deepEqual(must.filter((name) => !names.includes(name)).concat(names.filter((name) => ![...may, ...must].includes(name))), []);
};

test('uses the names, types and profile of the draft, and a status no better than the worst element', () => {
  const failed = hardware.claims.map(({ id }) => failing(hardware, id));
  for (const result of [hardware, simulated, ...failed, without(hardware, 'binding.nonce')]) {
    const ear = earOf(result, '1');
    isFit(ear, EAR);
    assert.equal(ear.eat_profile, 'tag:ietf.org,2026:rats/ear#03');
    assert.ok(Number.isSafeInteger(ear.iat)); // no floating point
    assert.deepEqual(Object.keys(ear.ear_verifier_id), ['developer', 'build']);
    const appraisal = ear.submods['tea-runtime'];
    isFit(appraisal, APPRAISAL);
    const values = Object.entries(appraisal.ear_trustworthiness_vector);
    assert.ok(values.every(([name, value]) => name in NAMED && Number.isInteger(value) && value >= -128 && value <= 127));
    assert.ok(appraisal.ear_appraisal_policy_ids.every((id) => id.length > 0));
    const worst = Math.max(...values.map(([, value]) => Object.values(TIERS).findLast((floor) => value >= floor) ?? 0));
    assert.ok(TIERS[appraisal.ear_status] >= worst, `${appraisal.ear_status} over ${JSON.stringify(values)}`);
  }
});

test('names the nonce of the evidence, so that another node’s or errand’s result is no answer', () => {
  assert.equal(earOf(hardware, '1').submods['tea-runtime'].eat_nonce, toBase64Url(honest.evidence.binding.nonce));
  const other = failing(hardware, 'binding.nonce');
  assert.equal(earOf(other, '1').submods['tea-runtime'].ear_status, 'contraindicated');
  assert.ok(!('eat_nonce' in earOf(without(hardware, 'binding.nonce'), '1').submods['tea-runtime']));
});

test('says the same under the names that Veraison’s libraries read', () => {
  const { submods, ...ear } = veraisonEarOf(hardware, '1');
  assert.deepEqual(ear, {
    eat_profile: 'tag:github.com,2023:veraison/ear',
    iat: Math.floor(hardware.appraisedAtMs / 1000),
    'ear.verifier-id': { developer: 'TEA', build: '1' },
  });
  const appraisal = submods['tea-runtime'];
  assert.equal(appraisal['ear.status'], 'affirming');
  assert.deepEqual(appraisal['ear.trustworthiness-vector'], trustworthinessOf(hardware));
  assert.match(appraisal['ear.appraisal-policy-id'], /^[^:]+:[^:]+:[0-9a-f]{64}$/);
});

test('signs a result as a JWT that anyone with the key reads', async () => {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const [header = '', payload = '', signature = ''] = (await signEar(earOf(hardware, '1'), privateKey)).split('.');
  const bytes = (text: string) => Uint8Array.fromBase64(text, { alphabet: 'base64url' });
  const signed = new TextEncoder().encode(`${header}.${payload}`);
  assert.ok(await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, publicKey, bytes(signature), signed));
  assert.deepEqual(JSON.parse(new TextDecoder().decode(bytes(payload))), earOf(hardware, '1'));
});
