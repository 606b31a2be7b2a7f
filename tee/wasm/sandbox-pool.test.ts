import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
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

test('keeps one sandbox waiting and not more, however often it is asked while it has none', async () => {
  const children: number[] = [];
  {
    await using pool = await openSandboxPool(SIZE);
    for (let round = 0; round < 3; round++) {
      const child = pool.take(await needed());
      if (child === null) continue;
      children.push(child.pid ?? 0);
      const closed = once(child, 'close');
      killSandbox(child);
      await closed;
      await pool.ready();
    }
    await pool.ready();
  }
  assert.deepEqual([...new Set(children)], children);
  assert.equal(readdirSync('/proc').filter((pid) => parentOf(pid) === process.pid).length, 0);
});

/** The parent of a process, from /proc/PID/stat (proc(5)): the fourth field, after the name in parentheses. */
function parentOf(pid: string): number {
  try {
    return /^\d+$/.test(pid) ? Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1]) : 0;
  } catch {
    return 0; // it ended meanwhile
  }
}

test('leaves no process behind when it closes', async () => {
  const pool = await openSandboxPool(SIZE);
  await pool.ready();
  await pool[Symbol.asyncDispose]();
  assert.equal(pool.take(await needed()), null);
});
