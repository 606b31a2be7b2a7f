import { decodeHeader } from '@tea/protocol/layer1';
import { makeGenesis } from './genesis.ts';
import { loadHashing } from './hashing.ts';

/** Block 0 of a network, and all of its state. Hashes in hex with 0x. */
export type RawGenesis = {
  readonly hash: string;
  readonly stateRoot: string;
  /** Keys and values, sorted by key. The runtime is among them, at `:code`. */
  readonly state: readonly (readonly [key: Uint8Array, value: Uint8Array])[];
};

export type RawGenesisInput = { readonly runtimeWasm: Uint8Array; readonly preset: string; readonly patch?: Uint8Array };

/**
 * The genesis that any node makes of this runtime and preset: what a chain spec holds.
 * @param patch JSON laid over the preset (RFC 7396), such as a network's authorities
 * @throws TeaError `badInput` when the runtime has no such preset, or refuses what the patch makes of it
 */
export async function rawGenesis(input: RawGenesisInput): Promise<RawGenesis> {
  const hashing = await loadHashing();
  const options = { hashing, log: () => {}, watch: { begin: () => {}, end: () => {} } };
  const { header, changes } = makeGenesis(input.runtimeWasm, input.preset, options, input.patch);
  const state = changes.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]));
  return {
    hash: `0x${hashing.blake2b256(header).toHex()}`,
    stateRoot: `0x${decodeHeader(header).stateRoot.toHex()}`,
    state: state.toSorted(([a], [b]) => Buffer.compare(a, b)),
  };
}
