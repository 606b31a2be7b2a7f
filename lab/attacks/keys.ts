import { sealingAuthPolicy, expectedPcrs, type AppraisalInput } from '@tea/attestation';
import { concatBytes, sha256 } from '@tea/protocol';
import { decodePublicArea, encodePublicArea, encodeSignature, nameOf } from '@tea/protocol/tpm';
import { evidenceOf, policyOver, withAttestationKey, withSealingKey } from '../../attestation/testing/attacker.ts';
import { inputFor, requote } from '../../attestation/testing/scenario.ts';
import { AK_ATTRIBUTES, SEALING_ATTRIBUTES, sealingPublic } from '../../attestation/testing/synthetic-tpm.ts';
import { onAppraisal, type AttackGroup } from './attack.ts';
import { honest, other } from './victims.ts';

const goodPolicy = sealingAuthPolicy(expectedPcrs(honest.referenceValues));
const { evidence } = honest;
const kebab = (name: string) => name.replaceAll(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();

/** What nobody's key fails: its attributes, and whatever says whose it is. */
const AK_OF_NOBODY = ['ak.activation', 'ak.attributes', 'ak.node'] as const;

/** Everything signed by a key with exponent 1: the padded digest itself (RFC 8017, 9.2) is the signature. */
function forgedWithExponentOne(): AppraisalInput {
  const { verified: _, bytes: __, ...area } = decodePublicArea(evidence.akPublic);
  if (area.type !== 'rsa') throw new TypeError('the honest attestation key is RSA');
  const akPublic = encodePublicArea({ ...area, parameters: { ...area.parameters, exponent: 1 } });
  const forge = (message: Uint8Array) => {
    const info = concatBytes(Uint8Array.fromHex('3031300d060960864801650304020105000420'), sha256(message));
    const padding = new Uint8Array(256 - 3 - info.length).fill(0xff);
    const signature = concatBytes(Uint8Array.of(0, 1), padding, Uint8Array.of(0), info);
    return encodeSignature({ scheme: 'rsassa', hash: 'sha256', signature });
  };
  const { quote, sealing } = evidence;
  return inputFor(honest, {
    akPublic,
    quote: { ...quote, signature: forge(quote.attest) },
    sealing: { ...sealing, signature: forge(sealing.attest) },
  });
}

export const onAttestationKeys: AttackGroup = {
  id: 'attestation-key',
  on: 'the attestation key',
  wouldGain: 'a key that signs whatever its owner likes makes quotes of states no TPM was ever in',
  attacks: [
    ...(['restricted', 'sign', 'fixedTPM', 'fixedParent', 'sensitiveDataOrigin'] as const).map((attribute) =>
      onAppraisal(`ak-without-${kebab(attribute)}`, `attests with a key whose ${attribute} is clear`, ['ak.attributes'], () =>
        withAttestationKey(honest, { ...AK_ATTRIBUTES, [attribute]: false }),
      ),
    ),
    ...(['decrypt', 'encryptedDuplication', 'x509sign'] as const).map((attribute) =>
      onAppraisal(`ak-with-${kebab(attribute)}`, `attests with a key whose ${attribute} is set`, ['ak.attributes'], () =>
        withAttestationKey(honest, { ...AK_ATTRIBUTES, [attribute]: true }),
      ),
    ),
    onAppraisal(
      'ak-is-ek',
      'names the endorsement key as the attestation key',
      ['ak.activation', 'ak.attributes', 'ak.node', 'quote.signature', 'sealing.certified'],
      async () => {
        const { n = '' } = await crypto.subtle.exportKey('jwk', honest.tpm.ek.publicKey);
        const akPublic = encodePublicArea({
          type: 'rsa',
          nameAlg: 'sha256',
          attributes: { ...AK_ATTRIBUTES, sign: false, decrypt: true },
          authPolicy: new Uint8Array(),
          parameters: {
            symmetric: { algorithm: 'aes', keyBits: 128, mode: 'cfb' },
            scheme: { scheme: 'null' },
            keyBits: 2048,
            exponent: 0,
          },
          unique: Uint8Array.fromBase64(n, { alphabet: 'base64url' }),
        });
        return inputFor(honest, { akPublic });
      },
    ),
    onAppraisal('ak-exponent-1', 'attests with an RSA key of exponent 1, for which anyone can sign', AK_OF_NOBODY, () => forgedWithExponentOne()),
    onAppraisal(
      'not-tpm-generated',
      'signs a made-up quote without TPM_GENERATED with an unrestricted key',
      [
        'evidence.decodes',
        'quote.signature',
        'quote.binding',
        'quote.pcrSelection',
        'quote.pcrDigest',
        'binding.nonce',
        'binding.purpose',
        'binding.chain',
        'binding.errand',
        'binding.account',
      ],
      async () => {
        const attest = evidence.quote.attest.slice();
        attest[0] = 0;
        return inputFor(honest, { quote: { ...evidence.quote, attest, signature: await honest.tpm.sign(attest) } });
      },
    ),
  ],
};

export const onSealingKeys: AttackGroup = {
  id: 'sealing-key',
  on: 'the sealing key',
  wouldGain: 'released content keys can be opened outside the measured program, or outside any TPM',
  attacks: [
    onAppraisal('sealing-no-policy', 'offers a sealing key without a policy', ['sealing.policy'], async () =>
      withSealingKey(honest, await sealingPublic(new Uint8Array())),
    ),
    onAppraisal('sealing-other-program', 'binds the sealing key to another program', ['sealing.policy'], async () =>
      withSealingKey(
        honest,
        await sealingPublic(sealingAuthPolicy(expectedPcrs(honest.referenceValues, [honest.log[0]?.digest ?? sha256(), sha256()]))),
      ),
    ),
    onAppraisal('sealing-fewer-pcrs', 'binds the sealing key to PCRs 0-7 only', ['sealing.policy'], async () =>
      withSealingKey(honest, await sealingPublic(policyOver(honest, [{ hash: 'sha256', pcrs: [0, 1, 2, 3, 4, 5, 6, 7] }]))),
    ),
    onAppraisal('sealing-other-bank', 'binds the sealing key to the SHA-1 bank', ['sealing.policy'], async () =>
      withSealingKey(honest, await sealingPublic(policyOver(honest, [{ hash: 'sha1', pcrs: [0, 1, 2, 3, 4, 5, 6, 7, 9, 12] }]))),
    ),
    ...(['userWithAuth', 'restricted', 'sign', 'encryptedDuplication'] as const).map((attribute) =>
      onAppraisal(`sealing-with-${kebab(attribute)}`, `offers a sealing key whose ${attribute} is set`, ['sealing.attributes'], async () =>
        withSealingKey(honest, await sealingPublic(goodPolicy, { ...SEALING_ATTRIBUTES, [attribute]: true })),
      ),
    ),
    ...(['fixedTPM', 'fixedParent', 'sensitiveDataOrigin', 'decrypt'] as const).map((attribute) =>
      onAppraisal(`sealing-without-${kebab(attribute)}`, `offers a sealing key whose ${attribute} is clear`, ['sealing.attributes'], async () =>
        withSealingKey(honest, await sealingPublic(goodPolicy, { ...SEALING_ATTRIBUTES, [attribute]: false })),
      ),
    ),
    onAppraisal('sealing-other-tpm', 'has another TPM certify the sealing key', ['sealing.certified'], async () =>
      withSealingKey(honest, await sealingPublic(goodPolicy), other.tpm),
    ),
    onAppraisal('sealing-other-certification', 'shows the certification of another key', ['sealing.certified'], async () => {
      const shown = await sealingPublic(goodPolicy);
      return evidenceOf(honest, { ...(await requote(honest, { sealingKeyName: nameOf(shown) })), sealing: { ...evidence.sealing, public: shown } });
    }),
    onAppraisal('sealing-not-bound', 'offers another sealing key than the one the quote speaks of', ['binding.sealingKey'], async () => {
      const publicArea = await sealingPublic(goodPolicy);
      return inputFor(honest, { sealing: { public: publicArea, ...(await honest.tpm.certify(publicArea)) } });
    }),
    onAppraisal('sealing-quote-as-certification', 'passes a quote off as the certification', ['sealing.certified'], () =>
      inputFor(honest, { sealing: { public: evidence.sealing.public, attest: evidence.quote.attest, signature: evidence.quote.signature } }),
    ),
    onAppraisal('sealing-other-curve', 'offers a sealing key on another curve', ['sealing.attributes'], () => {
      const { verified: _, bytes: __, ...area } = decodePublicArea(evidence.sealing.public);
      if (area.type !== 'ecc') throw new TypeError('the honest sealing key is on a curve');
      return withSealingKey(honest, encodePublicArea({ ...area, parameters: { ...area.parameters, curve: 'p384' } }));
    }),
    onAppraisal(
      'sealing-truncated',
      'cuts the last byte off the sealing key',
      ['evidence.decodes', 'sealing.attributes', 'sealing.certified', 'sealing.policy', 'binding.sealingKey'],
      () => inputFor(honest, { sealing: { ...evidence.sealing, public: evidence.sealing.public.slice(0, -1) } }),
    ),
  ],
};
