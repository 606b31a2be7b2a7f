import { TeaError } from '@tea/protocol';
import type { Header } from '@tea/protocol/layer1';
import { executeBlock } from './runtime/api.ts';
import type { Executor } from './runtime/executor.ts';
import { Overlay } from './runtime/overlay.ts';
import type { Hash } from './trie/node.ts';
import type { Trie } from './trie/trie.ts';

/**
 * Executes a block that somebody else made on top of its parent's state, and returns the state after it. The runtime itself compares roots
 * and digest; the seal is not its business and is taken off first (specification, 3.3.3.1).
 * @throws TeaError `chain` unless the block comes to exactly what its header says
 */
export function reexecute(executor: Executor, parent: Trie, header: Header, extrinsics: readonly Uint8Array[], hash: Hash): Trie {
  return replayBlock(executor, parent, header, extrinsics, hash).applied();
}

/** As `reexecute`, with what the block did to the state. */
export function replayBlock(executor: Executor, parent: Trie, header: Header, extrinsics: readonly Uint8Array[], hash: Hash): Overlay {
  const storage = new Overlay(parent);
  const unsealed = { ...header, digest: header.digest.filter((item) => item.kind !== 'seal') };
  executeBlock(executor, storage, unsealed, extrinsics);
  const root = storage.applied().rootHash(hash).toHex();
  if (root !== header.stateRoot.toHex()) {
    throw new TeaError('chain', 'The block does not come to its state root', { expected: header.stateRoot.toHex(), actual: root });
  }
  return storage;
}
