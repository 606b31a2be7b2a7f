import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { after, test } from 'node:test';
import { decodeActiveList, decodeEvidence, verifyActiveList } from '@tea/protocol';
import { openScreen } from '@tea/cli';
import { askActiveList, laptopPolicy, requireActiveList } from '@tea/sdk';
import { nodes } from '../client/cli/commands/nodes.ts';
import { offerNetwork } from '../client/cli/running-network.ts';
import { startTestNetwork } from './test-network.ts';

const network = await startTestNetwork();
const offered = await offerNetwork({ stateDir: network.stateDir, client: network.client });
after(async () => {
  await offered[Symbol.asyncDispose]();
  await network[Symbol.asyncDispose]();
});
const { tea, node, referenceValues } = network;
const ask = () => askActiveList(tea, node, { policy: laptopPolicy, referenceValues, now: new Date() });

test('a TEE’s actor reads layer 1, pings the Active nodes, and signs who answered for whoever asks', async () => {
  let list = requireActiveList((await ask()).verdict);
  // The first list may be made before the first ping came back; each ask is a round trip through layer 1, TPM and sandbox.
  for (let tries = 0; tries < 50 && list.entries.length === 0; tries++) list = requireActiveList((await ask()).verdict);
  assert.deepEqual(
    list.entries.map((entry) => entry.node.toHex()),
    [node.toHex()],
  );
  assert.ok(list.expiresAtMs > Date.now() && list.block > 0);
});

test('the same list is refused to who asked something else, later, or another node', async () => {
  const nonce = new Uint8Array(32).fill(5);
  const list = decodeActiveList(await tea.node(node).activeList(nonce));
  const { inspection } = await ask();
  const expected = { key: decodeEvidence(inspection.evidence).binding.receiptKey, chain: tea.ledger.genesis, node, nonce, now: new Date() };
  assert.ok((await verifyActiveList(list, expected)).ok);
  const reasons = await Promise.all([
    verifyActiveList(list, { ...expected, nonce: new Uint8Array(32).fill(6) }),
    verifyActiveList(list, { ...expected, now: new Date(Date.now() + 700_000) }),
    verifyActiveList(list, { ...expected, node: new Uint8Array(32) }),
    verifyActiveList(list, { ...expected, chain: new Uint8Array(32) }),
  ]);
  assert.deepEqual(
    reasons.map((verdict) => !verdict.ok && verdict.reason),
    ['nonce', 'expired', 'node', 'chain'],
  );
});

test('tea nodes shows the list with what its maker’s word is worth', async () => {
  let said = '';
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      said += chunk.toString();
      done();
    },
  });
  const { signal } = new AbortController();
  const code = await nodes.run({ values: { dir: network.stateDir }, positionals: [], screen: openScreen({ json: false, out }), signal });
  assert.equal(code, 0, said);
  assert.match(said, new RegExp(`${node.toHex()} .*answered|answered[\\s\\S]*${node.toHex()}`));
  assert.match(said, /affirming, trust class simulated/);
});
