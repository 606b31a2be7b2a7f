import { concatBytes, TeaError } from '@tea/protocol';
import { encodeCompact, encodeU32, ScaleReader } from '@tea/protocol/layer1';
import { keyBytes, keyText, type KeyText } from '../overlay.ts';
import type { StateVersion } from '../../trie/node.ts';
import { type HostContext, type HostFunctions, NONE } from './context.ts';

/** `ext_storage_*` (Polkadot specification, appendix B.2; sp-io `Storage`). */
export function storageFunctions(host: HostContext): HostFunctions {
  const { memory } = host;
  const key = (fat: bigint): KeyText => keyText(memory.view(fat));
  const requireOpen = (done: boolean): void => {
    if (!done) throw new TeaError('chain', 'The runtime ended a storage transaction that it had not begun');
  };
  return {
    ext_storage_get_version_1: (at: bigint) => memory.placeFat(some(host.storage.get(key(at)))),
    ext_storage_read_version_1: (at: bigint, out: bigint, offset: number) => {
      const value = host.storage.get(key(at));
      if (value === null) return memory.placeFat(NONE);
      const rest = value.subarray(Math.min(offset >>> 0, value.length));
      const target = memory.view(out);
      target.set(rest.subarray(0, target.length));
      return memory.placeFat(concatBytes(Uint8Array.of(1), encodeU32(rest.length)));
    },
    ext_storage_set_version_1: (at: bigint, value: bigint) => host.storage.set(key(at), memory.read(value)),
    ext_storage_append_version_1: (at: bigint, element: bigint) => host.storage.append(key(at), memory.view(element)),
    ext_storage_clear_version_1: (at: bigint) => host.storage.set(key(at), null),
    ext_storage_exists_version_1: (at: bigint) => (host.storage.has(key(at)) ? 1 : 0),
    ext_storage_next_key_version_1: (at: bigint) => {
      const next = host.storage.nextKey(key(at));
      return memory.placeFat(some(next === null ? null : keyBytes(next)));
    },
    ext_storage_clear_prefix_version_2: (prefix: bigint, limit: bigint) => {
      const { removed, complete } = host.storage.clearPrefix(key(prefix), optionalU32(memory.view(limit)));
      // enum KillStorageResult { AllRemoved(u32), SomeRemaining(u32) }
      return memory.placeFat(concatBytes(Uint8Array.of(complete ? 0 : 1), encodeU32(removed)));
    },
    ext_storage_root_version_2: (version: number) => {
      // The state itself knows one layout: TEA's runtimes have used no other.
      if (stateVersion(version) !== 1) throw new TeaError('chain', 'The runtime asked for another state version', { expected: '1', actual: '0' });
      return memory.placeFat(host.storage.applied().rootHash(host.hashing.blake2b256));
    },
    ext_storage_start_transaction_version_1: () => host.storage.begin(),
    ext_storage_commit_transaction_version_1: () => requireOpen(host.storage.commit()),
    ext_storage_rollback_transaction_version_1: () => requireOpen(host.storage.rollback()),
  };
}

export function stateVersion(version: number): StateVersion {
  if (version !== 0 && version !== 1)
    throw new TeaError('chain', 'The runtime asked for another state version', { expected: '0 or 1', actual: String(version) });
  return version;
}

function some(bytes: Uint8Array | null): Uint8Array {
  return bytes === null ? NONE : concatBytes(Uint8Array.of(1), encodeCompact(bytes.length), bytes);
}

function optionalU32(encoded: Uint8Array): number | null {
  const reader = new ScaleReader(encoded, 'limit');
  return reader.u8() === 0 ? null : reader.u32();
}
