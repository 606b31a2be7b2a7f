import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { chooseIsolation } from './isolation.ts';
import { runGuest } from './run-guest.ts';
import { openSandboxPool } from './sandbox-pool.ts';
import { killSandbox } from './sandbox.ts';
import { command, job } from './testing/guests.ts';

const SIZE = { ...job(command('')).limits, inputBytes: 65_536 };

async function needed(limits = SIZE) {
  const { isolation, sandbox } = await chooseIsolation(limits, 100, {});
  return { ...sandbox, isolation };
}

test('gives a waiting sandbox to one job only, with the same result as a fresh one', async () => {
  await using pool = await openSandboxPool(SIZE);
  await pool.ready();
  const [first, second] = await Promise.all([runGuest(job(command('')), { pool }), runGuest(job(command('')), { pool })]);
  assert.deepEqual(first, await runGuest(job(command(''))));
  assert.deepEqual(second, first);
});

test('hands out a process once, and none while it has none', async () => {
  await using pool = await openSandboxPool(SIZE);
  await pool.ready();
  const child = pool.take(await needed());
  assert.ok(child);
  assert.equal(pool.take(await needed()), null);
  const closed = once(child, 'close');
  killSandbox(child);
  await closed;
});

test('keeps a waiting sandbox from a job that needs more memory or time than it was made with', async () => {
  await using pool = await openSandboxPool(SIZE);
  await pool.ready();
  assert.equal(pool.take(await needed({ ...SIZE, memoryBytes: SIZE.memoryBytes * 64 })), null);
  assert.equal(pool.take(await needed({ ...SIZE, wallMs: SIZE.wallMs * 2 })), null);
  const child = pool.take(await needed());
  assert.ok(child);
  const closed = once(child, 'close');
  killSandbox(child);
  await closed;
});

test('lets a job start its own sandbox where none that waits will do', async () => {
  await using pool = await openSandboxPool(SIZE, { nodeFlags: ['--liftoff-only'] });
  await pool.ready();
  const result = await runGuest(job(command('')), { pool });
  assert.equal(result.outcome, 'ok', result.explanation);
});

test('leaves no process behind when it closes', async () => {
  const pool = await openSandboxPool(SIZE);
  await pool.ready();
  await pool[Symbol.asyncDispose]();
  assert.equal(pool.take(await needed()), null);
});
