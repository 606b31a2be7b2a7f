import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { isTeaError, type ContentReader } from '@tea/protocol';
import type { GuestJob } from './guest-job.ts';
import { runGuest } from './run-guest.ts';
import { command, job } from './testing/guests.ts';
import { ECHO, handler } from './testing/handlers.ts';

const IMPORTS = `(import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_pread" (func $pread (param i32 i32 i32 i64 i32) (result i32)))
  (import "wasi_snapshot_preview1" "path_open" (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))`;

const OPEN_DATA_0 = `(i32.store8 (i32.const 500) (i32.const 48))
  (drop (call $open (i32.const 3) (i32.const 0) (i32.const 500) (i32.const 1) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 508)))
  (local.set $b (i32.load (i32.const 508)))`;
const PRINT_16 = `(i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (i32.const 16))
  (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))`;

/** Reads stdin, or after `open` that file, in pieces of 32 KiB, adds up its bytes' number and every piece's first byte, prints both; `end` follows. */
const summing = (open = '', end = ''): Uint8Array =>
  command(
    `${open} (i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (i32.const 32768))
    (block $done (loop $more
      (drop (call $read (local.get $b) (i32.const 0) (i32.const 1) (i32.const 8)))
      (br_if $done (i32.eqz (i32.load (i32.const 8))))
      (i64.store (i32.const 16) (i64.add (i64.load (i32.const 16)) (i64.load32_u (i32.const 8))))
      (i64.store (i32.const 24) (i64.add (i64.load (i32.const 24)) (i64.load8_u (i32.const 1024))))
      (br $more)))
    ${PRINT_16} ${end}`,
    IMPORTS,
  );

/** Prints 16 bytes of /data/0 at each of these places. */
const seeking = (places: readonly number[]): Uint8Array =>
  command(
    `${OPEN_DATA_0} ${places
      .map(
        (place) => `(i32.store (i32.const 0) (i32.const 16)) (i32.store (i32.const 4) (i32.const 16))
        (drop (call $pread (local.get $b) (i32.const 0) (i32.const 1) (i64.const ${place}) (i32.const 8))) ${PRINT_16}`,
      )
      .join('')}`,
    IMPORTS,
  );

const PATTERN = Uint8Array.from({ length: 1 << 20 }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
/** Content that is nowhere: every byte follows from its place. */
function elsewhere(sizeBytes: number, each: (offset: number) => void = () => {}): ContentReader {
  return {
    sizeBytes,
    read: async (offset, length) => {
      each(offset);
      const bytes = new Uint8Array(Math.min(length, sizeBytes - offset));
      for (let at = 0; at < bytes.length;) {
        const part = PATTERN.subarray((offset + at) % PATTERN.length).subarray(0, bytes.length - at);
        bytes.set(part, at);
        at += part.length;
      }
      return bytes;
    },
  };
}
const whole = (content: ContentReader): Promise<Uint8Array> => content.read(0, content.sizeBytes);

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

test('content that is elsewhere gives the outcome, output, gas and digest of one that is held, also at a trap', async () => {
  const content = elsewhere(3_000_001);
  const places = [0, 2_999_990, 65_530, 1_000_000, 65_536, 2_999_999, 4_000_000];
  const guests: [Uint8Array, 'stdin' | 'data'][] = [
    [summing(), 'stdin'],
    [summing('', '(drop (i32.load (i32.const -1)))'), 'stdin'],
    [command('(drop (i32.load (i32.const -1)))'), 'stdin'],
    [summing(OPEN_DATA_0), 'data'],
    [seeking(places), 'data'],
  ];
  for (const [module, where] of guests) {
    const given = (input: GuestJob['stdin']): GuestJob => job(module, where === 'stdin' ? { stdin: input } : { data: [input] });
    const held = await runGuest(given(await whole(content)));
    assert.ok(held.stdout.length > 0 || held.outcome === 'trap', held.explanation);
    assert.deepEqual(await runGuest(given(content)), held);
  }
});

for (const where of ['stdin', 'data'] as const) {
  test(`1 GiB goes through a guest as ${where}, and neither it nor we ever hold more than a little of it`, async (t) => {
    const before = process.memoryUsage.rss();
    let ourPeak = before;
    let theirPeak = 0;
    const watched = elsewhere(2 ** 30, (offset) => {
      if (offset % 2 ** 26 !== 0) return;
      ourPeak = Math.max(ourPeak, process.memoryUsage.rss());
      theirPeak = Math.max(theirPeak, ...peaks(process.pid).slice(1));
    });
    const startedMs = performance.now();
    const module = where === 'stdin' ? summing() : summing(OPEN_DATA_0);
    const input = where === 'stdin' ? { stdin: watched } : { data: [watched] };
    const { outcome, stdout } = await runGuest(job(module, { ...input, limits: { gas: 10n ** 12n, wallMs: 100_000 } }));
    const seconds = (performance.now() - startedMs) / 1000;
    assert.equal(outcome, 'ok');
    assert.equal(new DataView(stdout.buffer, stdout.byteOffset).getBigUint64(0, true), 2n ** 30n);
    const ours = (ourPeak - before) / 2 ** 20;
    t.diagnostic(
      `${(1024 / seconds).toFixed(0)} MiB/s; we grew by ${ours.toFixed(0)} MiB, the sandbox's largest process had ${theirPeak.toFixed(0)} MiB`,
    );
    assert.ok(theirPeak > 0 && theirPeak < 256, `the sandbox had ${theirPeak} MiB`);
    assert.ok(ours < 256, `we grew by ${ours} MiB`);
  });
}

test('content that can’t be had ends the run by its own error, and the guest’s answer counts for nothing', async () => {
  const broken: ContentReader = { sizeBytes: 100_000, read: () => Promise.reject(new TypeError('the digest is another')) };
  await assert.rejects(runGuest(job(summing(), { stdin: broken })), /the digest is another/);
  const short: ContentReader = { sizeBytes: 100_000, read: async () => new Uint8Array(3) };
  await assert.rejects(runGuest(job(summing(OPEN_DATA_0), { data: [short] })), /gave 3 bytes/);
});

test('a guest that asks for nothing is given nothing, and one that waits for ever is ended by the clock', async () => {
  const reads: number[] = [];
  const content = elsewhere(100_000, (offset) => void reads.push(offset));
  assert.equal((await runGuest(job(command(''), { stdin: content, data: [content] }))).outcome, 'ok');
  assert.deepEqual(reads, []);
  const silent: ContentReader = { sizeBytes: 100_000, read: () => new Promise<never>(() => undefined) };
  const late = await runGuest(job(summing(), { stdin: silent, limits: { wallMs: 700 } }));
  assert.equal(late.outcome, 'outOfTime');
});

test('a handler takes its input whole', async () => {
  await assert.rejects(runGuest(job(handler(ECHO), { stdin: elsewhere(1) })), (error) => isTeaError(error, 'badInput'));
});
