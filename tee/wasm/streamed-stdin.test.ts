import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isTeaError } from '@tea/protocol';
import { runGuest } from './run-guest.ts';
import { command, job } from './testing/guests.ts';
import { ECHO, handler } from './testing/handlers.ts';

const IMPORTS = `(import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))`;

/** Reads stdin in pieces of 32 KiB, adds up its bytes' number and every piece's first byte, and prints both (16 bytes); `end` follows. */
const summing = (end = ''): Uint8Array =>
  command(
    `(i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (i32.const 32768))
    (block $done (loop $more
      (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8)))
      (br_if $done (i32.eqz (i32.load (i32.const 8))))
      (i64.store (i32.const 16) (i64.add (i64.load (i32.const 16)) (i64.load32_u (i32.const 8))))
      (i64.store (i32.const 24) (i64.add (i64.load (i32.const 24)) (i64.load8_u (i32.const 1024))))
      (br $more)))
    (i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (i32.const 16))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) ${end}`,
    IMPORTS,
  );

async function* pieces(count: number, size: number, each: (index: number) => void = () => {}): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) {
    each(index);
    yield new Uint8Array(size).fill(index);
  }
}

/** Peak resident memory of a process and of all below it, in MiB. */
function peaks(pid: number | string): number[] {
  try {
    const own = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    return [Number(own ?? 0) / 1024, ...children.flatMap(peaks)];
  } catch {
    return []; // it has ended
  }
}

test('a streamed stdin gives the outcome, output, gas and digest of one that was there from the start, also at a trap', async () => {
  for (const module of [summing(), summing('(drop (i32.load (i32.const -1)))'), command('(drop (i32.load (i32.const -1)))')]) {
    const whole = new Uint8Array(await new Blob(await Array.fromAsync(pieces(20, 50_000), (piece) => new Uint8Array(piece))).arrayBuffer());
    const streamed = await runGuest(job(module, { stdinStream: pieces(20, 50_000) }));
    assert.deepEqual(streamed, await runGuest(job(module, { stdin: whole })));
  }
});

test('1 GiB goes through a guest, and neither it nor we ever hold more than a little of it', async (t) => {
  const PIECE = 1024 * 1024;
  const before = process.memoryUsage.rss();
  let ourPeak = before;
  let theirPeak = 0;
  const watched = pieces(1024, PIECE, (index) => {
    if (index % 64 !== 63) return;
    ourPeak = Math.max(ourPeak, process.memoryUsage.rss());
    const below = peaks(process.pid).slice(1);
    theirPeak = Math.max(theirPeak, ...below);
  });
  const startedMs = performance.now();
  const { outcome, stdout } = await runGuest(job(summing(), { stdinStream: watched, limits: { gas: 10n ** 12n, wallMs: 100_000 } }));
  const seconds = (performance.now() - startedMs) / 1000;
  assert.equal(outcome, 'ok');
  const read = new DataView(stdout.buffer, stdout.byteOffset).getBigUint64(0, true);
  assert.equal(read, 2n ** 30n);
  const ours = (ourPeak - before) / 2 ** 20;
  t.diagnostic(
    `${(1024 / seconds).toFixed(0)} MiB/s; we grew by ${ours.toFixed(0)} MiB, the sandbox's largest process had ${theirPeak.toFixed(0)} MiB`,
  );
  assert.ok(theirPeak > 0 && theirPeak < 256, `the sandbox had ${theirPeak} MiB`);
  assert.ok(ours < 256, `we grew by ${ours} MiB`);
});

test('a stream that breaks ends the run by its own error, and the guest’s answer counts for nothing', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array(100);
    throw new RangeError('the digest is another');
  }
  await assert.rejects(runGuest(job(summing(), { stdinStream: broken() })), /the digest is another/);
});

test('a guest that stops reading lets go of the stream, and one that never gets its end is ended by the clock', async () => {
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) yield new Uint8Array(100_000);
    } finally {
      closed = true;
    }
  }
  assert.equal((await runGuest(job(command(''), { stdinStream: endless() }))).outcome, 'ok');
  assert.equal(closed, true);
  const late = await runGuest(job(summing(), { stdinStream: endless(), limits: { gas: 2n ** 60n, wallMs: 700 } }));
  assert.equal(late.outcome, 'outOfTime');
});

test('a handler takes its input whole', async () => {
  await assert.rejects(runGuest(job(handler(ECHO), { stdinStream: pieces(1, 1) })), (error) => isTeaError(error, 'badInput'));
});
