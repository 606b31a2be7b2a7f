import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { oneChunk } from '@tea/protocol';
import { laptopPolicy, openCalls, openChannel, publish, verifyCall, writeCallProof, type Calls } from '@tea/sdk';
import { ECHO, handler } from '../tee/wasm/testing/handlers.ts';
import { consumer, developer, startTestNetwork, type TestNetwork } from './test-network.ts';

const TEA = 10n ** 12n;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('calls to a node that the client chose', () => {
  let network: TestNetwork;
  let echo: bigint;
  let channel: bigint;

  before(async () => {
    network = await startTestNetwork();
    const { tea, node } = network;
    echo = (await publish(tea, { kind: 'code', source: oneChunk(handler(ECHO)), visibility: { kind: 'plain' }, price: 0n, owner: developer })).id;
    channel = await openChannel(tea, { node, amount: 10n * TEA, endsAtBlock: tea.ledger.blockNumber() + 5_000, depositor: consumer });
  });
  after(() => network[Symbol.asyncDispose]());

  const open = (): Promise<Calls> =>
    openCalls(network.tea, {
      node: network.node,
      channel,
      depositor: consumer,
      policy: laptopPolicy,
      referenceValues: network.referenceValues,
      now: new Date(),
    });

  test('a call is answered, costs what it used, and its proof holds offline', async () => {
    const calls = await open();
    const result = await calls.call({ content: echo, function: 'repeat', input: bytes('hello'), gasLimit: 1_000_000n });
    assert.deepEqual([result.outcome, result.exitCode, new TextDecoder().decode(result.output)], ['ok', 0, 'hello']);
    assert.equal(calls.purse.spent, result.price);
    for (let i = 0; i < 5; i++) await calls.call({ content: echo, function: 'repeat', input: bytes('hello'), gasLimit: 1_000_000n });
    const proof = await writeCallProof(network.tea, { calls, result, policy: laptopPolicy, referenceValues: network.referenceValues });
    const report = await verifyCall(proof);
    assert.deepEqual(
      report.claims.filter(({ outcome }) => outcome === 'failed'),
      [],
    );
    assert.equal(report.verdict, 'holds');
    await calls.settle();
  });
});
