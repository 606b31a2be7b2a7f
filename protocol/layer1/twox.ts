import { concatBytes } from '../bytes.ts';
import { TeaError } from '../errors.ts';

/** xxHash64 (github.com/Cyan4973/xxHash, xxhash_spec.md), seed 0, of inputs below one stripe: ids and block numbers are all that TEA hashes with it. */
const [P1, P2, P3, P4, P5] = [0x9e3779b185ebca87n, 0xc2b2ae3d27d4eb4fn, 0x165667b19e3779f9n, 0x85ebca77c2b2ae63n, 0x27d4eb2f165667c5n] as const;
const STRIPE_BYTES = 32;

/** Substrate's `Twox64Concat`: the hash, little endian, before the key itself. @throws TeaError `badInput` from 32 bytes on */
export function twox64Concat(key: Uint8Array): Uint8Array {
  if (key.length >= STRIPE_BYTES) throw new TeaError('badInput', 'A key to hash', { expected: 'less than 32 bytes', actual: `${key.length}` });
  const view = new DataView(key.buffer, key.byteOffset, key.length);
  let hash = wrap(P5 + BigInt(key.length));
  let at = 0;
  for (; at + 8 <= key.length; at += 8) {
    const lane = wrap(rotate(wrap(view.getBigUint64(at, true) * P2), 31n) * P1);
    hash = wrap(rotate(hash ^ lane, 27n) * P1 + P4);
  }
  if (at + 4 <= key.length) {
    hash = wrap(rotate(hash ^ wrap(BigInt(view.getUint32(at, true)) * P1), 23n) * P2 + P3);
    at += 4;
  }
  for (; at < key.length; at++) hash = wrap(rotate(hash ^ wrap(BigInt(key[at] ?? 0) * P5), 11n) * P1);
  hash = wrap((hash ^ (hash >> 33n)) * P2);
  hash = wrap((hash ^ (hash >> 29n)) * P3);
  const digest = new Uint8Array(8);
  new DataView(digest.buffer).setBigUint64(0, hash ^ (hash >> 32n), true);
  return concatBytes(digest, key);
}

function wrap(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

function rotate(value: bigint, bits: bigint): bigint {
  return wrap(value << bits) | (value >> (64n - bits));
}
