import { createCipheriv } from 'node:crypto';

/** All of a guest's randomness: the ChaCha20 key stream of the job's 32-byte seed, nonce zero, from its first byte on. */
export function seededRandom(seed: Uint8Array): (length: number) => Uint8Array {
  const cipher = createCipheriv('chacha20', seed, new Uint8Array(16));
  return (length) => cipher.update(new Uint8Array(length));
}
