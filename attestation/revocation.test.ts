import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import { sha256, type AppraisalPolicy, type PinnedRoot } from '@tea/protocol';
import { appraiseEkChain } from './ek-certificate.ts';
import { appraise } from './index.ts';
import { issueCertificate, issueRevocationList, type RevocationListSpec } from './testing/certificates.ts';
import { honestNode, inputFor, NOW } from './testing/scenario.ts';
import { rsaSigningKey } from './testing/synthetic-tpm.ts';

const honest = await honestNode();
const { maker } = honest;
const SERIAL = Uint8Array.of(0x7a, 1);
const leaf = await maker.issueEk(honest.tpm.ek.publicKey, { serialNumber: SERIAL });
const chain = [leaf, maker.intermediate, maker.root];
const roots: PinnedRoot[] = [{ name: 'Synthetic', sha256: sha256(maker.root), trustClass: 'tpm' }];
const mallory = await rsaSigningKey();
const issuing = (change: Partial<RevocationListSpec> = {}) =>
  issueRevocationList({ issuer: 'Synthetic TPM Issuing', signer: maker.intermediateKey.privateKey, ...change });
const root = (change: Partial<RevocationListSpec> = {}) =>
  issueRevocationList({ issuer: 'Synthetic TPM Root', signer: maker.rootKey.privateKey, ...change });
const revocation = async (lists: readonly Uint8Array[], certificates: readonly Uint8Array[] = chain) => {
  const { claims } = await appraiseEkChain(certificates, roots, NOW, lists);
  return claims.find(({ id }) => id === 'ek.revocation')?.ok;
};

test('refuses a revoked EK certificate, and one whose authority was revoked', async () => {
  assert.equal(await revocation([await issuing({ revoked: [SERIAL] }), await root()]), false);
  assert.equal(await revocation([await issuing(), await root({ revoked: [Uint8Array.of(1, 2, 3, 4)] })]), false);
});

test('refuses what an outdated or partial list names: revoked stays revoked', async () => {
  const outdated = { thisUpdate: new Date('2020-01-01T00:00:00Z'), nextUpdate: new Date('2020-02-01T00:00:00Z') };
  assert.equal(await revocation([await issuing({ revoked: [SERIAL], ...outdated })]), false);
  assert.equal(await revocation([await issuing({ revoked: [SERIAL], criticalUnknown: true })]), false);
});

const silent: readonly { readonly name: string; readonly list: Uint8Array; readonly chain?: readonly Uint8Array[] }[] = [
  { name: 'forged', list: await issuing({ signer: mallory.privateKey }) },
  { name: 'outdated', list: await issuing({ nextUpdate: new Date('2026-05-31T00:00:00Z') }) },
  { name: 'future', list: await issuing({ thisUpdate: new Date('2026-06-02T00:00:00Z') }) },
  { name: 'partial', list: await issuing({ criticalUnknown: true }) },
  { name: 'foreign', list: await issuing({ issuer: 'Somebody' }) },
  {
    name: 'unauthorised',
    list: await issuing(),
    chain: [
      leaf,
      await issueCertificate({
        subject: 'Synthetic TPM Issuing',
        issuer: 'Synthetic TPM Root',
        publicKey: maker.intermediateKey.publicKey,
        signer: maker.rootKey.privateKey,
        ca: { pathLength: 0 },
        usage: KeyUsageFlags.keyCertSign,
      }),
      maker.root,
    ],
  },
];
for (const { name, list, chain: certificates = chain } of silent) {
  test(`can't tell by a list that is ${name}`, async () => assert.equal(await revocation([list, await root()], certificates), null));
}

test('lets a forged list revoke nothing', async () => {
  assert.equal(await revocation([await issuing({ signer: mallory.privateKey, revoked: [SERIAL] }), await issuing(), await root()]), true);
});

test('refuses to take anything else for a list', async () => {
  for (const bytes of [new Uint8Array(), Uint8Array.of(0x30, 0), leaf]) {
    const { result } = await appraise({ ...inputFor(honest), revocationLists: [bytes] });
    assert.equal(result.verdict, 'contraindicated');
  }
});

test('affirms without a list only where the policy does not ask for one', async () => {
  const required: AppraisalPolicy = { ...honest.pinnedPolicy, revocation: 'required' };
  assert.equal((await appraise({ ...inputFor(honest), policy: honest.pinnedPolicy })).result.verdict, 'affirming');
  assert.equal((await appraise({ ...inputFor(honest), policy: required })).result.verdict, 'warning');
  const lists = [await issuing(), await root()];
  assert.equal((await appraise({ ...inputFor(honest), policy: required, revocationLists: lists })).result.verdict, 'affirming');
});
