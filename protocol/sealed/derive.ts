import { TeaError } from '../errors.ts';
import { concatBytes } from '../bytes.ts';
import { COMMITMENT_BYTES, CONTENT_KEY_BYTES } from './format.ts';
import { PREAMBLE } from './header.ts';

const INFO = concatBytes(new TextEncoder().encode('TEA sealed content\0'), PREAMBLE);

export type DerivedKeys = { readonly chunkKey: CryptoKey; readonly commitment: Uint8Array };

/**
 * HKDF-SHA256 (RFC 5869) of the owner's key with the content's salt: 32 bytes of AES key, then 32 bytes of commitment.
 *
 * AES-GCM alone commits to nothing: one ciphertext can open under two keys. Since both halves come from one HKDF output, a second
 * owner's key with the same commitment is a collision of HMAC-SHA256. The preamble is in `info` and the salt is HKDF's, so a header with
 * any bit changed derives another commitment than the one it carries.
 *
 * @throws TeaError `badInput` unless the key is 32 bytes
 */
export async function deriveKeys(contentKey: Uint8Array, salt: Uint8Array): Promise<DerivedKeys> {
  if (contentKey.length !== CONTENT_KEY_BYTES) {
    throw new TeaError('badInput', 'This is not a content key', { expected: `${CONTENT_KEY_BYTES} bytes`, actual: `${contentKey.length} bytes` });
  }
  const input = await crypto.subtle.importKey('raw', new Uint8Array(contentKey), 'HKDF', false, ['deriveBits']);
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(salt), info: new Uint8Array(INFO) };
  const output = new Uint8Array(await crypto.subtle.deriveBits(parameters, input, (CONTENT_KEY_BYTES + COMMITMENT_BYTES) * 8));
  const chunkKey = await crypto.subtle.importKey('raw', output.subarray(0, CONTENT_KEY_BYTES), 'AES-GCM', false, ['encrypt', 'decrypt']);
  return { chunkKey, commitment: output.slice(CONTENT_KEY_BYTES) };
}

/** In constant time, although a commitment is public: nothing to reason about is better. */
export function sameCommitment(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.reduce((difference, byte, index) => difference | (byte ^ (b[index] ?? 0)), 0) === 0;
}
