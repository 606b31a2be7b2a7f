import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTeaError } from '@tea/protocol';
import { fairQueue, type FairQueue } from './fair-queue.ts';

/** Works that end when told to, and the order they began in. */
function works() {
  const began: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () => {
    began.push(name);
    return new Promise<void>((resolve) => ends.set(name, resolve));
  };
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { began, work, end };
}

test('lets a tenant with one errand pass a tenant with a hundred', async () => {
  const { began, work, end } = works();
  const queue = fairQueue(1, 200);
  for (let index = 0; index < 100; index++) void queue.run('many', work(`many ${index}`));
  void queue.run('one', work('one'));
  await end('many 0');
  assert.deepEqual(began, ['many 0', 'one']);
  await end('one');
  assert.equal(began.at(-1), 'many 1');
});

/** Works that take so long each, one at a time, on a clock of their own: whose turns they were, until this much time is over. */
async function turns(costsMs: Readonly<Record<string, number>>, untilMs: number, bring: (tenant: string, queue: FairQueue) => void) {
  let nowMs = 0;
  const began: string[] = [];
  const queue = fairQueue(1, 10_000, () => nowMs);
  const again: FairQueue = {
    run: (tenant, work) =>
      queue.run(tenant, async () => {
        if (nowMs >= untilMs) return work();
        began.push(tenant);
        await new Promise((resolve) => setImmediate(resolve));
        nowMs += costsMs[tenant] ?? 0;
        return work();
      }),
  };
  for (const tenant of Object.keys(costsMs)) bring(tenant, again);
  while (nowMs < untilMs) await new Promise((resolve) => setImmediate(resolve));
  return (tenant: string): number => began.filter((each) => each === tenant).length * (costsMs[tenant] ?? 0);
}

test('what tenants share is time, not turns: long works of one cost the others nothing', async () => {
  const hadMs = await turns({ long: 100, short: 10, other: 10 }, 6_000, (tenant, queue) => {
    for (let count = 0; count < 700; count++) void queue.run(tenant, async () => undefined);
  });
  for (const tenant of ['long', 'short', 'other']) assert.ok(Math.abs(hadMs(tenant) - 2_000) <= 200, `${tenant}: ${hadMs(tenant)} ms`);
});

test('bringing one work at a time makes nobody a new tenant, and staying away saves nothing up', async () => {
  const hadMs = await turns({ flood: 10, drip: 50 }, 6_000, (tenant, queue) => {
    const dripping = async (): Promise<void> => {
      for (let count = 0; count < 200; count++) await queue.run(tenant, async () => undefined);
    };
    if (tenant === 'drip') void dripping();
    else for (let count = 0; count < 700; count++) void queue.run(tenant, async () => undefined);
  });
  assert.ok(hadMs('drip') <= 3_200, `${hadMs('drip')} ms of 6000`);
  assert.ok(hadMs('flood') >= 2_800, `${hadMs('flood')} ms of 6000`);
});

test('never runs more at a time than it may, and all of them in the end', async () => {
  const queue = fairQueue(3, 1000);
  let now = 0;
  let most = 0;
  const results = await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      queue.run(`tenant ${index % 7}`, async () => {
        most = Math.max(most, ++now);
        await new Promise((resolve) => setImmediate(resolve));
        now--;
        return index;
      }),
    ),
  );
  assert.equal(most, 3);
  assert.deepEqual(results, [...results.keys()]);
});

test('refuses work when too much waits, and frees the place of one that fails', async () => {
  const { work, end } = works();
  const queue = fairQueue(1, 1);
  const first = queue.run('a', work('first'));
  const second = queue.run('b', () => Promise.reject(new Error('broken')));
  await assert.rejects(queue.run('c', work('third')), (error) => isTeaError(error, 'unavailable'));
  const failed = assert.rejects(second, /broken/);
  await end('first');
  await first;
  await failed;
  assert.equal(await queue.run('c', () => Promise.resolve('after')), 'after');
});
