import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { connectNats } from '@tea/host-nats';
import { decodeReply, encodeReply, equalBytes, isTeaError, oneChunk, type TeaErrorCode } from '@tea/protocol';
import { natsBus, type Ask, type Bus } from '@tea/protocol/bus';
import { decodeCallProofFile, encodeCallProofFile, frameAnswer } from '@tea/protocol/call';
import { decodeHeader, hashHeader } from '@tea/protocol/layer1';
import { readChannel } from '@tea/protocol/ledger';
import {
  closeChannel,
  laptopPolicy,
  openCalls,
  openChannel,
  openTeaOver,
  publish,
  strictPolicy,
  topUpChannel,
  verifyCall,
  writeCallProof,
  type Calls,
  type CallTerms,
  type OpenCallsOptions,
  type Tea,
} from '@tea/sdk';
import { openScreen } from '@tea/cli';
import { temporaryDirectory } from '@tea/platform';
import { call } from '../client/cli/commands/call.ts';
import { channel } from '../client/cli/commands/channel.ts';
import type { Command } from '../client/cli/commands/command.ts';
import { verify } from '../client/cli/commands/verify.ts';
import { offerNetwork } from '../client/cli/running-network.ts';
import { answer, ECHO, handler } from '../tee/wasm/testing/handlers.ts';
import { changedAt, leaves } from '../attestation/testing/altered-proofs.ts';
import { openBusTap } from './bus-tap.ts';
import * as guests from './test-guests.ts';
import { consumer, developer, startTestNetwork, type TestNetwork } from './test-network.ts';

const TEA = 10n ** 12n;
/** The demo's node asks so much for 1,000,000 gas; a call costs ten of them before its own. */
const GAS_PRICE = TEA / 1_000n;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const CANARY = 'CANARY-51c07e9a-what-was-asked';
/** Answers an error unless the function is called `run`. */
const CHOOSY = `(if (i32.eq (local.get $fl) (i32.const 3)) (then ${ECHO}) (else ${answer('(local.get $f)', '(local.get $fl)', 1)}))`;
const LOUD = answer('(i32.const 0)', '(i32.const 3145728)');

/** What a host does to the bytes between client and TEE. */
type Host = { tamper: (ask: Ask) => Ask };

describe('calls to a node that the client chose', () => {
  const stack = new AsyncDisposableStack();
  const tap = stack.use(openBusTap());
  const host: Host = { tamper: (ask) => ask };
  let asked = 0;
  let network: TestNetwork;
  let tea: Tea;
  const code: Record<string, bigint> = {};

  before(async () => {
    network = stack.use(await startTestNetwork({ route: tap.route }));
    const connection = await connectNats(await tap.route(network.client));
    stack.defer(() => connection.close());
    const honest = natsBus(connection, network.client.inboxPrefix);
    const bus: Bus = {
      ...honest,
      ask: (subject, payload, request) => {
        if (!subject.endsWith('.call')) return honest.ask(subject, payload, request);
        asked++;
        return host.tamper(honest.ask)(subject, payload, request);
      },
    };
    tea = stack.use(await openTeaOver(bus));
    const modules = {
      echo: handler(ECHO),
      roomy: handler(ECHO, { realloc: '(drop (memory.grow (i32.const 17)))' }),
      choosy: handler(CHOOSY),
      trapping: handler('unreachable'),
      endless: handler('(loop $again (br $again))'),
      loud: handler(`(drop (memory.grow (i32.const 60))) ${LOUD}`),
      task: guests.polite,
    };
    for (const [name, module] of Object.entries(modules)) {
      code[name] = (await publish(tea, { kind: 'code', source: oneChunk(module), visibility: { kind: 'plain' }, price: 0n, owner: developer })).id;
    }
  });
  after(() => stack.disposeAsync());

  async function channelOf(amount = 10n * TEA): Promise<bigint> {
    return openChannel(tea, { node: network.node, amount, endsAtBlock: tea.ledger.blockNumber() + 5_000, depositor: consumer });
  }

  async function open(channel: bigint, change: Partial<OpenCallsOptions> = {}): Promise<Calls> {
    const { node, referenceValues } = network;
    return openCalls(tea, { node, channel, depositor: consumer, policy: laptopPolicy, referenceValues, now: new Date(), ...change });
  }

  const terms = (name: string, change: Partial<CallTerms> = {}): CallTerms => ({
    content: code[name] ?? 0n,
    function: 'run',
    input: bytes('hello'),
    gasLimit: 1_000_000n,
    ...change,
  });

  async function refusal(work: Promise<unknown>, expected: TeaErrorCode, says: RegExp): Promise<void> {
    await assert.rejects(work, (error) => isTeaError(error, expected) && says.test(error.message), String(says));
  }

  /** The host's way with the calls made inside. */
  async function underHost<T>(tamper: Host['tamper'], work: () => Promise<T>): Promise<T> {
    host.tamper = tamper;
    try {
      return await work();
    } finally {
      host.tamper = (ask) => ask;
    }
  }

  test('nothing is sent to a node whose appraisal fails, nor for a channel that is not the caller’s', async () => {
    const channel = await channelOf();
    const before = asked;
    await refusal(open(channel, { policy: strictPolicy }), 'refused', /Nothing is sent/);
    await refusal(open(channel, { depositor: developer }), 'refused', /not for this/);
    await refusal(open(99_999n), 'notFound', /no channel/);
    const { referenceValues } = network;
    const others = { ...referenceValues, events: referenceValues.events.slice(1) };
    await refusal(open(channel, { referenceValues: others }), 'refused', /Nothing is sent/);
    assert.equal(asked, before, 'not even a question');
  });

  test('an answer that the host drops is asked for again: the call ran once, and was paid once', async () => {
    const channel = await channelOf();
    const calls = await open(channel);
    let dropped = 0;
    const result = await underHost(
      (ask) =>
        async (...request) => {
          const reply = await ask(...request);
          if (dropped++ === 0) throw new Error('dropped');
          return reply;
        },
      () => calls.call(terms('echo')),
    );
    assert.equal(dropped, 2);
    const again = await open(channel);
    assert.equal(again.purse.spent, result.price);
    assert.deepEqual(await again.call(terms('echo', { sequence: result.sequence })), result, 'also in another session');
    assert.equal((await open(channel)).purse.spent, result.price);
    await refusal(again.call(terms('choosy', { sequence: result.sequence })), 'conflict', /another one/);
  });

  test('a byte that the host flips, on either way, changes nothing but the time it takes; one that always flips it gets no call', async () => {
    const channel = await channelOf();
    const calls = await open(channel);
    const flipped = (of: Uint8Array, at: number): Uint8Array => of.with(at, (of[at] ?? 0) ^ 1);
    let turn = 0;
    const result = await underHost(
      (ask) => async (subject, payload, request) => {
        turn++;
        if (turn === 1) return ask(subject, flipped(payload, payload.length >> 1), request);
        const reply = await ask(subject, payload, request);
        if (turn > 2) return reply;
        const { sealed } = decodeReply(reply, frameAnswer, 'answer');
        return encodeReply({ sealed: flipped(sealed, sealed.length >> 1) });
      },
      () => calls.call(terms('echo')),
    );
    assert.equal(turn, 3);
    assert.equal(new TextDecoder().decode(result.output), 'hello');
    const always = underHost(
      (ask) => async (subject, payload, request) => ask(subject, flipped(payload, payload.length - 1), request),
      () => calls.call(terms('echo')),
    );
    await refusal(always, 'refused', /was not answered.*--sequence 2/s);
    assert.equal((await open(channel)).purse.spent, result.price);
  });

  test('what did not go well is an answer too, and costs what it used', async () => {
    const channel = await channelOf();
    const calls = await open(channel);
    const unknown = await calls.call(terms('choosy', { function: 'frobnicate' }));
    assert.deepEqual([unknown.outcome, unknown.exitCode, new TextDecoder().decode(unknown.output)], ['ok', 1, 'frobnicate']);
    const trapped = await calls.call(terms('trapping'));
    assert.deepEqual([trapped.outcome, trapped.exitCode], ['trap', null]);
    const spun = await calls.call(terms('endless'));
    assert.deepEqual([spun.outcome, spun.gasUsed, spun.price], ['outOfGas', 1_000_000n, GAS_PRICE * 11n]);
    const loud = await calls.call(terms('loud', { gasLimit: 100_000_000n }));
    assert.equal(loud.outcome, 'outputTooLarge');
    const largest = new Uint8Array(1 << 20).fill(7);
    const large = await calls.call(terms('roomy', { input: largest, gasLimit: 100_000_000n }));
    assert.ok(equalBytes(large.output, largest));
    assert.equal(
      calls.purse.spent,
      [unknown, trapped, spun, loud, large].reduce((sum, { price }) => sum + price, 0n),
    );
    await refusal(calls.call(terms('echo', { input: new Uint8Array((1 << 20) + 1) })), 'limit', /too large/);
    await refusal(calls.call(terms('task')), 'refused', /no functions to call/);
    await refusal(calls.call(terms('echo', { gasLimit: 1_000_000_000_000n })), 'limit', /does not hold enough/);
  });

  test('ten calls at once on one channel are all answered, and paid to the planck', async () => {
    const channel = await channelOf();
    const calls = await open(channel);
    const results = await Promise.all(Array.from({ length: 10 }, (_, index) => calls.call(terms('echo', { input: bytes(`call ${index}`) }))));
    assert.deepEqual(
      results.map(({ output }) => new TextDecoder().decode(output)),
      Array.from({ length: 10 }, (_, index) => `call ${index}`),
    );
    assert.equal(new Set(results.map(({ sequence }) => sequence)).size, 10);
    const spent = results.reduce((sum, { price }) => sum + price, 0n);
    assert.equal(calls.purse.spent, spent);
    assert.equal(await calls.settle(), spent);
    assert.equal((await open(channel)).purse.spent, spent);
  });

  test('a channel that is topped up holds more, and one that was closed a while ago takes no calls', async () => {
    const channel = await channelOf(TEA);
    const calls = await open(channel);
    const gasLimit = 1_500_000_000n; // 1.5 TEA
    await refusal(calls.call(terms('echo', { gasLimit })), 'limit', /does not hold enough/);
    await topUpChannel(tea, channel, TEA, consumer);
    const more = await open(channel);
    const { price } = await more.call(terms('echo', { gasLimit }));
    await more.settle();
    await closeChannel(tea, channel, consumer);
    assert.ok((await readChannel(tea.ledger, channel))?.closing);
    // The TEE sees that it closes, and hands in what was used without being asked.
    const redeemed = await tea.ledger.waitFor(
      'the node to redeem',
      () => readChannel(tea.ledger, channel),
      (record) => record?.redeemed === price,
      { deadlineMs: 20_000 },
    );
    assert.equal(redeemed?.redeemed, price);
  });

  test('the proof of a call holds offline, and no field of it can be changed', async () => {
    const channel = await channelOf();
    const calls = await open(channel);
    const result = await calls.call(terms('echo'));
    const { referenceValues } = network;
    const file = await writeCallProof(tea, { calls, result, policy: laptopPolicy, referenceValues });
    const report = await verifyCall(file);
    assert.deepEqual(
      report.claims.filter(({ outcome }) => outcome === 'failed'),
      [],
    );
    assert.deepEqual([report.verdict, report.call?.function, report.trustClass], ['holds', 'run', 'simulated']);
    assert.deepEqual([report.call?.channel, report.call?.sequence], [channel, 1n]);
    const wrongPin = await verifyCall(file, { pinned: { genesisHash: new Uint8Array(32) } });
    assert.deepEqual([wrongPin.exitCode, wrongPin.call], [1, null]);
    const proof = decodeCallProofFile(file);
    const blockHash = hashHeader(decodeHeader(proof.chain.header));
    /** The writer's word, as in an errand's proof: said in the limits, claimed by nothing. */
    const statedOnly = /^activation\.(challenge|response)$|^result\.appraisedAtMs$|^result\.claims\.\d+\.(title|source|expected|actual|next)$/;
    for (const path of leaves(proof)) {
      const name = path.join('.');
      if (statedOnly.test(name)) continue;
      const changed = await verifyCall(encodeCallProofFile(changedAt(proof, path)), { pinned: { blockHash } });
      assert.notEqual(changed.verdict, 'holds', name);
    }
    const other = await calls.call(terms('echo', { input: bytes('other') }));
    const swapped = await verifyCall(encodeCallProofFile({ ...proof, receipt: other.bundle }));
    assert.ok(swapped.claims.some(({ id, outcome }) => id === 'call.binding' && outcome === 'failed'));
  });

  test('nothing of what is asked and answered appears on the bus', async () => {
    const calls = await open(await channelOf());
    const { output } = await calls.call(terms('choosy', { function: `${CANARY}-name`, input: bytes(CANARY.repeat(3)) }));
    assert.match(new TextDecoder().decode(output), /CANARY/);
    const echoed = await calls.call(terms('choosy', { input: bytes(CANARY.repeat(3)) }));
    assert.match(new TextDecoder().decode(echoed.output), /CANARY/);
    const heard = Buffer.from(tap.recording());
    assert.ok(heard.length > 1 << 20, 'the tap must have heard the calls, or this test shows nothing');
    for (const form of [CANARY, Buffer.from(CANARY).toString('hex'), Buffer.from(CANARY).toString('base64').slice(0, 32)]) {
      assert.ok(!heard.includes(form), form);
    }
  });

  test('tea channel and tea call take a person through it, and tea verify holds what they wrote', async () => {
    await using folder = await temporaryDirectory('calls');
    await using _offered = await offerNetwork({ stateDir: network.stateDir, client: network.client });
    const [component, input, out, proof] = ['echo.wasm', 'input', 'out', 'call.json'].map((name) => join(folder.path, name)) as [
      string,
      string,
      string,
      string,
    ];
    await writeFile(component, handler(ECHO));
    await writeFile(input, 'asked by a person');
    let said = '';
    const screen = openScreen({ json: false, out: new Writable({ write: (chunk, _encoding, done) => ((said += String(chunk)), done()) }) });
    const { signal } = new AbortController();
    const run = (command: Command, positionals: string[], values: Record<string, string>): Promise<number> =>
      command.run({ values: { dir: network.stateDir, as: 'Eve', ...values }, positionals, screen, signal });
    const node = network.node.toHex();
    const order = { node, code: component, input, out, proof, function: 'anything' };
    await refusal(run(call, [], order), 'notFound', /no channel.*tea channel open/s);
    assert.equal(await run(channel, ['open'], { node, amount: '2.5' }), 0);
    assert.match(said, /deposited\s+2\.5 TEA/);
    assert.equal(await run(call, [], order), 0);
    assert.equal(await readFile(out, 'utf8'), 'asked by a person');
    assert.equal((await verifyCall(await readFile(proof))).verdict, 'holds');
    said = '';
    assert.equal(await run(verify, [proof], {}), 0);
    assert.match(said, /The proof holds/);
    assert.equal(await run(channel, ['status'], {}), 0);
    const [, id = ''] = /Channel ([0-9]+) to node/.exec(said) ?? [];
    assert.equal(await run(channel, ['top-up', id], { amount: '1' }), 0);
    assert.equal(await run(channel, ['close', id], {}), 0);
    assert.match(said, /deposited\s+3\.5 TEA[\s\S]*it was closed/);
    await refusal(run(channel, ['burn'], {}), 'badInput', /open, top-up, close or status/);
    await refusal(run(call, [], { ...order, node: 'nowhere' }), 'badInput', /no node/);
  });

  test('a TEE that is killed loses what it had not redeemed; its client loses nothing, and has to appraise the next one', async () => {
    const channel = await channelOf();
    const calls = await open(channel);
    await calls.call(terms('echo'));
    process.kill(network.tee.pid, 'SIGKILL');
    const told = await tea.ledger.waitFor(
      'the TEE to be there again',
      () => calls.call(terms('echo')).catch((error: unknown) => error),
      (error) => isTeaError(error, 'refused'),
    );
    assert.match(String(told), /not the one that was appraised/);
    const next = await tea.ledger.waitFor(
      'the node to have renewed its evidence',
      () => open(channel).catch(() => null),
      (found) => found !== null,
    );
    assert.equal(next?.purse.spent, 0n, 'what was used before is not owed any more');
    const { sequence } = (await next?.call(terms('echo'))) ?? {};
    assert.equal(sequence, 1n);
    assert.equal((await readChannel(tea.ledger, channel))?.redeemed, 0n);
  });

  test('a TEE that is stopped hands in first what was used, however little', async () => {
    const channel = await channelOf();
    const calls = await open(channel);
    const { price } = await calls.call(terms('echo'));
    await network.tee[Symbol.asyncDispose]();
    const record = await readChannel(tea.ledger, channel);
    assert.ok((record?.redeemed ?? 0n) >= price, 'it holds a voucher of the ceiling, and no exact one');
    assert.equal(record?.redeemed, GAS_PRICE * 11n, 'which its client never settled');
  });
});
