import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GuestJob } from './guest-job.ts';
import { openMeterCache, type RunGuest } from './meter-cache.ts';
import { decodeForm, encodeFormFacts } from './metered-form.ts';
import { runGuest } from './run-guest.ts';
import { job, wat } from './testing/guests.ts';

const none = new Uint8Array(0);

/** A command of some 400 KB: many functions, of which `_start` calls the first; `end` follows. */
const large = (end: string): Uint8Array =>
  wat(`(module (memory (export "memory") 1)
    ${Array.from({ length: 4000 }, (_, index) => `(func $f${index} (param i32) (result i32) ${'(local.set 0 (i32.add (local.get 0) (i32.const 77777)))'.repeat(10)} (local.get 0))`).join('')}
    (func (export "_start") (drop (call $f0 (i32.const 1))) ${end}))`);

/** Counts what is run, and with what. */
function counting(): { readonly run: RunGuest; readonly jobs: GuestJob[] } {
  const jobs: GuestJob[] = [];
  return { jobs, run: (given, options) => (jobs.push(given), runGuest(given, options)) };
}

test('a run on a kept form gives what the first run gave: outcome, gas, digest; also at a trap', async () => {
  for (const end of ['', '(drop (i32.load (i32.const -1)))', '(loop (br 0))']) {
    const { run, jobs } = counting();
    const cache = openMeterCache(run, 2 ** 26);
    const given = job(large(end), { isPublic: true });
    const first = await cache.run(given, {});
    await cache.idle();
    assert.deepEqual(await cache.run(given, {}), first);
    assert.deepEqual(
      jobs.map(({ metered, meterOnly }) => [metered !== undefined, meterOnly === true]),
      [
        [false, false],
        [false, true],
        [true, false],
      ],
    );
  }
});

test('what meters for later runs gets the code, and nothing of the run before', async () => {
  const { run, jobs } = counting();
  const cache = openMeterCache(run, 2 ** 26);
  const secret = new TextEncoder().encode('secret');
  await cache.run(job(large(''), { isPublic: true, stdin: secret, data: [secret], seed: new Uint8Array(32).fill(9), env: { A: 'secret' } }), {});
  await cache.idle();
  const [, metering] = jobs;
  assert.deepEqual([metering?.stdin, metering?.data, metering?.env, metering?.seed, metering?.call], [none, [], {}, new Uint8Array(32), undefined]);
});

test('nothing is kept of code that isn’t public, of refused code, and of other limits', async () => {
  const { run, jobs } = counting();
  const cache = openMeterCache(run, 2 ** 26);
  const module = large('');
  await cache.run(job(module), {});
  await cache.run(job(module.subarray(0, 300_000), { isPublic: true }), {});
  await cache.idle();
  assert.equal(jobs.length, 2);
  await cache.run(job(module, { isPublic: true }), {});
  await cache.idle();
  await cache.run(job(module, { isPublic: true, limits: { memoryBytes: 65_536 } }), {});
  await cache.idle();
  assert.equal(jobs.filter(({ metered }) => metered !== undefined).length, 0);
});

test('closing waits for no metering', async () => {
  const ending = new AbortController();
  const signals: (AbortSignal | undefined)[] = [];
  const cache = openMeterCache((given, options) => (signals.push(options.signal), runGuest(given, options)), 2 ** 26, ending.signal);
  const given = job(large(''), { isPublic: true });
  await cache.run(given, {});
  ending.abort();
  await cache.idle();
  await cache.run(given, {});
  await cache.idle();
  assert.deepEqual(signals.filter((signal) => signal === ending.signal).length, 2, 'nothing was kept, so it is tried again');
});

test('keeps no more than it may, and forgets the form used longest ago', async () => {
  const forms = new Map<string, number>();
  const run: RunGuest = async (given) => {
    const result = {
      outcome: 'ok',
      explanation: '',
      exitCode: 0,
      gasUsed: 0n,
      out: new Map(),
      meterVersion: 'm',
      isolation: 'process',
      entropic: false,
    } as const;
    forms.set(given.metered === undefined ? 'made' : 'used', (forms.get(given.metered === undefined ? 'made' : 'used') ?? 0) + 1);
    const facts = encodeFormFacts({ bytes: none, exports: { gas: 'g', depth: 'd', growthRefused: 'r', start: 's', memory: 'm' }, startGas: 1n });
    return {
      ...result,
      stdout: given.meterOnly ? new Uint8Array(400) : none,
      stderr: given.meterOnly ? facts : none,
      instrumentedSha256: new Uint8Array(32),
    };
  };
  const cache = openMeterCache(run, 1_000);
  const code = (byte: number): GuestJob => job(new Uint8Array(300_000).fill(byte), { isPublic: true });
  for (const byte of [1, 2, 1, 3]) {
    await cache.run(code(byte), {});
    await cache.idle();
  }
  forms.clear();
  await cache.run(code(1), {});
  await cache.run(code(3), {});
  await cache.run(code(2), {});
  await cache.idle();
  assert.equal(forms.get('used'), 2);
});

test('a form that no meter of ours writes is none', () => {
  const text = (value: unknown): Uint8Array => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
  const names = { gas: 'g', depth: 'd', growthRefused: 'r', start: 's', memory: 'm' };
  for (const facts of [
    '',
    '{',
    '[]',
    'null',
    { exports: names },
    { startGas: '1' },
    { exports: names, startGas: '-1' },
    { exports: { ...names, gas: 1 }, startGas: '1' },
  ]) {
    assert.equal(decodeForm(none, text(facts)), null, JSON.stringify(facts));
  }
  assert.equal(decodeForm(none, text({ exports: names, startGas: '7' }))?.startGas, 7n);
});
