import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openJudgements } from './judgements.ts';

const open = (failures: string[] = []) =>
  openJudgements({ atOnce: 2, attempts: 3, onFailure: (registration, attempt) => failures.push(`${registration} ${attempt}`) });

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

test('tries what failed again, three times in all, and says each', async () => {
  const failures: string[] = [];
  const judgements = open(failures);
  for (let block = 0; block < 5; block++) {
    judgements.consider('a', () => Promise.reject(new Error('unreachable')));
    await judgements.settled();
  }
  assert.deepEqual(failures, ['a 1', 'a 2', 'a 3']);
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
