import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import { sha256, type PinnedRoot } from '@tea/protocol';
import { decodeCertificate } from './certificate.ts';
import { appraiseEkChain, ekKeyOf } from './ek-certificate.ts';
import { issueCertificate } from './testing/certificates.ts';
import { NOW, tpmMaker } from './testing/scenario.ts';
import { ekKeyPair, rsaSigningKey } from './testing/synthetic-tpm.ts';

const maker = await tpmMaker();
const ek = await ekKeyPair();
const leaf = await maker.issueEk(ek.publicKey);
const chain = [leaf, maker.intermediate, maker.root];
const roots: PinnedRoot[] = [{ name: 'Synthetic', sha256: sha256(maker.root), trustClass: 'tpm' }];
const mallory = await rsaSigningKey();

const authority = (change: Partial<Parameters<typeof issueCertificate>[0]>) =>
  issueCertificate({
    subject: 'Synthetic TPM Issuing',
    issuer: 'Synthetic TPM Root',
    publicKey: maker.intermediateKey.publicKey,
    signer: maker.rootKey.privateKey,
    ca: { pathLength: 0 },
    ...change,
  });

const bad: readonly { readonly name: string; readonly claims: readonly string[]; readonly chain: readonly Uint8Array[] }[] = [
  {
    name: 'an expired certificate',
    claims: ['ek.validity'],
    chain: [await maker.issueEk(ek.publicKey, { notAfter: new Date('2026-05-31T00:00:00Z') }), ...chain.slice(1)],
  },
  {
    name: 'a certificate of the future',
    claims: ['ek.validity'],
    chain: [await maker.issueEk(ek.publicKey, { notBefore: new Date('2026-06-02T00:00:00Z') }), ...chain.slice(1)],
  },
  {
    name: 'an expired authority',
    claims: ['ek.validity'],
    chain: [leaf, await authority({ notAfter: new Date('2025-01-01T00:00:00Z') }), maker.root],
  },
  {
    name: 'a certificate another key signed',
    claims: ['ek.signatures'],
    chain: [await maker.issueEk(ek.publicKey, { signer: mallory.privateKey }), ...chain.slice(1)],
  },
  {
    name: 'a certificate that names another issuer',
    claims: ['ek.signatures'],
    chain: [await maker.issueEk(ek.publicKey, { issuer: 'Somebody' }), ...chain.slice(1)],
  },
  { name: 'a chain with a certificate missing', claims: ['ek.signatures'], chain: [leaf, maker.root] },
  { name: 'a chain without its root', claims: ['ek.signatures'], chain: [leaf, maker.intermediate] },
  { name: 'a lone certificate', claims: ['ek.signatures'], chain: [leaf] },
  { name: 'a chain in another order', claims: ['ek.signatures', 'ek.authorities'], chain: [leaf, maker.root, maker.intermediate] },
  {
    name: 'a chain with a certificate twice',
    claims: ['ek.signatures', 'ek.authorities'],
    chain: [leaf, maker.intermediate, maker.intermediate, maker.root],
  },
  { name: 'an issuer that is no CA', claims: ['ek.authorities'], chain: [leaf, await issueNonCa(), maker.root] },
  {
    name: 'an issuer that may not sign certificates',
    claims: ['ek.authorities'],
    chain: [leaf, await authority({ usage: KeyUsageFlags.digitalSignature }), maker.root],
  },
  { name: 'a longer path than an authority allows', claims: ['ek.authorities'], chain: await tooLong() },
  {
    name: 'a critical extension nobody understands',
    claims: ['ek.authorities'],
    chain: [await maker.issueEk(ek.publicKey, { criticalUnknown: true }), ...chain.slice(1)],
  },
  {
    name: 'a certificate for another purpose',
    claims: ['ek.usage'],
    chain: [await maker.issueEk(ek.publicKey, { purposes: ['1.3.6.1.5.5.7.3.1'] }), ...chain.slice(1)],
  },
  { name: 'a certificate without a purpose', claims: ['ek.usage'], chain: [await maker.issueEk(ek.publicKey, { purposes: [] }), ...chain.slice(1)] },
  {
    name: 'a certificate for signing',
    claims: ['ek.usage'],
    chain: [await maker.issueEk(ek.publicKey, { usage: KeyUsageFlags.digitalSignature }), ...chain.slice(1)],
  },
  {
    name: 'a CA certificate as EK',
    claims: ['ek.usage'],
    chain: [await maker.issueEk(ek.publicKey, { ca: {}, usage: KeyUsageFlags.keyEncipherment }), ...chain.slice(1)],
  },
  {
    name: 'a TPM maker that is no TCG vendor id',
    claims: ['ek.identity'],
    chain: [await maker.issueEk(ek.publicKey, { tpm: { manufacturer: 'Acme', model: 'x', version: 'id:1' } }), ...chain.slice(1)],
  },
];

const read = (name: string) => new Uint8Array(readFileSync(new URL(`testing/swtpm/${name}`, import.meta.url)));

function issueNonCa(): Promise<Uint8Array> {
  return issueCertificate({
    subject: 'Synthetic TPM Issuing',
    issuer: 'Synthetic TPM Root',
    publicKey: maker.intermediateKey.publicKey,
    signer: maker.rootKey.privateKey,
    usage: KeyUsageFlags.keyCertSign,
  });
}

async function tooLong(): Promise<Uint8Array[]> {
  const below = await issueCertificate({
    subject: 'Below',
    issuer: 'Synthetic TPM Issuing',
    publicKey: mallory.publicKey,
    signer: maker.intermediateKey.privateKey,
    ca: {},
  });
  return [await maker.issueEk(ek.publicKey, { issuer: 'Below', signer: mallory.privateKey }), below, maker.intermediate, maker.root];
}

for (const { name, claims: expected, chain: certificates } of bad) {
  test(`refuses ${name}`, async () => {
    const { claims } = await appraiseEkChain(certificates, roots, NOW);
    assert.deepEqual(
      claims.filter(({ ok }) => ok === false).map(({ id }) => id),
      expected,
    );
  });
}

test('takes the class from the pinned root, and from no other', async () => {
  const strange = await tpmMaker(); // the same names, other keys
  const pinned = await appraiseEkChain(chain, roots, NOW);
  assert.equal(pinned.trustClass, 'tpm');
  assert.deepEqual(
    pinned.claims.filter(({ ok }) => ok === false),
    [],
  );
  const unpinned = await appraiseEkChain([await strange.issueEk(ek.publicKey), strange.intermediate, strange.root], roots, NOW);
  assert.equal(unpinned.trustClass, 'simulated');
});

test('lets a pinned root stand beside a chain it did not sign without lending it anything', async () => {
  const strange = await tpmMaker();
  const { claims } = await appraiseEkChain([await strange.issueEk(ek.publicKey), strange.intermediate, maker.root], roots, NOW);
  assert.deepEqual(
    claims.filter(({ ok }) => ok === false).map(({ id }) => id),
    ['ek.signatures'],
  );
});

test('never lets the leaf pin itself', async () => {
  const { trustClass } = await appraiseEkChain(chain, [{ name: 'leaf', sha256: sha256(leaf), trustClass: 'tpm' }], NOW);
  assert.equal(trustClass, 'simulated');
});

test('never counts a simulator for more, whoever signed for it', async () => {
  const simulator = await maker.issueEk(ek.publicKey, { tpm: { manufacturer: 'id:00001014', model: 'swtpm', version: 'id:20191023' } });
  assert.equal((await appraiseEkChain([simulator, ...chain.slice(1)], roots, NOW)).trustClass, 'simulated');
});

test('refuses a second spelling of the parts of a certificate no signature covers', () => {
  const outerAlgorithm = leaf.length - 256 - 4 - 2; // the NULL before the BIT STRING of an RSA-2048 signature
  for (const at of [0, 1, 2, 3, outerAlgorithm - 1, outerAlgorithm, leaf.length - 256 - 1, leaf.length - 256 - 4]) {
    const changed = leaf.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => decodeCertificate(changed), { code: 'badMessage' }, `byte ${at}`);
  }
  assert.throws(() => decodeCertificate(Uint8Array.of(...leaf, 0)), { code: 'badMessage' });
});

test('challenges no EK but an RSA key of at least 2048 bits or one on P-256', async () => {
  const small = await crypto.subtle.generateKey(
    { name: 'RSA-OAEP', modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
    true,
    ['encrypt', 'decrypt'],
  );
  await assert.rejects(maker.issueEk(small.publicKey).then(ekKeyOf), { code: 'badInput' });
  const p384 = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, true, ['sign', 'verify']);
  await assert.rejects(maker.issueEk(p384.publicKey).then(ekKeyOf), { code: 'badInput' });
  const p256 = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', p256.publicKey));
  assert.deepEqual(await maker.issueEk(p256.publicKey).then(ekKeyOf), { type: 'ecc', point });
});

test('takes an EK on P-256 for key agreement only, and none on another curve', async () => {
  const usageHolds = async (namedCurve: string, usage: number) => {
    const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, true, ['sign', 'verify']);
    const { claims } = await appraiseEkChain([await maker.issueEk(publicKey, { usage }), ...chain.slice(1)], roots, NOW);
    return claims.find(({ id }) => id === 'ek.usage')?.ok;
  };
  assert.equal(await usageHolds('P-256', KeyUsageFlags.keyEncipherment), false);
  assert.equal(await usageHolds('P-384', KeyUsageFlags.keyAgreement), false);
  assert.equal(await usageHolds('P-256', KeyUsageFlags.keyAgreement), true);
});

test('takes the certificates swtpm 0.7.1 makes, as simulated', async () => {
  const { claims, trustClass } = await appraiseEkChain([read('ek-rsa2048.der'), read('issuer.der'), read('root.der')], [], new Date('2027-01-01'));
  assert.deepEqual(
    claims.filter(({ ok }) => ok === false),
    [],
  );
  assert.equal(trustClass, 'simulated');
});
