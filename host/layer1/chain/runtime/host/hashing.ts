import type { Hashing } from '../../hashing.ts';
import type { HostContext, HostFunctions } from './context.ts';

/** `ext_hashing_*` (Polkadot specification, appendix B.5): a fat pointer in, the address of the digest out. */
export function hashingFunctions({ memory, hashing }: HostContext): HostFunctions {
  const digest = (name: keyof Hashing) => (data: bigint) => memory.place(hashing[name](memory.view(data)));
  return {
    ext_hashing_blake2_128_version_1: digest('blake2b128'),
    ext_hashing_blake2_256_version_1: digest('blake2b256'),
    ext_hashing_twox_64_version_1: digest('twox64'),
    ext_hashing_twox_128_version_1: digest('twox128'),
    ext_hashing_twox_256_version_1: digest('twox256'),
    ext_hashing_keccak_256_version_1: digest('keccak256'),
    ext_hashing_keccak_512_version_1: digest('keccak512'),
    ext_hashing_sha2_256_version_1: digest('sha2_256'),
  };
}
