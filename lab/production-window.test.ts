import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { rawGenesis } from '@tea/layer1-chain';
import { decodeDrawRecord, drawStorageKey, hasItsThreshold, type DrawRecord } from '@tea/protocol/layer1';
import { readErrand } from '@tea/protocol/ledger';
import { developmentAccount } from '@tea/sdk';
import { startDrawnNetwork, type DrawingNode, type DrawnNetwork } from './drawn-network.ts';

/** Blocks are fast here, but one is final only three blocks later, as it is where validators agree on it: what a node hears of is as many blocks old. */
const PACE = { blockTimeMs: 200, finalityDelayMs: 600 };
const DIGEST = `0x${'22'.repeat(32)}` as const;

describe('the window of the production preset, on a fast chain', () => {
  let network: DrawnNetwork;
  let nodes: readonly DrawingNode[];
  let window: number;
  const playing = new AsyncDisposableStack();

  async function drawOf(id: bigint): Promise<DrawRecord> {
    const { value } = await network.ledger.state.read([drawStorageKey(id)]);
    return decodeDrawRecord(value[0] ?? assert.fail('no draw'));
  }

  before(async () => {
    network = await startDrawnNetwork(PACE);
    const { tx, query } = network.ledger.api;
    const key = await query.Sortition.Window.getKey();
    const runtimeWasm = new Uint8Array(await readFile(new URL('../host/layer1/runtime/runtime.wasm', import.meta.url)));
    const production = await rawGenesis({ runtimeWasm, preset: 'production' });
    const value = production.state.find(([at]) => key === `0x${at.toHex()}`)?.[1] ?? assert.fail('production has no window');
    window = new DataView(value.buffer, value.byteOffset).getUint32(0, true);
    const { decodedCall: call } = tx.System.set_storage({ items: [[Uint8Array.fromHex(key.slice(2)), value]] });
    await network.ledger.submit(tx.Sudo.sudo({ call }), developmentAccount('Alice').signer);
    assert.equal(await query.Sortition.Window.getValue(), window);
    nodes = await (['Alice', 'Bob', 'Charlie'] as const).reduce<Promise<DrawingNode[]>>(
      async (done, name) => [...(await done), await network.found(name)],
      Promise.resolve([]),
    );
  });
  after(async () => {
    await playing.disposeAsync();
    await network[Symbol.asyncDispose]();
  });

  test('nobody claims in the first: after as many blocks a second round has another seed, and seats who shows a lot in time', async () => {
    const ordered = network.order();
    const opened = await network.ledger.waitFor(
      'a second round',
      () => network.ledger.api.query.Sortition.LastId.getValue().then((id) => (id === 0n ? null : drawOf(id))),
      (draw) => (draw?.round?.number ?? 0) >= 1,
    );
    const second = opened?.round ?? assert.fail('no round');
    assert.equal(second.closesAt - second.fixedAt, window);
    // One round after the other, from the block after the opening on.
    assert.equal(second.fixedAt, opened?.openedAt === undefined ? NaN : opened.openedAt + 1 + second.number * window);
    for (const node of nodes) playing.use(node.play());
    const { draw } = await ordered;
    const ended = await drawOf(draw);
    assert.ok(ended.ended && (ended.round?.number ?? 0) >= 1 && ended.claims.length > 0);
    assert.ok(hasItsThreshold(ended));
  });

  test('with nodes at work a draw seats in its first round, and the errand runs to its end', async () => {
    const { ledger } = network;
    const { tx } = ledger.api;
    const { errand, node, draw } = await network.order();
    const drawn = await drawOf(draw);
    assert.deepEqual([drawn.round?.number, drawn.ended], [0, true]);
    const executor = nodes.find(({ id }) => id.toHex() === node.toHex()) ?? assert.fail('a node of nobody');
    const { signer } = executor.account;
    await ledger.submit(tx.Errands.attest({ id: errand, evidence_cid: Uint8Array.of(1), evidence_digest: DIGEST }), signer);
    await ledger.submit(tx.Errands.start({ id: errand }), signer);
    const outcome = { type: 'Ok' as const, value: undefined };
    const proof = { id: errand, outcome, gas_used: 5n, receipt_digest: DIGEST, result_cid: Uint8Array.of(1), result_digest: DIGEST };
    await ledger.submit(tx.Errands.prove(proof), signer);
    await ledger.submit(tx.Errands.settle({ id: errand }), developmentAccount('Ferdie').signer);
    assert.equal((await readErrand(ledger, errand))?.state, 'Settled');
  });
});
