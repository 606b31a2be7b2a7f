import { createHash } from 'node:crypto';
import { createBLAKE2b, createKeccak, createXXHash64, type IHasher } from 'hash-wasm';

/**
 * The hash functions a runtime asks of its host, synchronous once loaded. hash-wasm because BLAKE2b is the trie's and half of a block's time:
 * it is ten times faster there than JavaScript.
 */
export type Hashing = {
  blake2b128(data: Uint8Array): Uint8Array;
  blake2b256(data: Uint8Array): Uint8Array;
  twox64(data: Uint8Array): Uint8Array;
  twox128(data: Uint8Array): Uint8Array;
  twox256(data: Uint8Array): Uint8Array;
  keccak256(data: Uint8Array): Uint8Array;
  keccak512(data: Uint8Array): Uint8Array;
  sha2_256(data: Uint8Array): Uint8Array;
};

export async function loadHashing(): Promise<Hashing> {
  const [blake2b128, blake2b256, keccak256, keccak512] = await Promise.all([
    createBLAKE2b(128),
    createBLAKE2b(256),
    createKeccak(256),
    createKeccak(512),
  ]);
  const xxHashes = await Promise.all([0, 1, 2, 3].map((seed) => createXXHash64(seed, 0)));
  const twox = (words: number) => {
    const hashers = xxHashes.slice(0, words);
    return (data: Uint8Array): Uint8Array => {
      const digest = new Uint8Array(words * 8);
      // Each 64-bit word is xxHash64 with its index as seed, little endian; hash-wasm gives big endian.
      hashers.forEach((hasher, index) => digest.set(run(hasher, data).reverse(), index * 8));
      return digest;
    };
  };
  return {
    blake2b128: (data) => run(blake2b128, data),
    blake2b256: (data) => run(blake2b256, data),
    twox64: twox(1),
    twox128: twox(2),
    twox256: twox(4),
    keccak256: (data) => run(keccak256, data),
    keccak512: (data) => run(keccak512, data),
    sha2_256: (data) => new Uint8Array(createHash('sha256').update(data).digest()),
  };
}

function run(hasher: IHasher, data: Uint8Array): Uint8Array {
  return hasher.init().update(data).digest('binary');
}
