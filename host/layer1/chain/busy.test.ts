import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sr25519Sign, waitReady } from '@polkadot/wasm-crypto';
import { createClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { temporaryDirectory } from '@tea/platform';
import { DEVELOPMENT_SEEDS } from './authoring/development-seeds.ts';
import { authorKey } from './authoring/slots.ts';
import { startChain } from './index.ts';
import { portProvider } from './testing/port-client.ts';

/** Each some tens of milliseconds of computing, and thirty-odd a block by weight. */
const TRANSFERS_EACH = 200;
const BATCHES = 40;
const UNIT = 10n ** 12n;

test('answers, and finalises, between the blocks of a pool that holds several full ones', { timeout: 120_000 }, async () => {
  await waitReady();
  await using directory = await temporaryDirectory('busy');
  await using chain = await startChain({ preset: 'development', dataDir: directory.path });
  const client = createClient(portProvider(chain));
  const [sender] = DEVELOPMENT_SEEDS.map(authorKey);
  assert.ok(sender);
  const signer = getPolkadotSigner(sender.publicKey, 'Sr25519', (message) => sr25519Sign(sender.publicKey, sender.secretKey, message));
  const { tx } = client.getUnsafeApi();
  const transfer = tx['Balances']?.['transfer_keep_alive']?.({
    dest: { type: 'Id', value: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty' },
    value: UNIT,
  });
  const batch = tx['Utility']?.['batch_all']?.({ calls: Array.from({ length: TRANSFERS_EACH }, () => transfer?.decodedCall) });
  assert.ok(batch);
  const signed: Uint8Array[] = [];
  for (let nonce = 0; nonce < BATCHES; nonce++) signed.push(await batch.sign(signer, { nonce, mortality: { mortal: false } }));
  await Promise.all(signed.map((extrinsic) => client._request('author_submitExtrinsic', [`0x${extrinsic.toHex()}`])));
  const heads = new Set<number>();
  const finals = new Set<number>();
  for (let status = await chain.status(); status.pooled > 0; status = await chain.status()) {
    heads.add(status.best.number);
    finals.add(status.finalised.number);
  }
  assert.ok(heads.size > 2, `answered at ${heads.size} heights while the pool was not empty`);
  assert.ok(finals.size > 1, `finalised ${finals.size} blocks meanwhile`);
  const { best } = await chain.status();
  while ((await chain.status()).finalised.number < best.number);
  client.destroy();
  let included = 0;
  for await (const { extrinsics } of chain.blocks()) included += extrinsics.length - 1;
  assert.equal(included, BATCHES);
});
