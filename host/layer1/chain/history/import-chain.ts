import { waitReady } from '@polkadot/wasm-crypto';
import { concatBytes, TeaError, toHex } from '@tea/protocol';
import { AURA_AUTHORITIES_KEY, decodeAuraAuthorities, type LinkedBlock, readChainExport, verifyAuraSeal } from '@tea/protocol/layer1';
import { loadHashing } from '../hashing.ts';
import { BlockLog } from '../log/block-log.ts';
import type { StateChange } from '../log/record.ts';
import { replayBlock } from '../reexecute.ts';
import type { ExecutorOptions } from '../runtime/executor.ts';
import { keyBytes } from '../runtime/overlay.ts';
import { Runtimes } from '../runtimes.ts';
import { Trie } from '../trie/trie.ts';

export type ImportedChain = { readonly genesisHash: string; readonly blocks: number; readonly extrinsics: number; readonly stateRoot: string };

/**
 * Makes a chain in an empty `dataDir` by executing every block of an export again: each must be sealed by an authority that genesis names, come to
 * exactly its state root, and do to the state what the export says it did. Nothing is taken over but genesis, whose hash says what it is.
 * @throws TeaError `conflict` when there is a chain already; `corrupt` | `badMessage` (the export), `chain` (a block that does not come to its root), `storage`
 */
export async function importChain(lines: AsyncIterable<string>, dataDir: string): Promise<ImportedChain> {
  const [hashing] = await Promise.all([loadHashing(), waitReady()]);
  const options: ExecutorOptions = { hashing, log: () => undefined, watch: { begin: () => undefined, end: () => undefined } };
  await using log = await BlockLog.open(dataDir, hashing, { restore: () => false, replay: () => undefined });
  if (log.length > 0) throw new TeaError('conflict', 'There is a chain here already', { expected: 'an empty directory', actual: dataDir });
  const runtimes = new Runtimes(options);
  let state = Trie.empty;
  let authorities: readonly Uint8Array[] = [];
  let [blocks, extrinsics, genesisHash] = [0, 0, ''];
  for await (const block of readChainExport(lines, (head) => (genesisHash = `0x${toHex(head.genesisHash)}`))) {
    let changes = block.changes;
    if (block.number === 0) {
      state = changes.reduce((trie, [key, value]) => (value === null ? trie.without(key) : trie.with(key, value)), Trie.empty);
      requireRoot(state, block, options);
      authorities = decodeAuraAuthorities(state.get(AURA_AUTHORITIES_KEY) ?? new Uint8Array());
    } else {
      verifyAuraSeal(block.decoded, authorities);
      const storage = replayBlock(runtimes.of(state).executor, state, block.decoded, block.extrinsics, hashing.blake2b256);
      changes = Array.from(storage.changes(), ([key, value]) => [keyBytes(key), value] as const);
      if (fingerprint(changes, options) !== fingerprint(block.changes, options)) {
        throw new TeaError('corrupt', `Block ${block.number} does something else than the export says`, { expected: 'the changes of its execution' });
      }
      state = storage.applied();
    }
    await log.append({ header: block.header, extrinsics: block.extrinsics, changes });
    blocks = block.number;
    extrinsics += block.extrinsics.length;
  }
  return { genesisHash, blocks, extrinsics, stateRoot: `0x${toHex(state.rootHash(hashing.blake2b256))}` };
}

function requireRoot(state: Trie, { decoded }: LinkedBlock, { hashing }: ExecutorOptions): void {
  const root = toHex(state.rootHash(hashing.blake2b256));
  if (root === toHex(decoded.stateRoot)) return;
  throw new TeaError('corrupt', 'The genesis state is not the one of its header', { expected: toHex(decoded.stateRoot), actual: root });
}

/** The same for the same changes in any order. */
function fingerprint(changes: readonly StateChange[], { hashing }: ExecutorOptions): string {
  const entries = changes.map(
    ([key, value]) => `${toHex(key)}=${value === null ? '' : toHex(hashing.blake2b128(concatBytes(Uint8Array.of(1), value)))}`,
  );
  return entries.toSorted().join();
}
