import { equalBytes } from '@tea/protocol';
import { decodePublicArea, encodePublicArea, type ObjectAttributes, type PublicArea, TPMA_OBJECT } from '@tea/protocol/tpm';

/** A key in the TPM, ready for use. */
export type LoadedKey = { readonly handle: number; readonly publicArea: Uint8Array; readonly name: Uint8Array };

const NONE = new Uint8Array(0);
const AES_128_CFB = { algorithm: 'aes', keyBits: 128, mode: 'cfb' } as const;

/** Keys made in this TPM that never leave it, not even to another parent in it. */
const BORN_HERE = ['fixedTPM', 'fixedParent', 'sensitiveDataOrigin'] as const;

/** The parent of TEA's keys: a P-256 storage key, the same after every start because it derives from the owner hierarchy's seed. */
export const STORAGE_KEY: PublicArea = {
  type: 'ecc',
  nameAlg: 'sha256',
  attributes: attributes(...BORN_HERE, 'userWithAuth', 'noDA', 'restricted', 'decrypt'),
  authPolicy: NONE,
  parameters: { symmetric: AES_128_CFB, scheme: { scheme: 'null' }, curve: 'p256', kdf: { scheme: 'null' } },
  unique: { x: NONE, y: NONE },
};

const ENDORSEMENT = {
  nameAlg: 'sha256',
  attributes: attributes(...BORN_HERE, 'adminWithPolicy', 'restricted', 'decrypt'),
  authPolicy: Uint8Array.fromHex('837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa'), // PolicyA: PolicySecret(TPM_RH_ENDORSEMENT)
} as const;

/** TCG EK Credential Profile 2.5, B.3.3, template L-1: the key that the certificate of an RSA-2048 EK names. */
export const RSA_ENDORSEMENT_KEY: PublicArea = {
  ...ENDORSEMENT,
  type: 'rsa',
  parameters: { symmetric: AES_128_CFB, scheme: { scheme: 'null' }, keyBits: 2048, exponent: 0 },
  unique: new Uint8Array(256),
};

/** B.3.4, template L-2: the key that the certificate of a P-256 EK names. */
export const ECC_ENDORSEMENT_KEY: PublicArea = {
  ...ENDORSEMENT,
  type: 'ecc',
  parameters: { symmetric: AES_128_CFB, scheme: { scheme: 'null' }, curve: 'p256', kdf: { scheme: 'null' } },
  unique: { x: new Uint8Array(32), y: new Uint8Array(32) },
};

/**
 * Restricted: signs only what the TPM itself made. `noDA`, because a TPM that loses power while a key without it is in use counts
 * that as a failed authorization and locks out after a few (Part 1, 19.8.6).
 */
export const ATTESTATION_KEY: PublicArea = {
  type: 'rsa',
  nameAlg: 'sha256',
  attributes: attributes(...BORN_HERE, 'userWithAuth', 'noDA', 'restricted', 'sign'),
  authPolicy: NONE,
  parameters: { symmetric: { algorithm: 'null' }, scheme: { scheme: 'rsassa', hash: 'sha256' }, keyBits: 2048, exponent: 0 },
  unique: NONE,
};

/** An ECDH key that only a policy session may use: without `userWithAuth` no password opens it. */
export function sealingKey(authPolicy: Uint8Array): PublicArea {
  return {
    type: 'ecc',
    nameAlg: 'sha256',
    attributes: attributes(...BORN_HERE, 'noDA', 'decrypt'),
    authPolicy,
    parameters: { symmetric: { algorithm: 'null' }, scheme: { scheme: 'ecdh', hash: 'sha256' }, curve: 'p256', kdf: { scheme: 'null' } },
    unique: { x: NONE, y: NONE },
  };
}

/** A primary key of the owner hierarchy for the TEE's own state, as closed as the sealing key. `unique` sets it apart from other primaries. */
export function stateKey(authPolicy: Uint8Array): PublicArea {
  const label = new TextEncoder().encode('tea/state-key/1');
  return { ...sealingKey(authPolicy), unique: { x: label, y: NONE } } as PublicArea;
}

/** The public half of a release key, as a TPM takes it to check signatures. Its Name stands in policies: no bit of this may change. */
export function releaseKey(publicPoint: Uint8Array): Uint8Array {
  return encodePublicArea({
    type: 'ecc',
    nameAlg: 'sha256',
    attributes: attributes('userWithAuth', 'sign'),
    authPolicy: NONE,
    parameters: { symmetric: { algorithm: 'null' }, scheme: { scheme: 'ecdsa', hash: 'sha256' }, curve: 'p256', kdf: { scheme: 'null' } },
    unique: { x: publicPoint.slice(1, 33), y: publicPoint.slice(33) },
  });
}

/** Whether a public area differs from its template in nothing but the key itself. */
export function isMadeFrom(template: PublicArea, publicArea: Uint8Array): boolean {
  const { type, unique } = decodePublicArea(publicArea);
  return type === template.type && equalBytes(encodePublicArea({ ...template, unique } as PublicArea), publicArea);
}

/** What Create and CreatePrimary take for a key that the TPM draws itself: no content, no outside data, no creation PCRs. */
export function creationParameters(area: PublicArea) {
  return { inSensitive: { userAuth: NONE, data: NONE }, inPublic: encodePublicArea(area), outsideInfo: NONE, creationPcr: [] };
}

function attributes(...set: readonly (keyof ObjectAttributes)[]): ObjectAttributes {
  return Object.fromEntries(Object.keys(TPMA_OBJECT).map((name) => [name, (set as readonly string[]).includes(name)])) as ObjectAttributes;
}
