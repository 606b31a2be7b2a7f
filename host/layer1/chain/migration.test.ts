import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { sr25519Sign, waitReady } from '@polkadot/wasm-crypto';
import { AccountId, createClient } from 'polkadot-api';
import { getPolkadotSigner } from 'polkadot-api/signer';
import { temporaryDirectory } from '@tea/platform';
import { fromHex } from '@tea/protocol';
import {
  appraisalStorageKey,
  decodeAppraisalRecord,
  decodeErrandRecord,
  decodeNodeRecord,
  errandStorageKey,
  nodeStorageKey,
} from '@tea/protocol/layer1';
import { DEVELOPMENT_SEEDS } from './authoring/development-seeds.ts';
import { authorKey } from './authoring/slots.ts';
import { type Chain, startChain } from './index.ts';

await waitReady();
const here = (path: string): Promise<Uint8Array<ArrayBuffer>> => readFile(new URL(path, import.meta.url)).then((bytes) => new Uint8Array(bytes));
/** The runtime of spec version 2, as it was committed (4511743): nodes with votes of their own, executors chosen by the block. */
const spec2 = new Uint8Array(await promisify(brotliDecompress)(await here('fixtures/spec-2/runtime.wasm.br')));
const today = await here('../runtime/runtime.wasm');

const party = (seed: Uint8Array) => {
  const { publicKey, secretKey } = authorKey(seed);
  const signer = getPolkadotSigner(publicKey, 'Sr25519', (message) => sr25519Sign(publicKey, secretKey, message));
  return { publicKey, signer, address: AccountId().dec(publicKey) };
};
const alice = party(DEVELOPMENT_SEEDS[0] ?? new Uint8Array(32));
const [admitted, waiting] = [party(new Uint8Array(32).fill(0x61)), party(new Uint8Array(32).fill(0x62))];
const [node, pending] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const hex = (bytes: Uint8Array): string => `0x${bytes.toHex()}`;
const variant = (type: string) => ({ type, value: undefined });
const cid = Uint8Array.of(1, 2, 3);
const digest = (byte: number): string => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`;

function connect(chain: Chain) {
  const client = createClient((onMessage) => {
    const session = chain.connect((frame) => onMessage(JSON.parse(frame) as Parameters<typeof onMessage>[0]));
    return { send: (message) => session.send(JSON.stringify(message)), disconnect: () => session.close() };
  });
  const call = (pallet: string, name: string, args: object) => {
    const make = client.getUnsafeApi().tx[pallet]?.[name];
    assert.ok(make, `${pallet}.${name}`);
    return make(args);
  };
  return {
    client,
    call,
    async submit(who: ReturnType<typeof party>, pallet: string, name: string, args: object): Promise<void> {
      const outcome = await call(pallet, name, args).signAndSubmit(who.signer);
      assert.equal(outcome.ok, true, `${pallet}.${name}: ${JSON.stringify(outcome.ok ? '' : outcome.dispatchError)}`);
    },
    async stored(key: Uint8Array): Promise<Uint8Array> {
      const value = await client._request<string | null>('state_getStorage', [hex(key)]);
      assert.ok(value, `nothing at ${hex(key)}`);
      return fromHex(value);
    },
  };
}

test('state that spec version 2 wrote lives on under this runtime after set_code: nodes, votes, and an errand under way', async () => {
  await using directory = await temporaryDirectory('migration');
  const options = { preset: 'development', dataDir: directory.path, runtimeWasm: spec2 } as const;
  {
    await using chain = await startChain(options);
    const { client, call, submit, stored } = connect(chain);
    for (const { address } of [admitted, waiting])
      await submit(alice, 'Balances', 'transfer_keep_alive', { dest: { type: 'Id', value: address }, value: 10n ** 13n });
    for (const [id, tee] of [[node, admitted] as const, [pending, waiting] as const]) {
      const evidence = { evidence_cid: cid, evidence_digest: digest(3), class: variant('Simulated') };
      const accounts = { tee_account: tee.address, host_account: alice.address };
      await submit(alice, 'Nodes', 'register', { node_id: hex(id), ...accounts, ...evidence, gas_price: 5n });
    }
    await submit(admitted, 'Nodes', 'vote', { node_id: hex(node), evidence_digest: digest(3), pass: true, reasons_digest: digest(4) });
    const content = { kind: variant('Code'), cid, sha256: digest(5), size: 9n, visibility: variant('Plain'), price: 7n };
    await submit(alice, 'Content', 'publish', content);
    const order = { code: 1n, data: [], input: undefined, gas_limit: 1_000n, max_price: 10n ** 12n, policy: digest(6) };
    await submit(alice, 'Errands', 'create', { ...order, result_key: new Uint8Array(65).fill(4) });
    await submit(alice, 'Errands', 'fund', { id: 1n });
    await submit(alice, 'System', 'remark', { remark: cid }); // the block that chooses
    const before = await stored(errandStorageKey(1n));
    assert.equal(decodeErrandRecord(before).state, 'Selected');
    assert.throws(() => decodeNodeRecord(new Uint8Array(1)));
    assert.equal((await chain.status()).specVersion, 2);

    const upgrade = call('System', 'set_code', { code: today });
    await submit(alice, 'Sudo', 'sudo_unchecked_weight', { call: upgrade.decodedCall, weight: { ref_time: 0n, proof_size: 0n } });
    client.destroy();
    const under = connect(chain);
    await under.submit(alice, 'System', 'remark', { remark: cid }); // the first block under it migrates
    assert.ok((await chain.status()).specVersion > 2);
    assert.deepEqual(await under.stored(errandStorageKey(1n)), before);
    under.client.destroy();
  }
  await using chain = await startChain(options);
  const { client, submit, stored } = connect(chain);
  const record = decodeNodeRecord(await stored(nodeStorageKey(node)));
  assert.deepEqual([record.status, record.reason, record.founding, record.gasPrice], ['Active', 'Admitted', true, 5n]);
  const { outcome, seats } = decodeAppraisalRecord(await stored(appraisalStorageKey(record.appraisal)));
  assert.deepEqual([outcome, seats.map(({ vote }) => vote?.reasonsDigest.toHex())], ['Admitted', ['04'.repeat(32)]]);
  const { status, reason } = decodeNodeRecord(await stored(nodeStorageKey(pending)));
  assert.deepEqual([status, reason], ['Expired', 'NoCommittee']);

  const open = client.getUnsafeApi().query['Errands']?.['OpenErrandsOf'];
  assert.ok(open);
  assert.deepEqual(
    (await open.getEntries(hex(node))).map(({ keyArgs }: { readonly keyArgs: readonly unknown[] }) => keyArgs[1]),
    [1n],
  );
  await submit(admitted, 'Errands', 'attest', { id: 1n, evidence_cid: cid, evidence_digest: digest(8) });
  assert.equal(decodeErrandRecord(await stored(errandStorageKey(1n))).state, 'KeysReleased');
  // Who waited under the old rules asks anew, and is judged under the new ones.
  const renewed = { node_id: hex(pending), evidence_cid: cid, evidence_digest: digest(9), class: variant('Simulated') };
  await submit(alice, 'Nodes', 'update_evidence', renewed);
  assert.equal(decodeNodeRecord(await stored(nodeStorageKey(pending))).status, 'Pending');
  client.destroy();
});
