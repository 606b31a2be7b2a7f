import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { after, afterEach, before, describe, test } from 'node:test';
import { equalBytes, oneChunk } from '@tea/protocol';
import { generateHpkeKeyPair } from '@tea/protocol/hpke';
import type { ErrandState } from '@tea/protocol/layer1';
import {
  cancellationOf,
  createErrand,
  fetchResult,
  fundErrand,
  inspect,
  laptopPolicy,
  publish,
  readErrand,
  settleErrand,
  waitForState,
  type Inspection,
  type Tea,
} from '@tea/sdk';
import { openScreen } from '@tea/cli';
import { cancel } from '../client/cli/commands/cancel.ts';
import { offerNetwork } from '../client/cli/running-network.ts';
import { checkInvariants, type Seen } from './random-calls/invariants.ts';
import * as guests from './test-guests.ts';
import { attestedErrand, consumer, developer, startTestNetwork, type TestErrand, type TestNetwork } from './test-network.ts';

/** Runs for a second or more, then is out of gas. */
const LONG = { code: guests.endless, gasLimit: 1_000_000_000n } as const;

/** `kill -9` of tea-runtime in each state of an errand. Its launcher starts it anew; one network lives through all of it. */
describe('a TEE that is killed', () => {
  let network: TestNetwork;
  let tea: Tea;
  const seen: Seen = { issuance: 2n ** 128n, ended: new Map() };
  const events: { readonly errand: bigint; readonly type: string }[] = [];
  let listening: { unsubscribe(): void } | undefined;

  before(async () => {
    network = await startTestNetwork();
    tea = network.tea;
    listening = tea.ledger.client.finalizedBlock$.subscribe(({ hash }) => {
      void tea.ledger.api.query.System.Events.getValue({ at: hash }).then((found) => {
        for (const { event } of found) {
          if (event.type === 'Errands') events.push({ errand: event.value.value.id, type: event.value.type });
        }
      });
    });
  });
  after(async () => {
    listening?.unsubscribe();
    await network[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    await checkInvariants(tea.ledger, seen);
    for (const [errand, its] of Map.groupBy(events, ({ errand: id }) => id)) {
      const ends = its.filter(({ type }) => type === 'Settled' || type === 'Refunded');
      assert.ok(ends.length <= 1 && its.filter(({ type }) => type === 'Proved').length <= 1, `errand ${errand} ended twice`);
    }
  });

  /** The errand's fresh evidence, once the TEE that was started anew has made it. */
  async function inspectAnew(id: bigint, before: Inspection): Promise<Inspection> {
    const isNew = (digest: Uint8Array | undefined): boolean =>
      digest !== undefined && !equalBytes(digest, before.errand.evidence?.digest ?? new Uint8Array());
    await tea.ledger.waitFor(
      'evidence of the new process',
      () => readErrand(tea.ledger, id),
      ({ evidence }) => isNew(evidence?.digest),
    );
    return inspect(tea, id, { policy: laptopPolicy, referenceValues: network.referenceValues, now: new Date() });
  }

  /** The owners look and release again; the errand is proved, paid once, and its result is the consumer's. */
  async function goesOnTo(outcome: string, errand: TestErrand): Promise<void> {
    const anew = await inspectAnew(errand.id, errand.inspection);
    assert.equal(anew.errand.state, 'Attested');
    assert.ok(anew.errand.parts.every(({ release }) => release === null));
    await errand.releaseAll(anew);
    await isPaidFor(errand.id, outcome, await errandResult(errand, anew));
  }

  async function errandResult(errand: TestErrand, on: Inspection) {
    await waitForState(tea, errand.id, 'Proved', { deadlineMs: 120_000 });
    return (await errand.result(on)).receipt;
  }

  async function isPaidFor(id: bigint, outcome: string, receipt: { readonly outcome: string }): Promise<void> {
    assert.equal(receipt.outcome, outcome);
    await settleErrand(tea, id, consumer);
    assert.equal((await waitForState(tea, id, 'Settled')).state, 'Settled');
  }

  /** `tea cancel --yes`, as its user would. */
  async function teaCancel(id: bigint): Promise<{ readonly code: number; readonly said: string }> {
    await using _offered = await offerNetwork({ stateDir: network.stateDir, client: network.client });
    let said = '';
    const out = new Writable({
      write(chunk: Buffer, _encoding, done) {
        said += chunk.toString();
        done();
      },
    });
    const screen = openScreen({ json: false, out });
    const values = { dir: network.stateDir, yes: true };
    return { code: await cancel.run({ values, positionals: [String(id)], screen, signal: new AbortController().signal }), said };
  }

  async function orderPlain(code: Uint8Array, gasLimit = 100_000_000n) {
    const { id: codeId } = await publish(tea, { kind: 'code', source: oneChunk(code), visibility: { kind: 'plain' }, price: 1n, owner: developer });
    const resultKey = await generateHpkeKeyPair();
    const order = { consumer, code: codeId, data: [], gasLimit, maxPrice: gasLimit * 1_000n + 10n, policy: laptopPolicy };
    const id = await createErrand(tea, { ...order, resultKey: resultKey.publicPoint });
    const receipt = async () => {
      await waitForState(tea, id, 'Proved', { deadlineMs: 120_000 });
      const on = await inspect(tea, id, { policy: laptopPolicy, referenceValues: network.referenceValues, now: new Date() });
      return (await fetchResult(tea, on, resultKey)).receipt;
    };
    return { id, receipt };
  }

  test('(not killed, but asked by the consumer) ends its guest and proves that it was cancelled, which costs the gas used until then', async () => {
    const errand = await attestedErrand(network, { ...LONG, gasLimit: 1_000_000_000_000n });
    await assert.rejects(teaCancel(errand.id), { code: 'conflict', message: /Attested|KeysReleased/ });
    await errand.releaseAll();
    await waitForState(tea, errand.id, 'Running');
    const told = cancellationOf(await readErrand(tea.ledger, errand.id));
    const { code, said } = await teaCancel(errand.id);
    assert.equal(code, 0);
    assert.match(said, /its meter shows by then is paid[\s\S]*At most 1,000,000,000,000,000 plancks[\s\S]*outcome cancelled/);
    const { outcome, gasUsed, gasLimit } = await errandResult(errand, errand.inspection);
    await isPaidFor(errand.id, 'cancelled', { outcome });
    assert.ok(gasUsed > 0n && gasUsed < gasLimit, `${gasUsed} gas`);
    const payments = (await readErrand(tea.ledger, errand.id)).settlement?.payments ?? [];
    assert.deepEqual(payments.map(({ role }) => role).toSorted(), ['executor', 'host']);
    const paid = payments.reduce((sum, { amount }) => sum + amount, 0n);
    assert.ok(told.allowed && paid > 0n && paid <= told.atMost, `${paid} plancks`);
  });

  test('while lots are drawn claims when it is back, and runs what it won', async () => {
    const { id, receipt } = await orderPlain(guests.polite);
    kill(network);
    await fundErrand(tea, id, consumer);
    await isPaidFor(id, 'ok', await receipt());
  });

  test('when it was Selected, or while it published its evidence, attests and runs', async () => {
    const { id, receipt } = await orderPlain(guests.polite);
    await fundErrand(tea, id, consumer);
    await waitForState(tea, id, 'Selected');
    kill(network);
    await isPaidFor(id, 'ok', await receipt());
  });

  test('when it was Attested takes no release made for the process before, and new ones on new evidence', async () => {
    const errand = await attestedErrand(network, { code: guests.polite });
    kill(network);
    await inspectAnew(errand.id, errand.inspection);
    await assert.rejects(errand.release('code'), { name: 'TeaError', code: 'refused' });
    await goesOnTo('ok', errand);
  });

  test('when one of two keys was released asks for both again', async () => {
    const errand = await attestedErrand(network, { code: guests.polite });
    await errand.release('code');
    kill(network);
    await goesOnTo('ok', errand);
  });

  test('in KeysReleased, before it could start, asks again instead of running without keys', async () => {
    const errand = await attestedErrand(network, { code: guests.polite });
    await errand.release('code');
    await errand.release('data/0', errand.inspection, stoppingAfterRelease(network));
    assert.equal((await readErrand(tea.ledger, errand.id)).state satisfies ErrandState, 'KeysReleased');
    kill(network);
    await goesOnTo('ok', errand);
  });

  test('while a guest runs asks again, and whoever waits for the result is told to', async () => {
    const errand = await attestedErrand(network, LONG);
    await errand.releaseAll();
    await waitForState(tea, errand.id, 'Running');
    const waiting = assert.rejects(waitForState(tea, errand.id, 'Proved'), { name: 'TeaError', code: 'conflict', message: /release again/ });
    kill(network);
    await waiting;
    await goesOnTo('outOfGas', errand);
  });

  test('while it runs what nobody sealed runs it again, with nobody’s help', async () => {
    const { id, receipt } = await orderPlain(LONG.code, LONG.gasLimit);
    await fundErrand(tea, id, consumer);
    await waitForState(tea, id, 'Running');
    kill(network);
    await isPaidFor(id, 'outOfGas', await receipt());
  });

  test('when it had proved leaves the errand as it is, and it is settled', async () => {
    const errand = await attestedErrand(network, { code: guests.polite });
    await errand.releaseAll();
    await waitForState(tea, errand.id, 'Proved');
    kill(network);
    await isPaidFor(errand.id, 'ok', (await errand.result()).receipt);
  });
});

/** Stops the TEE in the moment in which it has taken a key, so that layer 1 hears of the release and the TEE of nothing. */
function stoppingAfterRelease({ tea, stateDir }: TestNetwork): Tea {
  return {
    ...tea,
    node: (id) => {
      const client = tea.node(id);
      return {
        ...client,
        release: async (bytes) => {
          const digest = await client.release(bytes);
          for (const pid of runtimes(stateDir)) process.kill(pid, 'SIGSTOP');
          return digest;
        },
      };
    },
  };
}

function kill({ stateDir }: TestNetwork): void {
  const pids = runtimes(stateDir);
  assert.ok(pids.length > 0, 'no tea-runtime runs');
  for (const pid of pids) process.kill(pid, 'SIGKILL');
}

/** tea-runtime of this network, whichever its launcher has started last. */
function runtimes(stateDir: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^[0-9]+$/.test(entry))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${stateDir}/tee/tee-runtime.mjs`);
      } catch {
        return false; // it ended meanwhile
      }
    })
    .map(Number);
}
