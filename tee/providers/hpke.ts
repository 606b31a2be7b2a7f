import { extract, expand } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, TeaError } from '@tea/protocol';

/**
 * The recipient's side of HPKE base mode (RFC 9180), DHKEM(P-256, HKDF-SHA256) / HKDF-SHA256 / AES-256-GCM, where the private key
 * is a TPM object: `ecdh` is TPM2_ECDH_ZGen and this file does the rest. Single-shot: sequence number 0 only.
 */
export type HpkeRecipient = {
  /** The recipient's public point, uncompressed, 65 bytes. */
  readonly publicPoint: Uint8Array;
  /** The x coordinate (32 bytes, overwritten here) of the recipient's private key times `point` (65 bytes). Refuses a point off the curve. */
  readonly ecdh: (point: Uint8Array) => Promise<Uint8Array>;
};

const text = new TextEncoder();
const KEM = concatBytes(text.encode('KEM'), Uint8Array.of(0x00, 0x10));
const SUITE = concatBytes(text.encode('HPKE'), Uint8Array.of(0x00, 0x10, 0x00, 0x01, 0x00, 0x02));
const EMPTY = new Uint8Array();

/**
 * @param info what the sender bound the key to; another value opens nothing
 * @throws TeaError `refused` when the ciphertext was not sealed to this key with this `info`, without saying which
 */
export async function openHpke(recipient: HpkeRecipient, enc: Uint8Array, info: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array> {
  const dh = await recipient.ecdh(enc);
  const shared = sharedSecret(dh, enc, recipient.publicPoint);
  const { key, nonce } = keySchedule(shared, info);
  const aes = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt']);
  for (const done of [dh, shared, key]) done.fill(0);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, aes, ciphertext as BufferSource));
  } catch (cause) {
    throw new TeaError('refused', 'This key was not sealed to this TEE for this use', {
      expected: 'an HPKE ciphertext bound to this errand, part, node and evidence',
      actual: 'one that does not open',
      next: 'inspect the errand again and release with what it shows now',
      cause,
    });
  }
}

/** RFC 9180, 4.1: ExtractAndExpand. */
function sharedSecret(dh: Uint8Array, enc: Uint8Array, publicPoint: Uint8Array): Uint8Array<ArrayBuffer> {
  const prk = labeledExtract(KEM, EMPTY, 'eae_prk', dh);
  const shared = labeledExpand(KEM, prk, 'shared_secret', concatBytes(enc, publicPoint), 32);
  prk.fill(0);
  return shared;
}

/** RFC 9180, 5.1: KeySchedule in mode_base, whose psk and psk_id are empty. */
function keySchedule(shared: Uint8Array, info: Uint8Array): { key: Uint8Array<ArrayBuffer>; nonce: Uint8Array<ArrayBuffer> } {
  const context = concatBytes(Uint8Array.of(0), labeledExtract(SUITE, EMPTY, 'psk_id_hash', EMPTY), labeledExtract(SUITE, EMPTY, 'info_hash', info));
  const secret = labeledExtract(SUITE, shared, 'secret', EMPTY);
  const scheduled = { key: labeledExpand(SUITE, secret, 'key', context, 32), nonce: labeledExpand(SUITE, secret, 'base_nonce', context, 12) };
  secret.fill(0);
  return scheduled;
}

function labeledExtract(suite: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array): Uint8Array {
  return extract(sha256, concatBytes(text.encode('HPKE-v1'), suite, text.encode(label), ikm), salt);
}

function labeledExpand(suite: Uint8Array, prk: Uint8Array, label: string, info: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const bound = concatBytes(Uint8Array.of(length >> 8, length & 0xff), text.encode('HPKE-v1'), suite, text.encode(label), info);
  return new Uint8Array(expand(sha256, prk, bound, length));
}
