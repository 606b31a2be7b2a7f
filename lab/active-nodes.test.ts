import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_PINGS } from '@tea/actors/active-nodes';
import { simulate } from './simulated-nodes.ts';

/** How far apart two looks at the same thing may be, of which the list is made. */
const CYCLE_MS = 60_000;

test('10,000 nodes: a full cycle within 60 s, bounded pings in flight and a second, also while half of them die, and return', async (t) => {
  const network = simulate({ nodes: 10_000, seed: 1 });
  network.run(CYCLE_MS);
  assert.equal(network.counts().alive, 10_000);
  const cycles = network.longestSilence(CYCLE_MS);
  network.run(3 * CYCLE_MS);
  const calm = network.traffic();
  assert.ok(network.longestSilence(3 * CYCLE_MS) <= CYCLE_MS, `each is pinged within ${CYCLE_MS} ms, the slowest after ${cycles}`);
  assert.ok(calm.perSecond <= 700 && calm.inFlight <= MOST_PINGS, JSON.stringify(calm));
  assert.ok(calm.mean <= 260, `${calm.mean} pings a second in the mean`);

  network.kill(5_000);
  network.run(CYCLE_MS);
  assert.equal(network.counts().alive, 5_000);
  assert.equal(network.listed(), 5_000, 'no dead node is in the list');
  network.run(10 * CYCLE_MS);
  const dying = network.traffic();
  assert.ok(dying.perSecond <= 700 && dying.inFlight <= MOST_PINGS, JSON.stringify(dying));
  assert.ok(network.toTheDead(5 * CYCLE_MS) < 40, 'the dead are asked less and less');

  network.revive();
  network.run(6 * CYCLE_MS + 10_000);
  assert.equal(network.counts().alive, 10_000);
  assert.equal(network.listed(), 10_000);
  t.diagnostic(JSON.stringify({ calm, dying, returning: network.traffic() }));
});

test('a day of deaths, returns, leaving and joining holds no more than the nodes there are', () => {
  const network = simulate({ nodes: 200, seed: 2 });
  network.run(CYCLE_MS);
  const first = network.counts().held;
  for (let hour = 0; hour < 24; hour++) {
    network.kill(40);
    network.replace(20);
    network.run(1_800_000);
    network.revive();
    network.run(1_800_000);
  }
  assert.equal(network.counts().known, 200);
  assert.ok(network.counts().held <= first + 40, `${network.counts().held} records held, ${first} at first`);
  assert.ok(network.counts().alive === 200);
});

test('the same seed gives the same run, ping by ping', () => {
  const trace = (seed: number): string => {
    const network = simulate({ nodes: 300, seed });
    network.run(CYCLE_MS);
    network.kill(100);
    network.run(2 * CYCLE_MS);
    return network.trace();
  };
  assert.equal(trace(7), trace(7));
  assert.notEqual(trace(7), trace(8));
});

test('while layer 1 lies or is silent the known nodes stay pinged, and after five minutes no list is given', () => {
  const network = simulate({ nodes: 50, seed: 3 });
  network.run(CYCLE_MS);
  network.breakLayer1();
  network.run(4 * CYCLE_MS);
  assert.equal(network.listed(), 50);
  network.run(2 * CYCLE_MS);
  assert.match(String(network.ask()), /layer 1 could not be read/);
  assert.ok(network.readsLately(CYCLE_MS) <= 2, 'a chain that fails is asked less and less');
  network.mendLayer1();
  network.run(2 * CYCLE_MS);
  assert.equal(network.listed(), 50);
});

test('an older list of layer 1 than the last one is not taken', () => {
  const network = simulate({ nodes: 50, seed: 4 });
  network.run(CYCLE_MS);
  network.rewindLayer1();
  network.run(CYCLE_MS);
  assert.match(network.logs().join('\n'), /a list of block \d+, after one of block/);
  assert.equal(network.counts().known, 50);
});
