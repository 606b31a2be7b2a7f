import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { sr25519Sign, waitReady } from '@polkadot/wasm-crypto';
import { createClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { temporaryDirectory } from '@tea/platform';
import { Blockchain } from '../blockchain.ts';
import { loadHashing } from '../hashing.ts';
import { startChain } from '../index.ts';
import { Pool } from '../pool/pool.ts';
import { validateTransaction } from '../runtime/api.ts';
import { Overlay } from '../runtime/overlay.ts';
import { portProvider } from '../testing/port-client.ts';
import { buildBlock, type BuiltBlock } from './build-block.ts';
import { DEVELOPMENT_SEEDS } from './development-seeds.ts';
import { authorKey } from './slots.ts';

await waitReady();
const hashing = await loadHashing();
const { publicKey, secretKey } = authorKey(DEVELOPMENT_SEEDS[0] ?? new Uint8Array(32));
const signer = getPolkadotSigner(publicKey, 'Sr25519', (message) => sr25519Sign(publicKey, secretKey, message));

/** Remarks of these lengths, one account's, signed for every development chain. */
async function remarks(lengths: readonly number[]): Promise<Uint8Array[]> {
  await using directory = await temporaryDirectory('build');
  await using chain = await startChain({ preset: 'development', dataDir: directory.path });
  const client = createClient(portProvider(chain));
  const signed: Uint8Array[] = [];
  for (const [nonce, length] of lengths.entries()) {
    const call = client.getUnsafeApi().tx['System']?.['remark']?.({ remark: new Uint8Array(length) });
    assert.ok(call);
    signed.push(await call.sign(signer, { nonce, mortality: { mortal: false } }));
  }
  client.destroy();
  return signed;
}

test('a full block leaves what comes after the first that no longer fits for the next one, unasked and unharmed', async () => {
  const big = 900_000;
  const extrinsics = await remarks([big, big, big, big, big, big, big, ...Array.from({ length: 50 }, () => 10)]);
  await using directory = await temporaryDirectory('build');
  await using chain = await Blockchain.open({
    dataDir: directory.path,
    preset: 'development',
    readRuntime: async () => new Uint8Array(await readFile(new URL('../../runtime/runtime.wasm', import.meta.url))),
    executor: { hashing, log: () => {}, watch: { begin: () => {}, end: () => {} } },
  });
  const pool = new Pool({
    maxCount: 100,
    maxBytes: 1 << 24,
    hash: hashing.blake2b256,
    validate: (extrinsic) =>
      validateTransaction(chain.best.runtime.executor, new Overlay(chain.best.state), extrinsic, Uint8Array.fromHex(chain.best.hash.slice(2))),
  });
  for (const extrinsic of extrinsics) assert.ok(pool.submit(extrinsic, 0).ok);
  const next = async (): Promise<BuiltBlock> => {
    const timestampMs = 1_700_000_000_000 + chain.best.header.number;
    const slot = Math.floor(timestampMs / 1_000);
    const key = { publicKey, secretKey };
    const { best: parent } = chain;
    const built = buildBlock({
      ...{ parent, slot, timestampMs, key, ready: pool.ready(), outOfTime: () => false, hash: hashing.blake2b256 },
      checkRuntime: (code) => chain.checkRuntime(code),
    });
    const { block, stored } = chain.adopt({ ...built, state: built.storage.applied() }, []);
    await stored;
    pool.blockMade(built.included, block.header.number);
    return built;
  };
  const [first, second] = [await next(), await next()];
  assert.ok(first.full && !second.full);
  assert.deepEqual([first.failed, second.failed], [[], []]);
  assert.equal(pool.size, 0);
  assert.deepEqual([...first.included, ...second.included].map(({ extrinsic }) => extrinsic.length).filter((length) => length > big).length, 7);
  assert.equal(first.included.length + second.included.length, extrinsics.length);
});
