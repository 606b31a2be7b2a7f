import { cfb } from '@noble/ciphers/aes.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as sha256Hash } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes, sha256, type ActivationTranscript, type ChallengeRequest, type RandomBytes } from '@tea/protocol';
import { encodeTpm, TPM2B_DIGEST } from '@tea/protocol/tpm';
import { ekKeyOf } from './ek-certificate.ts';

export type CredentialInput = {
  /** DER of the EK certificate (RSA key), from the evidence */
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
 * TPM 2.0 Part 1, 24 (credential protection), for the default RSA-2048 EK template with SHA-256 and AES-128-CFB.
 * @returns the challenge for TPM2_ActivateCredential, both parts without their outer TPM2B size, and the credential to expect
 * @throws TeaError `badInput` when the certificate holds no RSA key of at least 2048 bits
 */
export async function makeCredential({
  ekCertificate,
  akName,
  random,
}: CredentialInput): Promise<{ challenge: ChallengeRequest; credential: Uint8Array }> {
  const credential = random(32);
  const seed = random(32);
  const ekKey = await ekKeyOf(ekCertificate);
  const encryptedSecret = new Uint8Array(await crypto.subtle.encrypt({ name: 'RSA-OAEP', label: IDENTITY }, ekKey, new Uint8Array(seed)));
  const symKey = kdfa(seed, 'STORAGE', akName, 128);
  const hmacKey = kdfa(seed, 'INTEGRITY', new Uint8Array(), 256);
  const encIdentity = cfb(symKey, new Uint8Array(16)).encrypt(encodeTpm(TPM2B_DIGEST, credential));
  const integrity = hmac(sha256Hash, hmacKey, concatBytes(encIdentity, akName)); // Part 1, 24.5
  return { challenge: { credentialBlob: concatBytes(encodeTpm(TPM2B_DIGEST, integrity), encIdentity), encryptedSecret }, credential };
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
