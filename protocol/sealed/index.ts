import { type RandomBytes, secureRandom } from '../randomness.ts';
import { CONTENT_KEY_BYTES } from './format.ts';

export { CONTENT_KEY_BYTES, HEADER_BYTES, sealedSize } from './format.ts';
export { isSealed } from './header.ts';
export { formatContentKey, parseContentKey } from './key-text.ts';
export { openReader } from './open-reader.ts';
export { keyFits, openBytes, openContent, type OpenOptions } from './open.ts';
export { sealBytes, sealContent, type SealOptions } from './seal.ts';

/** A new owner's key for AES-256. */
export function generateContentKey(random: RandomBytes = secureRandom): Uint8Array {
  return random(CONTENT_KEY_BYTES);
}
