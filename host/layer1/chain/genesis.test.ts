import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { start } from '@polkadot-api/smoldot';
import { decodeHeader } from '@tea/protocol/layer1';
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
    const smoldot = start({
      maxLogLevel: 0,
      forbidTcp: true,
      forbidWs: true,
      forbidNonLocalWs: true,
      forbidWss: true,
      forbidWebRtc: true,
      logCallback: () => {},
    });
    try {
      const chain = await smoldot.addChain({ chainSpec: JSON.stringify(chainSpec) });
      chain.sendJsonRpc(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'chainSpec_v1_genesisHash', params: [] }));
      const { result } = JSON.parse(await chain.nextJsonRpcResponse()) as { result: string };
      assert.equal(result, `0x${hashing.blake2b256(header).toHex()}`);
      assert.equal(decodeHeader(header).number, 0);
    } finally {
      await smoldot.terminate();
    }
  });
}
