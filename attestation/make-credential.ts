import { cfb } from '@noble/ciphers/aes.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as sha256Hash } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes, sha256, type ActivationTranscript, type ChallengeRequest, type RandomBytes } from '@tea/protocol';
import { encodeTpm, shareSeed, TPM2B_DIGEST, type SharedSeed } from '@tea/protocol/tpm';
import { ekKeyOf, type EkKey } from './ek-certificate.ts';

export type CredentialInput = {
  /** DER of the EK certificate, from the evidence */
  readonly ekCertificate: Uint8Array;
  /** Name of the AK, 34 bytes */
  readonly akName: Uint8Array;
  readonly random: RandomBytes;
};

/** A credential activation in progress or done: what the verifier keeps while the node answers, then with the node's answer. */
export type Activation = {
  readonly kind: 'performed';
  readonly ekCertificate: Uint8Array;
  readonly akName: Uint8Array;
  readonly challenge: ChallengeRequest;
  /** the secret only the right TPM can return */
  readonly credential: Uint8Array;
  /** what the node returned */
  readonly answer: Uint8Array;
};

const IDENTITY = new TextEncoder().encode('IDENTITY\0');

/**
 * Wraps a fresh 32-byte credential so that only the TPM holding both this EK and an object of this Name gives it back:
 * TPM 2.0 Part 1, 24 (credential protection), for the default RSA-2048 and P-256 EK templates with SHA-256 and AES-128-CFB.
 * @returns the challenge for TPM2_ActivateCredential, both parts without their outer TPM2B size, and the credential to expect
 * @throws TeaError `badInput` when the certificate holds neither an RSA key of at least 2048 bits nor one on P-256
 */
export async function makeCredential({
  ekCertificate,
  akName,
  random,
}: CredentialInput): Promise<{ challenge: ChallengeRequest; credential: Uint8Array }> {
  const credential = random(32);
  const { seed, encryptedSecret } = await seedFor(await ekKeyOf(ekCertificate), random);
  const symKey = kdfa(seed, 'STORAGE', akName, 128);
  const hmacKey = kdfa(seed, 'INTEGRITY', new Uint8Array(), 256);
  const encIdentity = cfb(symKey, new Uint8Array(16)).encrypt(encodeTpm(TPM2B_DIGEST, credential));
  const integrity = hmac(sha256Hash, hmacKey, concatBytes(encIdentity, akName)); // Part 1, 24.5
  return { challenge: { credentialBlob: concatBytes(encodeTpm(TPM2B_DIGEST, integrity), encIdentity), encryptedSecret }, credential };
}

/** The seed that only the EK's TPM finds again: Part 1, B.10.3 (RSA-OAEP) and C.6.3 (ECDH). */
async function seedFor(ek: EkKey, random: RandomBytes): Promise<SharedSeed> {
  if (ek.type === 'ecc') return shareSeed(ek.point, 'IDENTITY');
  const seed = random(32);
  const encrypted = await crypto.subtle.encrypt({ name: 'RSA-OAEP', label: IDENTITY }, ek.key, new Uint8Array(seed));
  return { seed, encryptedSecret: new Uint8Array(encrypted) };
}

/** Whether the answer is the credential. Constant time is not needed: it's a one-time secret. */
export function verifyActivation({ credential, answer }: Pick<Activation, 'credential' | 'answer'>): boolean {
  return credential.length === 32 && equalBytes(credential, answer);
}

/** What a proof file keeps of an activation. */
export function activationTranscript({ akName, ekCertificate, challenge, answer }: Activation): ActivationTranscript {
  return {
    kind: 'performed',
    akName,
    ekCertificate: sha256(ekCertificate),
    challenge: sha256(challenge.credentialBlob, challenge.encryptedSecret),
    response: sha256(answer),
  };
}

/** KDFa with HMAC-SHA-256, Part 1, 11.4.10.2: one block is enough for up to 256 bits. */
function kdfa(key: Uint8Array, label: string, contextU: Uint8Array, bits: 128 | 256): Uint8Array {
  const counter = Uint8Array.of(0, 0, 0, 1);
  const size = Uint8Array.of(0, 0, bits >> 8, bits & 0xff);
  return hmac(sha256Hash, key, concatBytes(counter, new TextEncoder().encode(`${label}\0`), contextU, size)).subarray(0, bits / 8);
}
