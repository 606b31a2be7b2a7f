import { TeaError } from '../errors.ts';

/**
 * The nonce of STREAM (Hoang, Reyhanitabar, Rogaway, Vizár: Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance,
 * CRYPTO 2015) as age lays it out: chunk number, 11 bytes big-endian ‖ 1 for the last chunk, else 0. The number makes reordering, the flag
 * truncation and extension fail to authenticate. The key is fresh for every content, so no nonce ever repeats under it.
 */
export function streamNonce(chunk: number, isLast: boolean): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(chunk)) throw new TeaError('limit', 'This content has too many chunks');
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setBigUint64(3, BigInt(chunk));
  nonce[11] = isLast ? 1 : 0;
  return nonce;
}
