import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isTeaError, TeaError, type ContentReader } from '@tea/protocol';
import { build } from 'esbuild';
import { openGuestThread } from './guest-thread.ts';
import { runGuest } from './run-guest.ts';
import { command, job, text } from './testing/guests.ts';

const IMPORTS = `(import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))`;
/** Reads 8 bytes of stdin, and writes them. */
const ECHO = command(
  `(i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 8))
  (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))) (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))`,
  IMPORTS,
);
const SPIN = command('(loop (br 0))');
const SIZE = { ...job(ECHO).limits, inputBytes: 65_536 };

test('a guest run from the thread gives what one run here gives, with held input and with content that stays here', async () => {
  await using thread = openGuestThread({ size: SIZE });
  const content: ContentReader = { sizeBytes: 100_000, read: async (_, length) => new Uint8Array(length).fill(0x61) };
  for (const stdin of [new TextEncoder().encode('12345678'), content]) {
    assert.deepEqual(await thread.run(job(ECHO, { stdin })), await runGuest(job(ECHO, { stdin })));
  }
});

test('ends a guest on abort, and refuses a job that is none by the same error', async () => {
  await using thread = openGuestThread({ size: SIZE });
  const abort = new AbortController();
  const run = thread.run(job(SPIN, { limits: { gas: 2n ** 62n } }), abort.signal);
  setTimeout(() => abort.abort(), 200);
  assert.equal((await run).outcome, 'cancelled');
  await assert.rejects(thread.run(job(SPIN, { seed: new Uint8Array(3) })), (error) => isTeaError(error, 'badInput') && /3 bytes/.test(error.message));
});

test('content that can’t be read ends the run by its own error, class and all', async () => {
  await using thread = openGuestThread({ size: SIZE });
  const away = new TeaError('unavailable', 'The host is away');
  const content: ContentReader = { sizeBytes: 100, read: () => Promise.reject(away) };
  await assert.rejects(thread.run(job(ECHO, { stdin: content })), (error) => error === away);
});

test('leaves no process behind, and ends what still runs', async () => {
  const thread = openGuestThread({ size: SIZE });
  const run = thread.run(job(SPIN, { limits: { gas: 2n ** 62n } }));
  await thread.run(job(ECHO));
  await thread[Symbol.asyncDispose]();
  const ended = await run.then(
    ({ outcome }) => outcome,
    (error: unknown) => isTeaError(error, 'unavailable') && 'unavailable',
  );
  assert.ok(ended === 'cancelled' || ended === 'unavailable', String(ended));
  const children = readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1]) === process.pid;
    } catch {
      return false; // it ended meanwhile
    }
  });
  const named = children.map((pid) => readFileSync(`/proc/${pid}/comm`, 'latin1').trim());
  assert.deepEqual(
    named.filter((name) => name === 'bwrap' || name === 'node'),
    [],
  );
});

test('is the same from one bundled source in memory, with a bundled runner', async () => {
  const bundled = async (entry: string, format: 'cjs' | 'esm'): Promise<Uint8Array> => {
    const entryPoints = [new URL(entry, import.meta.url).pathname];
    const { outputFiles } = await build({ entryPoints, bundle: true, platform: 'node', format, target: 'node26', write: false, logLevel: 'silent' });
    return outputFiles[0]?.contents ?? new Uint8Array();
  };
  const [threadSource, runnerSource] = [text(await bundled('./guest-thread-worker.ts', 'cjs')), await bundled('./guest-runner.ts', 'esm')];
  const troubles: unknown[] = [];
  await using thread = openGuestThread({ size: SIZE, threadSource, runnerSource, onNoSpare: (error) => void troubles.push(error) });
  const result = await thread.run(job(ECHO, { stdin: new TextEncoder().encode('87654321') }));
  assert.deepEqual([result.outcome, text(result.stdout), troubles], ['ok', '87654321', []]);
});
