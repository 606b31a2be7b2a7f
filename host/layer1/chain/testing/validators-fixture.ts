import { readFile } from 'node:fs/promises';
import { brotliDecompressSync } from 'node:zlib';
import { waitReady } from '@polkadot/wasm-crypto';
import { TeaError } from '@tea/protocol';
import { decodeHeader, hashHeader } from '@tea/protocol/layer1';
import { makeGenesis } from '../genesis.ts';
import { loadHashing } from '../hashing.ts';
import { reexecute } from '../reexecute.ts';
import { Overlay } from '../runtime/overlay.ts';
import { Runtimes } from '../runtimes.ts';
import { Trie } from '../trie/trie.ts';

/** What real validators made and answered, with all it takes to make it again. Bytes in hex with 0x. */
export type ValidatorsFixture = {
  readonly preset: string;
  readonly genesisHash: string;
  /** From block 1 on, without a gap. */
  readonly blocks: readonly { readonly header: string; readonly extrinsics: readonly string[] }[];
  /** Answers of a node to `state_call` at the last of these blocks. */
  readonly calls: readonly { readonly method: string; readonly params: string; readonly result: string }[];
  /** As in a proof file: whom genesis names as voters, and the SCALE `FinalityProof` of some of the blocks. */
  readonly finality: {
    readonly genesisHeader: string;
    readonly authoritiesProof: readonly string[];
    readonly proofs: readonly { readonly block: number; readonly proof: string }[];
  };
};

export async function readFixture(directory: URL): Promise<{ readonly fixture: ValidatorsFixture; readonly runtimeWasm: Uint8Array }> {
  const unpack = async (name: string): Promise<Uint8Array> => new Uint8Array(brotliDecompressSync(await readFile(new URL(name, directory))));
  const fixture = JSON.parse(new TextDecoder().decode(await unpack('blocks.json.br'))) as ValidatorsFixture;
  return { fixture, runtimeWasm: await unpack('runtime.wasm.br') };
}

/**
 * Executes every block again, from the runtime alone, and makes the node's calls once more.
 * @returns how many blocks and extrinsics came to the validators' own state roots, and how many calls to the node's own answers
 * @throws TeaError `chain` at the first difference
 */
export async function reexecuteFixture(
  fixture: ValidatorsFixture,
  runtimeWasm: Uint8Array,
): Promise<{ readonly blocks: number; readonly extrinsics: number; readonly calls: number; readonly msPerBlock: number }> {
  await waitReady();
  const hashing = await loadHashing();
  const options = { hashing, log: () => {}, watch: { begin: () => {}, end: () => {} } };
  const genesis = makeGenesis(runtimeWasm, fixture.preset, options);
  let parent = hex(hashing.blake2b256(genesis.header));
  requireSame('genesis hash', fixture.genesisHash, parent);
  let state = genesis.changes.reduce((trie, [key, value]) => (value === null ? trie : trie.with(key, value)), Trie.empty);
  const runtimes = new Runtimes(options);
  let extrinsics = 0;
  const begun = performance.now();
  for (const block of fixture.blocks) {
    const header = decodeHeader(bytes(block.header));
    requireSame(`parent of block ${header.number}`, parent, hex(header.parentHash));
    state = reexecute(runtimes.of(state).executor, state, header, block.extrinsics.map(bytes), hashing.blake2b256);
    parent = hex(hashHeader(header));
    extrinsics += block.extrinsics.length;
  }
  const msPerBlock = (performance.now() - begun) / fixture.blocks.length;
  const { executor } = runtimes.of(state);
  for (const { method, params, result } of fixture.calls) requireSame(method, result, hex(executor.call(method, bytes(params), new Overlay(state))));
  return { blocks: fixture.blocks.length, extrinsics, calls: fixture.calls.length, msPerBlock };
}

function requireSame(what: string, expected: string, actual: string): void {
  if (expected !== actual) throw new TeaError('chain', `The embedded chain and the validators differ about the ${what}`, { expected, actual });
}

function bytes(text: string): Uint8Array {
  return Uint8Array.fromHex(text.slice(2));
}

function hex(data: Uint8Array): string {
  return `0x${data.toHex()}`;
}
