import { cfb } from '@noble/ciphers/aes.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as sha256Hash } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes, sha256, type ChallengeRequest, type PcrValue } from '@tea/protocol';
import {
  encodeAttest,
  encodePublicArea,
  encodeSignature,
  nameOf,
  pcrDigest,
  qualifiedNameOf,
  type ObjectAttributes,
  type PcrSelection,
} from '@tea/protocol/tpm';
import { EVIDENCE_SELECTION } from '../expected-state.ts';

/**
 * A TPM in WebCrypto for tests: real keys, real TPMS_ATTEST structures, real signatures, no swtpm. It does what it's told, also what a
 * real TPM would refuse, so that tests can hand the verifier every forgery.
 */
export type SyntheticTpm = {
  readonly ek: CryptoKeyPair;
  readonly akPublic: Uint8Array;
  readonly akName: Uint8Array;
  extend(pcr: number, digest: Uint8Array): void;
  pcr(index: number): Uint8Array;
  /** signs any bytes as the AK would; a real AK is restricted to what begins with TPM_GENERATED */
  sign(message: Uint8Array): Promise<Uint8Array>;
  quote(extraData: Uint8Array, selection?: PcrSelection): Promise<{ attest: Uint8Array; signature: Uint8Array; pcrs: PcrValue[] }>;
  certify(publicArea: Uint8Array): Promise<{ attest: Uint8Array; signature: Uint8Array }>;
  /** TPM2_ActivateCredential @returns null when the credential is not for this EK and Name */
  activate(challenge: ChallengeRequest): Promise<Uint8Array | null>;
};

const NONE: ObjectAttributes = {
  fixedTPM: false,
  stClear: false,
  fixedParent: false,
  sensitiveDataOrigin: false,
  userWithAuth: false,
  adminWithPolicy: false,
  noDA: false,
  encryptedDuplication: false,
  restricted: false,
  decrypt: false,
  sign: false,
  x509sign: false,
};

export const AK_ATTRIBUTES: ObjectAttributes = {
  ...NONE,
  fixedTPM: true,
  fixedParent: true,
  sensitiveDataOrigin: true,
  userWithAuth: true,
  restricted: true,
  sign: true,
};
export const SEALING_ATTRIBUTES: ObjectAttributes = {
  ...NONE,
  fixedTPM: true,
  fixedParent: true,
  sensitiveDataOrigin: true,
  noDA: true,
  decrypt: true,
};

const RSA = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' } as const;
const TPM_RH_ENDORSEMENT = 0x4000000b;

export async function rsaSigningKey(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(RSA, true, ['sign', 'verify']);
}

export async function ekKeyPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ ...RSA, name: 'RSA-OAEP' }, true, ['encrypt', 'decrypt']);
}

export async function syntheticTpm(options: { readonly akAttributes?: ObjectAttributes; readonly ek?: CryptoKeyPair } = {}): Promise<SyntheticTpm> {
  const ek = options.ek ?? (await ekKeyPair());
  const ak = await rsaSigningKey();
  const akPublic = encodePublicArea({
    type: 'rsa',
    nameAlg: 'sha256',
    attributes: options.akAttributes ?? AK_ATTRIBUTES,
    authPolicy: new Uint8Array(),
    parameters: { symmetric: { algorithm: 'null' }, scheme: { scheme: 'rsassa', hash: 'sha256' }, keyBits: 2048, exponent: 0 },
    unique: Uint8Array.fromBase64((await crypto.subtle.exportKey('jwk', ak.publicKey)).n ?? '', { alphabet: 'base64url' }),
  });
  const akName = nameOf(akPublic);
  const pcrs = new Map<number, Uint8Array>();
  const read = (index: number) => pcrs.get(index) ?? new Uint8Array(32);
  const sign = async (message: Uint8Array) => {
    const signature = new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', ak.privateKey, new Uint8Array(message)));
    return encodeSignature({ scheme: 'rsassa', hash: 'sha256', signature });
  };
  const head = (extraData: Uint8Array) => ({
    qualifiedSigner: qualifiedNameOf(TPM_RH_ENDORSEMENT, akName),
    extraData,
    clockInfo: { clock: 1000n, resetCount: 1, restartCount: 0, safe: true },
    firmwareVersion: 0x2019102300163636n,
  });
  return {
    ek,
    akPublic,
    akName,
    extend: (pcr, digest) => void pcrs.set(pcr, sha256(read(pcr), digest)),
    pcr: read,
    sign,
    async quote(extraData, selection = EVIDENCE_SELECTION) {
      const values = selection.flatMap((bank) => bank.pcrs.map((index) => ({ index, digest: read(index) })));
      const attest = encodeAttest({
        ...head(extraData),
        type: 'quote',
        pcrSelect: selection,
        pcrDigest: pcrDigest(values.map(({ digest }) => digest)),
      });
      return { attest, signature: await sign(attest), pcrs: values };
    },
    async certify(publicArea) {
      const name = nameOf(publicArea);
      const attest = encodeAttest({ ...head(new Uint8Array()), type: 'certify', name, qualifiedName: qualifiedNameOf(TPM_RH_ENDORSEMENT, name) });
      return { attest, signature: await sign(attest) };
    },
    activate: (challenge) => openCredential(ek.privateKey, akName, challenge),
  };
}

/** A P-256 ECDH key's public area; its private half is thrown away, as no test decrypts with it. */
export async function sealingPublic(authPolicy: Uint8Array, attributes: ObjectAttributes = SEALING_ATTRIBUTES): Promise<Uint8Array> {
  const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  return encodePublicArea({
    type: 'ecc',
    nameAlg: 'sha256',
    attributes,
    authPolicy,
    parameters: { symmetric: { algorithm: 'null' }, scheme: { scheme: 'ecdh', hash: 'sha256' }, curve: 'p256', kdf: { scheme: 'null' } },
    unique: { x: point.slice(1, 33), y: point.slice(33) },
  });
}

/** Part 1, 24, from the TPM's side, written apart from `makeCredential` so that neither can hide the other's mistake. */
async function openCredential(ek: CryptoKey, akName: Uint8Array, { credentialBlob, encryptedSecret }: ChallengeRequest): Promise<Uint8Array | null> {
  const label = new TextEncoder().encode('IDENTITY\0');
  const seed = await crypto.subtle.decrypt({ name: 'RSA-OAEP', label }, ek, new Uint8Array(encryptedSecret)).then(
    (bytes) => new Uint8Array(bytes),
    () => null,
  );
  if (seed === null) return null;
  const derive = (text: string, context: Uint8Array, bits: number) => {
    const input = new Uint8Array(4 + text.length + 1 + context.length + 4);
    const view = new DataView(input.buffer);
    view.setUint32(0, 1);
    input.set(new TextEncoder().encode(text), 4);
    input.set(context, 5 + text.length);
    view.setUint32(input.length - 4, bits);
    return hmac(sha256Hash, seed, input).slice(0, bits / 8);
  };
  const size = new DataView(credentialBlob.buffer, credentialBlob.byteOffset).getUint16(0);
  const integrity = credentialBlob.subarray(2, 2 + size);
  const encIdentity = credentialBlob.subarray(2 + size);
  if (!equalBytes(hmac(sha256Hash, derive('INTEGRITY', new Uint8Array(), 256), concatBytes(encIdentity, akName)), integrity)) return null;
  return cfb(derive('STORAGE', akName, 128), new Uint8Array(16))
    .decrypt(encIdentity)
    .subarray(2);
}
