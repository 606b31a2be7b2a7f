import { ScaleReader } from '@tea/protocol/layer1';
import { orderedRoot } from '../../trie/ordered-root.ts';
import type { HostContext, HostFunctions } from './context.ts';
import { stateVersion } from './storage.ts';

/** `ext_trie_*` (Polkadot specification, appendix B.8). */
export function trieFunctions({ memory, hashing }: HostContext): HostFunctions {
  return {
    ext_trie_blake2_256_ordered_root_version_2: (list: bigint, version: number) => {
      const reader = new ScaleReader(memory.read(list), 'list of byte strings');
      const items = Array.from({ length: reader.compact() }, () => reader.vector());
      return memory.place(orderedRoot(items, stateVersion(version), hashing.blake2b256));
    },
  };
}
