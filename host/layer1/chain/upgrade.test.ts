import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { sr25519Sign, waitReady } from '@polkadot/wasm-crypto';
import { createClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { temporaryDirectory } from '@tea/platform';
import { concatBytes } from '@tea/protocol';
import { DEVELOPMENT_SEEDS } from './authoring/development-seeds.ts';
import { authorKey } from './authoring/slots.ts';
import { type Chain, startChain } from './index.ts';
import { wasmOf } from './testing/tiny-runtime.ts';

await waitReady();
const [seed = new Uint8Array(32)] = DEVELOPMENT_SEEDS;
const { publicKey, secretKey } = authorKey(seed);
const alice = getPolkadotSigner(publicKey, 'Sr25519', (message) => sr25519Sign(publicKey, secretKey, message));
const runtimeWasm = new Uint8Array(await readFile(new URL('../runtime/runtime.wasm', import.meta.url)));
/** The same rules in other bytes: a custom section of one letter and no content. */
const upgraded = concatBytes(runtimeWasm, Uint8Array.of(0, 2, 1, 0x74));

type FollowEvent = { readonly newRuntime?: object | null };

function connect(chain: Chain) {
  const runtimes: unknown[] = [];
  const client = createClient((onMessage) => {
    const session = chain.connect((frame) => {
      const { params } = JSON.parse(frame) as { params?: { result?: FollowEvent } };
      if (params?.result?.newRuntime) runtimes.push(params.result.newRuntime);
      onMessage(JSON.parse(frame) as Parameters<typeof onMessage>[0]);
    });
    return { send: (message) => session.send(JSON.stringify(message)), disconnect: () => session.close() };
  });
  const call = (pallet: string, name: string, args: object) => {
    const make = client.getUnsafeApi().tx[pallet]?.[name];
    assert.ok(make, `${pallet}.${name}`);
    return make(args);
  };
  const asRoot = (inner: { decodedCall: unknown }) =>
    call('Sudo', 'sudo_unchecked_weight', { call: inner.decodedCall, weight: { ref_time: 0n, proof_size: 0n } }).signAndSubmit(alice);
  return { client, runtimes, call, asRoot };
}

test('goes on under a new runtime, tells followers of it, and resumes with it from disk', async () => {
  await using directory = await temporaryDirectory('upgrade');
  {
    await using chain = await startChain({ preset: 'development', dataDir: directory.path, runtimeWasm });
    const { client, runtimes, call, asRoot } = connect(chain);
    assert.equal((await asRoot(call('System', 'set_code_without_checks', { code: upgraded }))).ok, true);
    assert.equal((await call('System', 'remark', { remark: Uint8Array.of(1) }).signAndSubmit(alice)).ok, true);
    assert.equal(runtimes.length, 1);
    client.destroy();
  }
  await using chain = await startChain({ preset: 'development', dataDir: directory.path, runtimeWasm });
  const { client, call } = connect(chain);
  assert.equal(await client._request('state_getStorage', ['0x3a636f6465']), `0x${upgraded.toHex()}`);
  assert.equal((await call('System', 'remark', { remark: Uint8Array.of(2) }).signAndSubmit(alice)).ok, true);
  client.destroy();
});

test('goes on when governance sets, without checks, code that is no runtime: no block takes it, and the account acts on', async () => {
  await using directory = await temporaryDirectory('upgrade');
  await using chain = await startChain({ preset: 'development', dataDir: directory.path, runtimeWasm });
  const { client, call, asRoot } = connect(chain);
  const foreign = await wasmOf('(module (import "env" "memory" (memory 1)) (import "env" "ext_storage_teleport_version_7" (func)))');
  for (const code of [Uint8Array.of(1, 2, 3), foreign]) {
    // Nobody tells a client that its extrinsic is in no block; its nonce is used by another.
    void asRoot(call('System', 'set_code_without_checks', { code })).catch(() => {});
    assert.equal((await call('System', 'remark', { remark: code.subarray(0, 3) }).signAndSubmit(alice)).ok, true);
    assert.notEqual(await client._request('state_getStorage', ['0x3a636f6465']), `0x${code.toHex()}`);
  }
  assert.equal((await asRoot(call('System', 'set_code_without_checks', { code: upgraded }))).ok, true);
  client.destroy();
});

test('refuses an upgrade to code that this chain could not execute', async () => {
  await using directory = await temporaryDirectory('upgrade');
  await using chain = await startChain({ preset: 'development', dataDir: directory.path, runtimeWasm });
  const { client, call, asRoot } = connect(chain);
  const foreign = await wasmOf('(module (import "env" "memory" (memory 1)) (import "env" "ext_storage_teleport_version_7" (func)))');
  const { specVersion } = await chain.status();
  for (const code of [Uint8Array.of(1, 2, 3), foreign]) {
    const outcome = await asRoot(call('System', 'set_code', { code }));
    const refusal = outcome.events.find(({ type, value }) => type === 'Sudo' && (value as { type: string }).type === 'Sudid');
    assert.match(JSON.stringify(refusal), /"success":false|FailedToExtractRuntimeVersion/);
  }
  assert.equal((await chain.status()).specVersion, specVersion);
  client.destroy();
});
