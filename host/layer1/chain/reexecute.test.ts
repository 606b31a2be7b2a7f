import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { sr25519Sign, waitReady } from '@polkadot/wasm-crypto';
import { createClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { temporaryDirectory } from '@tea/platform';
import { isTeaError } from '@tea/protocol';
import { decodeHeader } from '@tea/protocol/layer1';
import { DEVELOPMENT_SEEDS } from './authoring/development-seeds.ts';
import { authorKey } from './authoring/slots.ts';
import { makeGenesis } from './genesis.ts';
import { loadHashing } from './hashing.ts';
import { startChain } from './index.ts';
import { reexecute } from './reexecute.ts';
import { Executor } from './runtime/executor.ts';
import { Trie } from './trie/trie.ts';

await waitReady();
const hashing = await loadHashing();
const options = { hashing, log: () => {}, watch: { begin: () => {}, end: () => {} } };
const runtimeWasm = new Uint8Array(await readFile(new URL('../runtime/runtime.wasm', import.meta.url)));

test('every block re-executes to the same state from its header and extrinsics alone, full blocks and refused extrinsics among them', async () => {
  await using directory = await temporaryDirectory('reexecute');
  await using chain = await startChain({ preset: 'development', dataDir: directory.path, runtimeWasm, blockTimeMs: 200 });
  const client = createClient((onMessage) => {
    const session = chain.connect((frame) => onMessage(JSON.parse(frame) as Parameters<typeof onMessage>[0]));
    return { send: (message) => session.send(JSON.stringify(message)), disconnect: () => session.close() };
  });
  const api = client.getUnsafeApi();
  const [seed = new Uint8Array(32)] = DEVELOPMENT_SEEDS;
  const { publicKey, secretKey } = authorKey(seed);
  const signer = getPolkadotSigner(publicKey, 'Sr25519', (message) => sr25519Sign(publicKey, secretKey, message));
  // Twenty of these fill a block's length several times over; the transfers among them fail when dispatched and are in the block all the same.
  const big = api.tx['System']?.['remark']?.({ remark: new Uint8Array(900_000) });
  const refused = api.tx['Sudo']?.['remove_key']?.({});
  assert.ok(big && refused);
  const extrinsics: Uint8Array[] = [];
  for (let nonce = 0; nonce < 20; nonce++)
    extrinsics.push(await (nonce % 5 === 4 ? refused : big).sign(signer, { nonce, mortality: { mortal: false } }));
  await Promise.all(extrinsics.map((extrinsic) => client._request('author_submitExtrinsic', [`0x${extrinsic.toHex()}`])));
  while ((await chain.status()).pooled > 0 || (await chain.status()).best.number > (await chain.status()).finalised.number);
  const { best } = await chain.status();
  while ((await chain.status()).finalised.number < best.number);
  client.destroy();

  const genesis = makeGenesis(runtimeWasm, 'development', options);
  let state = genesis.changes.reduce((trie, [key, value]) => (value === null ? trie : trie.with(key, value)), Trie.empty);
  const executor = new Executor(runtimeWasm, options);
  let included = 0;
  for await (const block of chain.blocks()) {
    const header = decodeHeader(block.header);
    assert.throws(
      () => reexecute(executor, state, { ...header, stateRoot: new Uint8Array(32) }, block.extrinsics, hashing.blake2b256),
      (error) => isTeaError(error, 'chain'),
    );
    state = reexecute(executor, state, header, block.extrinsics, hashing.blake2b256);
    included += block.extrinsics.length - 1;
  }
  assert.equal(included, 20);
});
