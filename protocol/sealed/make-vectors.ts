/**
 * Writes vectors.json, the test vectors of docs/sealed-content.md, with fixed keys and salts:
 *   node protocol/sealed/make-vectors.ts
 * vectors.test.ts fails when the committed file and this script's output part, and opens every vector with a second implementation.
 */
import { writeFile } from 'node:fs/promises';
import { sha256, toHex } from '../bytes.ts';
import { isTeaError } from '../errors.ts';
import { CHUNK_BYTES, HEADER_BYTES } from './format.ts';
import { formatContentKey, openBytes, sealBytes } from './index.ts';

export type SealedVector = {
  readonly name: string;
  readonly key: string;
  readonly salt: string;
  /** Byte i of the plaintext is `i * 31 mod 251`. */
  readonly plainBytes: number;
  readonly header: string;
  readonly sealedSha256: string;
  /** In full where it is short. */
  readonly sealed?: string;
};
export type RefusedVector = { readonly name: string; readonly key: string; readonly sealed: string; readonly error: string };
export type Vectors = {
  readonly keys: readonly { readonly key: string; readonly printed: string }[];
  readonly sealed: readonly SealedVector[];
  readonly refused: readonly RefusedVector[];
};

export const VECTORS_FILE = new URL('vectors.json', import.meta.url);
const SHORT_BYTES = 64;

export function patternBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31) % 251);
}

export async function makeVectors(): Promise<Vectors> {
  const key = sha256(new TextEncoder().encode('TEA test vector key'));
  const salt = sha256(new TextEncoder().encode('TEA test vector salt'));
  const seal = (plain: Uint8Array): Promise<Uint8Array> => sealBytes(plain, key, { random: () => salt });

  const sealed: SealedVector[] = [];
  for (const plainBytes of [0, 1, 17, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 3 * CHUNK_BYTES + 5]) {
    const bytes = await seal(patternBytes(plainBytes));
    sealed.push({
      name: `${plainBytes} bytes`,
      key: toHex(key),
      salt: toHex(salt),
      plainBytes,
      header: toHex(bytes.subarray(0, HEADER_BYTES)),
      sealedSha256: toHex(sha256(bytes)),
      ...(plainBytes <= SHORT_BYTES && { sealed: toHex(bytes) }),
    });
  }

  const good = await seal(patternBytes(17));
  const flipped = (offset: number): Uint8Array => good.map((byte, index) => (index === offset ? byte ^ 1 : byte));
  const cases: readonly (readonly [string, Uint8Array, Uint8Array])[] = [
    ['nothing', key, new Uint8Array()],
    ['another magic', key, flipped(0)],
    ['another version', key, flipped(7)],
    ['another chunk size', key, flipped(11)],
    ['another key', sha256(key), good],
    ['salt altered', key, flipped(12)],
    ['commitment altered', key, flipped(HEADER_BYTES - 1)],
    ['ciphertext altered', key, flipped(HEADER_BYTES)],
    ['tag altered', key, flipped(good.length - 1)],
    ['header cut', key, good.subarray(0, HEADER_BYTES - 1)],
    ['header alone', key, good.subarray(0, HEADER_BYTES)],
    ['last byte cut', key, good.subarray(0, -1)],
    ['a byte added', key, Uint8Array.of(...good, 0)],
  ];
  const refused: RefusedVector[] = [];
  for (const [name, withKey, bytes] of cases) refused.push({ name, key: toHex(withKey), sealed: toHex(bytes), error: await errorOf(bytes, withKey) });

  const keys = [key, new Uint8Array(32), new Uint8Array(32).fill(255)].map((each) => ({ key: toHex(each), printed: formatContentKey(each) }));
  return { keys, sealed, refused };
}

async function errorOf(sealed: Uint8Array, key: Uint8Array): Promise<string> {
  const outcome = await openBytes(sealed, key).catch((error: unknown) => error);
  return isTeaError(outcome) ? outcome.code : 'none';
}

if (import.meta.main) await writeFile(VECTORS_FILE, `${JSON.stringify(await makeVectors(), null, 2)}\n`);
