import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { after, test } from 'node:test';
import { verifyModules } from '@tea/attestation';
import { decodeActiveList, decodeEvidence, decodeEventLog, encodeEventLog, sha256, verifyActiveList } from '@tea/protocol';
import { openScreen } from '@tea/cli';
import { askActiveList, askModules, laptopPolicy, requireActiveList, waitForState } from '@tea/sdk';
import { nodes } from '../client/cli/commands/nodes.ts';
import { offerNetwork } from '../client/cli/running-network.ts';
import { polite } from './test-guests.ts';
import { attestedErrand, startTestNetwork } from './test-network.ts';

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

test('what the TEE loaded, its actor and the program of an errand, is quoted beside its image, and a log that leaves one out is refused', async () => {
  const errand = await attestedErrand(network, { code: polite });
  await errand.releaseAll();
  await waitForState(tea, errand.id, 'Proved');
  const { inspection } = await ask();
  const verdict = await askModules(tea, inspection);
  assert.ok(verdict.ok, JSON.stringify(verdict));
  const loaded = verdict.modules.map(
    ({ contentType, content }) =>
      `${contentType} ${String(content['name'] ?? (content['sha256'] instanceof Uint8Array && content['sha256'].toHex()))}`,
  );
  assert.deepEqual(loaded, ['tea.actor active-nodes', `tea.guest ${sha256(polite).toHex()}`]);

  const nonce = new Uint8Array(32).fill(1);
  const answer = await tea.node(node).modules(nonce);
  const { akPublic, quote } = decodeEvidence(inspection.evidence);
  const known = { id: node, akPublic, pcrs: quote.pcrs, chain: tea.ledger.genesis, nonce };
  const reasonOf = async (changed: Partial<typeof answer>, other: Partial<typeof known> = {}): Promise<string> => {
    const judged = await verifyModules({ ...answer, ...changed }, { ...known, ...other });
    return judged.ok ? 'ok' : judged.reason;
  };
  assert.equal(await reasonOf({}), 'ok');
  assert.equal(await reasonOf({ log: encodeEventLog(decodeEventLog(answer.log).slice(0, 1)) }), 'log');
  assert.equal(await reasonOf({ log: new Uint8Array() }), 'malformed');
  assert.equal(await reasonOf({}, { nonce: new Uint8Array(32) }), 'binding');
  assert.equal(await reasonOf({ quote: { ...answer.quote, pcrs: answer.quote.pcrs.slice(1) } }), 'pcrs');
  assert.equal(await reasonOf({ quote }), 'binding', 'a quote made for something else');
  assert.equal(await reasonOf({}, { pcrs: quote.pcrs.map((pcr) => (pcr.index === 12 ? { ...pcr, digest: new Uint8Array(32) } : pcr)) }), 'image');
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
  const code = await nodes.run({
    values: { dir: network.stateDir, modules: true },
    positionals: [],
    screen: openScreen({ json: false, out }),
    signal,
  });
  assert.equal(code, 0, said);
  assert.match(said, new RegExp(`${node.toHex()} .*answered|answered[\\s\\S]*${node.toHex()}`));
  assert.match(said, /affirming, trust class simulated/);
  assert.match(said, /tea\.actor +active-nodes 1/);
});
