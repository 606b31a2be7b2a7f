import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { makeGenesis } from './genesis.ts';
import { loadHashing } from './hashing.ts';

/**
 * smoldot is another implementation of the whole: its own wasm interpreter, trie and header codec. It's given the genesis storage that our
 * host functions produced, and has to come to the same block hash.
 */
for (const preset of ['development', 'local']) {
  test(`smoldot comes to the same genesis hash from the ${preset} preset`, async () => {
    const hashing = await loadHashing();
    const code = new Uint8Array(await readFile(new URL('../runtime/runtime.wasm', import.meta.url)));
    const { header, changes } = makeGenesis(code, preset, { hashing, log: () => {}, watch: { begin: () => {}, end: () => {} } });
    const top = Object.fromEntries(changes.flatMap(([key, value]) => (value === null ? [] : [[`0x${key.toHex()}`, `0x${value.toHex()}`]])));
    const chainSpec = { name: 'TEA', id: 'tea', chainType: 'Local', bootNodes: [], properties: {}, genesis: { raw: { top, childrenDefault: {} } } };
    const oracle = new Worker(new URL('./testing/smoldot-genesis.child.ts', import.meta.url), { workerData: JSON.stringify(chainSpec) });
    const hash = await new Promise<unknown>((resolve, reject) => void oracle.once('message', resolve).once('error', reject));
    await oracle.terminate();
    assert.equal(hash, `0x${hashing.blake2b256(header).toHex()}`);
  });
}
