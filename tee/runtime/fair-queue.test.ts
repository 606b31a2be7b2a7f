import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTeaError } from '@tea/protocol';
import { fairQueue } from './fair-queue.ts';

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
  await end('many 1');
  assert.deepEqual(began, ['many 0', 'many 1', 'one']);
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
