import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import type { ContentReader } from '@tea/protocol';
import { UNREAD_GAS_PER_MS } from './gas-schedule.ts';
import { runGuest } from './run-guest.ts';
import { childOf } from './sandbox.ts';
import { command, job } from './testing/guests.ts';

const IMPORTS = '(import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))';
/** Reads 32 KiB of stdin, and again, to its end. */
const READER = command(
  `(i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (i32.const 32768))
  (loop (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))) (br_if 0 (i32.load (i32.const 8))))`,
  IMPORTS,
);
const SPIN = command('(loop (br 0))');

/** Of this many bytes the first `given` can be read; at the one after, `stuck` is called, and nothing comes. */
function content(sizeBytes: number, given: number, stuck: () => void): ContentReader {
  return {
    sizeBytes,
    read: async (offset, length) => {
      if (offset + length <= given) return new Uint8Array(length);
      stuck();
      return new Promise<never>(() => undefined);
    },
  };
}

test('a cancelled run is billed what its meter shows: what it costs to come as far as that', async () => {
  const abort = new AbortController();
  const given = 64 * 1024 * 3; // the first two pieces that a sandbox asks for
  const ended = await runGuest(job(READER, { stdin: content(10 ** 7, given, () => abort.abort()) }), { signal: abort.signal });
  assert.equal(ended.outcome, 'cancelled');
  const asFar = await runGuest(job(READER, { stdin: new Uint8Array(given) }));
  assert.equal(asFar.outcome, 'ok');
  const difference = ended.gasUsed - asFar.gasUsed;
  assert.ok(difference >= -10_000n && difference <= 10_000n, `${ended.gasUsed} and ${asFar.gasUsed}`);
});

test('an endless loop that is cancelled is billed its rounds, not its limit; its answer counts for nothing', async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 500);
  const { outcome, gasUsed, stdout, exitCode, instrumentedSha256 } = await runGuest(job(SPIN, { limits: { gas: 2n ** 62n } }), {
    signal: abort.signal,
  });
  assert.equal(outcome, 'cancelled');
  assert.ok(gasUsed > 100_000n && gasUsed < 10n ** 11n, `${gasUsed} gas in half a second`);
  assert.deepEqual([stdout.length, exitCode, instrumentedSha256], [0, null, null]);
});

test('where nobody can say what a run used, time is billed, and never more than the limit; a run that did not begin costs nothing', async () => {
  const startedMs = performance.now();
  const abort = new AbortController();
  const run = runGuest(job(SPIN, { limits: { gas: 2n ** 62n } }), { signal: abort.signal });
  setTimeout(() => abort.abort(), 5); // while its sandbox starts
  const { outcome, gasUsed } = await run;
  assert.equal(outcome, 'cancelled');
  assert.ok(gasUsed <= BigInt(Math.ceil(performance.now() - startedMs)) * UNREAD_GAS_PER_MS, String(gasUsed));
  const limited = await runGuest(job(SPIN, { limits: { gas: 1_000n, wallMs: 1 } }));
  assert.ok(limited.gasUsed <= 1_000n);
  assert.equal((await runGuest(job(SPIN), { signal: abort.signal })).gasUsed, 0n);
});

test('a guest that waits for content at the end of its time is out of time then, and is billed no more than its limit', async () => {
  const { outcome, gasUsed } = await runGuest(job(READER, { stdin: content(10 ** 7, 0, () => undefined), limits: { wallMs: 1_500 } }));
  assert.equal(outcome, 'outOfTime');
  assert.ok(gasUsed > 0n && gasUsed <= job(READER).limits.gas, String(gasUsed));
});

test('the process to ask is found on a kernel that lists children, and on one that doesn’t', async () => {
  const child = spawn('sleep', ['60']);
  try {
    await once(child, 'spawn');
    assert.deepEqual([childOf(process.pid), childOf(process.pid, false), childOf(child.pid ?? 0, false)], [child.pid, child.pid, null]);
  } finally {
    child.kill('SIGKILL');
  }
});
