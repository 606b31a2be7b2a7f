import { readFileSync } from 'node:fs';
import { sha256 } from '@tea/protocol';
import { KeyUsageFlags } from '../../attestation/testing/attacker.ts';
import { issueCertificate, type CertificateSpec } from '../../attestation/testing/certificates.ts';
import { activationOf, inputFor, tpmMaker } from '../../attestation/testing/scenario.ts';
import { rsaSigningKey } from '../../attestation/testing/synthetic-tpm.ts';
import { onAppraisal, type Attack, type AttackGroup } from './attack.ts';
import { honest } from './victims.ts';

const { maker, tpm } = honest;
const ek = tpm.ek.publicKey;
const mallory = await rsaSigningKey();
const leaf = await maker.issueEk(ek);
const infineon = new Uint8Array(readFileSync(new URL('../../attestation/testing/tpm-makers/infineon-optiga-rsa.der', import.meta.url)));

/** The honest node with this certificate chain, under a policy that pins its maker. */
const chain = (
  id: string,
  title: string,
  claims: readonly string[],
  make: () => Promise<readonly Uint8Array[]>,
  pinned: Uint8Array = maker.root,
): Attack =>
  onAppraisal(id, title, claims, async () => {
    const ekCertificates = await make();
    const activation = await activationOf(tpm, ekCertificates[0] ?? new Uint8Array());
    const roots = [{ name: 'Synthetic', sha256: sha256(pinned), trustClass: 'tpm' as const }];
    return inputFor(honest, { ekCertificates }, { activation, policy: { ...honest.pinnedPolicy, roots, acceptedClasses: ['tpm'] } });
  });
const ekWith = (change: Partial<CertificateSpec>) => async () => [await maker.issueEk(ek, change), maker.intermediate, maker.root];
const authorityWith = (change: Partial<CertificateSpec>) => async () => [leaf, await authority(change), maker.root];

/** The intermediate with another key, which signs the EK's certificate. */
const signedWith =
  (
    modulusLength: number,
    exponent: readonly number[],
    { hash = 'SHA-256', algorithm }: { readonly hash?: string; readonly algorithm?: string } = {},
  ) =>
  async () => {
    const publicExponent = Uint8Array.from(exponent);
    const key = await crypto.subtle.generateKey({ name: 'RSASSA-PKCS1-v1_5', modulusLength, publicExponent, hash }, true, ['sign', 'verify']);
    const signed = await maker.issueEk(ek, { signer: key.privateKey, ...(algorithm !== undefined && { algorithm }) });
    return [signed, await authority({ ca: {}, publicKey: key.publicKey }), maker.root];
  };

/** The honest chain with a certificate for a key that no verifier challenges: so nobody's activation is of it. */
const forKey = (id: string, title: string, algorithm: EcKeyGenParams | RsaHashedKeyGenParams, uses: readonly ('encrypt' | 'deriveBits')[]): Attack =>
  onAppraisal(id, title, ['ak.activation', 'ek.usage'], async () => {
    const { publicKey } = await crypto.subtle.generateKey(algorithm, true, [...uses, uses[0] === 'encrypt' ? 'decrypt' : 'deriveKey']);
    const usage = 'namedCurve' in algorithm ? KeyUsageFlags.keyAgreement : KeyUsageFlags.keyEncipherment;
    return inputFor(honest, { ekCertificates: [await maker.issueEk(publicKey, { usage }), maker.intermediate, maker.root] });
  });

function authority({ ca, ...change }: Partial<CertificateSpec> = {}): Promise<Uint8Array> {
  return issueCertificate({
    subject: 'Synthetic TPM Issuing',
    issuer: 'Synthetic TPM Root',
    publicKey: maker.intermediateKey.publicKey,
    signer: maker.rootKey.privateKey,
    ...(ca && { ca }),
    ...change,
  });
}

async function longPath(): Promise<Uint8Array[]> {
  const below = await issueCertificate({
    subject: 'Below',
    issuer: 'Synthetic TPM Issuing',
    publicKey: mallory.publicKey,
    signer: maker.intermediateKey.privateKey,
    ca: {},
  });
  return [await maker.issueEk(ek, { issuer: 'Below', signer: mallory.privateKey }), below, maker.intermediate, maker.root];
}

export const onCertificates: AttackGroup = {
  id: 'certificate',
  on: 'the endorsement key’s certificates',
  wouldGain: 'a key in no TPM counts as one in a maker’s TPM',
  attacks: [
    chain(
      'maker-by-name',
      'puts a real maker’s authority behind a certificate it never signed',
      ['ek.signatures'],
      async () => [await maker.issueEk(ek, { signer: mallory.privateKey }), infineon],
      infineon,
    ),
    chain('ek-expired', 'shows an expired certificate', ['ek.validity'], ekWith({ notAfter: new Date('2026-05-31T00:00:00Z') })),
    chain('ek-future', 'shows a certificate that is not valid yet', ['ek.validity'], ekWith({ notBefore: new Date('2026-06-02T00:00:00Z') })),
    chain(
      'ca-expired',
      'shows a chain with an expired authority',
      ['ek.validity'],
      authorityWith({ ca: {}, notAfter: new Date('2025-01-01T00:00:00Z') }),
    ),
    chain('ek-other-signer', 'signs a certificate with its own key', ['ek.signatures'], ekWith({ signer: mallory.privateKey })),
    chain('ek-other-issuer', 'names an issuer that did not sign', ['ek.signatures'], ekWith({ issuer: 'Somebody' })),
    chain('chain-gap', 'leaves a certificate of the chain out', ['ek.signatures'], async () => [leaf, maker.root]),
    chain('chain-headless', 'leaves the root out', ['ek.signatures', 'policy.trustClass'], async () => [leaf, maker.intermediate]),
    chain('chain-alone', 'shows a lone certificate', ['ek.signatures', 'policy.trustClass'], async () => [leaf]),
    chain('chain-reordered', 'shows the chain in another order', ['ek.signatures', 'ek.authorities'], async () => [
      leaf,
      maker.root,
      maker.intermediate,
    ]),
    chain('chain-loop', 'shows a certificate of the chain twice', ['ek.signatures', 'ek.authorities'], async () => [
      leaf,
      maker.intermediate,
      maker.intermediate,
      maker.root,
    ]),
    chain('chain-too-long', 'makes a longer path than an authority allows', ['ek.authorities'], longPath),
    chain('ca-not-ca', 'has a certificate issued by what is no authority', ['ek.authorities'], authorityWith({ usage: KeyUsageFlags.keyCertSign })),
    chain(
      'ca-no-cert-sign',
      'has a certificate issued by a key that may not sign certificates',
      ['ek.authorities'],
      authorityWith({ ca: {}, usage: KeyUsageFlags.digitalSignature }),
    ),
    chain('critical-unknown', 'hides a condition in a critical extension nobody understands', ['ek.authorities'], ekWith({ criticalUnknown: true })),
    chain(
      'ca-name-constraints',
      'has a certificate issued by an authority that is limited to other names',
      ['ek.authorities'],
      // permits dNSName example.com (RFC 5280, 4.2.1.10)
      authorityWith({ ca: {}, critical: { id: '2.5.29.30', value: Uint8Array.fromHex('3011a00f300d820b6578616d706c652e636f6d') } }),
    ),
    chain(
      'ca-policy-constraints',
      'has a certificate issued by an authority that requires a policy',
      ['ek.authorities'],
      authorityWith({ ca: {}, critical: { id: '2.5.29.36', value: Uint8Array.fromHex('3003800100') } }), // requireExplicitPolicy 0
    ),
    chain(
      'ca-policy-qualifier',
      'has a certificate issued under a policy with a condition nobody understands',
      ['ek.authorities'],
      // anyPolicy with qualifier 1.2.3.4
      authorityWith({ ca: {}, critical: { id: '2.5.29.32', value: Uint8Array.fromHex('3011300f0604551d20003007300506032a0304') } }),
    ),
    chain('ca-short-key', 'has a certificate signed with a key of 1024 bits', ['ek.signatures'], signedWith(1024, [1, 0, 1])),
    chain('ca-exponent-3', 'has a certificate signed with a key of exponent 3', ['ek.signatures'], signedWith(2048, [3])),
    chain(
      'ca-sha1',
      'has a certificate signed over SHA-1',
      ['ek.signatures'],
      signedWith(2048, [1, 0, 1], { hash: 'SHA-1', algorithm: '1.2.840.113549.1.1.5' }),
    ),
    chain(
      'ca-other-hash',
      'names another hash than was signed',
      ['ek.signatures'],
      signedWith(2048, [1, 0, 1], { hash: 'SHA-256', algorithm: '1.2.840.113549.1.1.13' }),
    ),
    forKey('ek-other-curve', 'shows a certificate for a key on P-384', { name: 'ECDH', namedCurve: 'P-384' }, ['deriveBits']),
    forKey(
      'ek-short-key',
      'shows a certificate for an RSA key of 1024 bits',
      { name: 'RSA-OAEP', modulusLength: 1024, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
      ['encrypt'],
    ),
    chain('ek-purpose-of-issuer', 'shows a certificate without a purpose, of an issuer for endorsement keys and servers', ['ek.usage'], async () => [
      await maker.issueEk(ek, { purposes: [] }),
      await authority({ ca: {}, purposes: ['2.23.133.8.1', '1.3.6.1.5.5.7.3.1'] }),
      maker.root,
    ]),
    chain('ek-other-purpose', 'shows a server certificate as the EK’s', ['ek.usage'], ekWith({ purposes: ['1.3.6.1.5.5.7.3.1'] })),
    chain('ek-no-purpose', 'shows a certificate without a purpose', ['ek.usage'], ekWith({ purposes: [] })),
    chain('ek-signing', 'shows a certificate for signing', ['ek.usage'], ekWith({ usage: KeyUsageFlags.digitalSignature })),
    chain('ek-is-ca', 'shows an authority’s certificate as the EK’s', ['ek.usage'], ekWith({ ca: {}, usage: KeyUsageFlags.keyEncipherment })),
    chain(
      'ek-no-maker',
      'names a TPM maker that does not exist',
      ['ek.identity'],
      ekWith({ tpm: { manufacturer: 'Acme', model: 'x', version: 'id:1' } }),
    ),
    chain('root-same-name', 'makes an authority with the pinned one’s name', ['policy.trustClass'], async () => {
      const strange = await tpmMaker();
      return [await strange.issueEk(ek), strange.intermediate, strange.root];
    }),
    chain('root-beside', 'puts the pinned root beside a chain it did not sign', ['ek.signatures'], async () => {
      const strange = await tpmMaker();
      return [await strange.issueEk(ek), strange.intermediate, maker.root];
    }),
    chain('leaf-pinned', 'has its own certificate stand for a root', ['policy.trustClass'], async () => [leaf, maker.intermediate, maker.root], leaf),
    chain(
      'simulator-signed',
      'has a maker sign for a simulator',
      ['policy.trustClass'],
      ekWith({ tpm: { manufacturer: 'id:00001014', model: 'swtpm', version: 'id:20191023' } }),
    ),
  ],
};
