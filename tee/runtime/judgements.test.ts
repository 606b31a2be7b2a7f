import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openJudgements } from './judgements.ts';

function open(failures: string[] = [], waits: number[] = []) {
  return openJudgements({
    atOnce: 2,
    retryAfterMs: [1000, 2000],
    delay: async (delayMs) => void waits.push(delayMs),
    onFailure: (registration, attempt) => failures.push(`${registration} ${attempt}`),
  });
}

test('a node that never answers holds up neither others nor whoever asks', async () => {
  const judgements = open();
  const silent = Promise.withResolvers<void>();
  const judged: string[] = [];
  judgements.consider('silent', () => silent.promise);
  for (const name of ['a', 'b', 'c']) {
    judgements.consider(name, async () => void judged.push(name));
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(judged, ['a', 'b', 'c']);
  silent.resolve();
  await judgements.settled();
});

test('judges no more at once than it may', () => {
  const judgements = open();
  let started = 0;
  for (const name of ['a', 'b', 'c', 'd']) {
    judgements.consider(name, () => {
      started++;
      return new Promise(() => undefined);
    });
  }
  assert.equal(started, 2);
});

test('judges each registration once', async () => {
  const judgements = open();
  let times = 0;
  for (let block = 0; block < 3; block++) {
    judgements.consider('a', async () => void times++);
    await judgements.settled();
  }
  assert.equal(times, 1);
});

test('tries what failed again after a while, by the clock and not by blocks, says each, and gives up', async () => {
  const [failures, waits]: [string[], number[]] = [[], []];
  const judgements = open(failures, waits);
  for (let block = 0; block < 5; block++) judgements.consider('a', () => Promise.reject(new Error('unreachable')));
  await judgements.settled();
  judgements.consider('a', () => Promise.reject(new Error('unreachable')));
  await judgements.settled();
  assert.deepEqual(failures, ['a 1', 'a 2', 'a 3']);
  assert.deepEqual(waits, [1000, 2000]);
});

test('ends with the first attempt that succeeds', async () => {
  const failures: string[] = [];
  const judgements = open(failures);
  let times = 0;
  judgements.consider('a', async () => {
    if (++times < 2) throw new Error('not yet');
  });
  await judgements.settled();
  assert.deepEqual([times, failures], [2, ['a 1']]);
});

test('judges new evidence of the same node anew', async () => {
  const judgements = open();
  let times = 0;
  const judge = async () => void times++;
  judgements.consider('node evidence-1', judge);
  await judgements.settled();
  judgements.retain(new Set(['node evidence-2']));
  judgements.consider('node evidence-2', judge);
  await judgements.settled();
  assert.equal(times, 2);
});
