import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { encodeReleaseInfo, encodeSealedRelease, isTeaError, type ReleaseInfo } from '@tea/protocol';
import { sealHpke } from '@tea/protocol/hpke';
import { termsDigest } from '@tea/protocol/layer1';
import { generateContentKey } from '@tea/protocol/sealed';
import { releaseKey, settleErrand, waitForState } from '@tea/sdk';
import { attestedErrand, consumer, developer, startTestNetwork, type TestNetwork } from './test-network.ts';
import * as guests from './test-guests.ts';

/** What goes wrong with programs, keys and releases, on one real network. What goes wrong with the network itself is in outages.test.ts. */
let network: TestNetwork;
before(async () => (network = await startTestNetwork()));
after(() => network[Symbol.asyncDispose]());

for (const [what, code, outcome, options] of [
  ['what is no WebAssembly', new TextEncoder().encode('#!/bin/sh\necho no'), 'refusedModule', {}],
  ['a program that imports what nobody granted', guests.nosy, 'refusedImport', {}],
  ['an endless loop', guests.endless, 'outOfGas', {}],
  ['a gas limit too small for the work', guests.polite, 'outOfGas', { gasLimit: 1n }],
  ['a memory bomb', guests.greedyForMemory, 'outOfMemory', { gasLimit: 1_000_000_000_000n }],
  ['an output bomb', guests.talkative, 'outputTooLarge', { gasLimit: 1_000_000_000_000n }],
  ['a trap', guests.trapping, 'trap', {}],
] as const) {
  test(`${what} ends as ${outcome}, is proved, and pays nobody but for the gas`, async () => {
    const errand = await attestedErrand(network, { code, ...options });
    await errand.releaseAll();
    const { run } = await waitForState(network.tea, errand.id, 'Proved', { deadlineMs: 120_000 });
    assert.equal(run?.outcome, outcome);
    const { receipt } = await errand.result();
    assert.equal(receipt.outcome, outcome);
    await settleErrand(network.tea, errand.id, consumer);
    const { settlement } = await waitForState(network.tea, errand.id, 'Settled');
    assert.deepEqual(
      [...new Set(settlement?.payments.map(({ role }) => role))].filter((role) => role === 'code' || role === 'data/0'),
      [],
    );
  });
}

test('a run that goes well gives its output to the consumer and pays everybody', async () => {
  const errand = await attestedErrand(network, { code: guests.polite });
  await errand.releaseAll();
  await waitForState(network.tea, errand.id, 'Proved');
  const { output, receipt } = await errand.result();
  assert.equal(receipt.outcome, 'ok');
  assert.equal(new TextDecoder().decode(output.stdout), 'hello');
  await settleErrand(network.tea, errand.id, consumer);
  const { settlement, maxPrice } = await waitForState(network.tea, errand.id, 'Settled');
  assert.ok(settlement);
  assert.deepEqual(
    settlement.payments.map(({ role }) => role),
    ['code', 'data/0', 'executor', 'host'],
  );
  assert.equal(
    settlement.payments.reduce((sum, { amount }) => sum + amount, settlement.refunded),
    maxPrice,
  );
});

test('a key that does not open the content is told to its owner before anything runs', async () => {
  const { inspection, content } = await attestedErrand(network, { code: guests.polite });
  const wrong = releaseKey(network.tea, { inspection, part: 'code', key: generateContentKey(), content, owner: developer });
  await assert.rejects(wrong, { name: 'TeaError', code: 'wrongKey' });
});

test('a release made for one errand is refused for another, and replayed it does nothing', async () => {
  const first = await attestedErrand(network, { code: guests.polite });
  const [codeRelease] = await first.releaseAll();
  assert.ok(codeRelease);
  const second = await attestedErrand(network, { code: guests.polite });
  const node = network.tea.node(network.node);
  await waitForState(network.tea, first.id, 'Proved');
  await assert.rejects(node.release(codeRelease), { name: 'TeaError', code: 'conflict' });

  const { appraisal, selection, errand } = first.inspection;
  const content = errand.parts[0]?.sha256;
  assert.ok(appraisal.node && content);
  const info: ReleaseInfo = {
    domain: 'tea/release/1',
    chain: network.tea.ledger.genesis,
    errand: first.id,
    part: 'code',
    node: selection.node,
    evidence: appraisal.node.evidence,
    terms: termsDigest(errand),
    content,
    expiresAtBlock: network.tea.ledger.blockNumber() + 100,
  };
  const sealed = await sealHpke(appraisal.node.sealingKey, encodeReleaseInfo(info), first.codeKey);
  const relabelled = encodeSealedRelease({ ...info, errand: second.id, ...sealed });
  await assert.rejects(node.release(relabelled), { name: 'TeaError', code: 'refused' });
});

test('only the owner of a part can release its key', async () => {
  const { inspection, codeKey, content } = await attestedErrand(network, { code: guests.polite });
  const stolen = releaseKey(network.tea, { inspection, part: 'code', key: codeKey, content, owner: consumer });
  await assert.rejects(stolen, { name: 'TeaError', code: 'refused' });
});

test('an owner to whom other content is passed off as theirs releases nothing', async () => {
  const { inspection, codeKey } = await attestedErrand(network, { code: guests.polite });
  const asked = releaseKey(network.tea, { inspection, part: 'code', key: codeKey, content: new Uint8Array(32), owner: developer });
  await assert.rejects(asked, (error) => isTeaError(error, 'refused') && /names something else/.test(error.summary));
});

test('a consumer who was shown another order does not take this one’s result for theirs', async () => {
  const errand = await attestedErrand(network, { code: guests.polite });
  await errand.releaseAll();
  await waitForState(network.tea, errand.id, 'Proved');
  const { inspection } = errand;
  const parts = inspection.errand.parts.map((part) => ({ ...part, sha256: new Uint8Array(32) }));
  const seen = { ...inspection, errand: { ...inspection.errand, parts } };
  await assert.rejects(errand.result(seen), { name: 'TeaError', code: 'corrupt' });
  assert.equal((await errand.result()).receipt.outcome, 'ok');
});
