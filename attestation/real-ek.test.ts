import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { encodeEvidence, type TrustClass } from '@tea/protocol';
import { appraise, laptopPolicy, makeCredential, tpmMakers } from './index.ts';
import { honestNode, inputFor } from './testing/scenario.ts';

/** Certificates of real TPMs (testing/real-ek/README.md) in the evidence of an honest node, whose TPM answers for them. */
const read = (name: string) => new Uint8Array(readFileSync(new URL(`testing/${name}.der`, import.meta.url)));
const GOOGLE = ['real-ek/google-intermediate', 'real-ek/google-root'];
const CHAINS: Readonly<Record<string, { readonly chain: readonly string[]; readonly trustClass: TrustClass; readonly by: RegExp }>> = {
  'Google Cloud, RSA': { chain: ['real-ek/google-rsa', ...GOOGLE], trustClass: 'vtpm', by: /Google Cloud/ },
  'Google Cloud, P-256': { chain: ['real-ek/google-ecc', ...GOOGLE], trustClass: 'vtpm', by: /Google Cloud/ },
  'Google Cloud since 2022, RSA': {
    chain: ['real-ek/google-2022-rsa', 'real-ek/google-2022-intermediate', 'real-ek/google-2022-root'],
    trustClass: 'vtpm',
    by: /Google Cloud, EK and AK/,
  },
  'STMicroelectronics, RSA': {
    chain: ['real-ek/stmicro-rsa', 'real-ek/stmicro-rsa-intermediate', 'tpm-makers/stmicro-rsa'],
    trustClass: 'tpm',
    by: /STMicroelectronics, RSA/,
  },
  'STMicroelectronics, P-256': {
    chain: ['real-ek/stmicro-ecc', 'real-ek/stmicro-ecc-intermediate', 'tpm-makers/stmicro-ecc-01'],
    trustClass: 'tpm',
    by: /STMicroelectronics, ECC/,
  },
};
const node = await honestNode();
const makersPolicy = { ...laptopPolicy, name: 'test/makers', roots: tpmMakers };

async function appraiseWith(chain: readonly string[], now = node.now) {
  const ekCertificates = chain.map(read);
  const [ekCertificate = new Uint8Array()] = ekCertificates;
  const akName = node.tpm.akName;
  const { challenge, credential } = await makeCredential({ ekCertificate, akName, random: (size) => crypto.getRandomValues(new Uint8Array(size)) });
  const { result } = await appraise({
    ...inputFor(node),
    evidence: encodeEvidence({ ...node.evidence, ekCertificates }),
    policy: makersPolicy,
    activation: { kind: 'performed', ekCertificate, akName, challenge, credential, answer: credential },
    now,
  });
  return { result, failed: result.claims.filter(({ ok }) => ok === false).map(({ id }) => id) };
}

for (const [name, { chain, trustClass, by }] of Object.entries(CHAINS)) {
  test(`takes the certificate of a real TPM for what it is: ${name}`, async () => {
    const { result, failed } = await appraiseWith(chain);
    assert.deepEqual(failed, []);
    assert.equal(result.verdict, 'affirming');
    assert.equal(result.trustClass, trustClass);
    assert.match(result.claims.find(({ id }) => id === 'policy.trustClass')?.actual ?? '', by);
  });

  test(`refuses it without what is between it and its maker, outside its time, and of another: ${name}`, async () => {
    const [leaf = '', ...authorities] = chain;
    assert.ok((await appraiseWith([leaf, ...authorities.slice(1)])).failed.includes('ek.signatures'));
    assert.deepEqual((await appraiseWith(chain, new Date('2010-01-01'))).failed, ['ek.validity']);
    const stranger = chain === CHAINS['STMicroelectronics, RSA']?.chain ? 'real-ek/google-rsa' : 'real-ek/stmicro-rsa';
    assert.ok((await appraiseWith([stranger, ...authorities])).failed.includes('ek.signatures'));
  });
}

test('takes a certificate of the same authority for a key that signs for no endorsement key', async () => {
  const { chain } = CHAINS['Google Cloud, RSA'] ?? assert.fail();
  assert.deepEqual((await appraiseWith(['real-ek/google-rsa-signing', ...chain.slice(1)])).failed, ['ek.usage']);
});
