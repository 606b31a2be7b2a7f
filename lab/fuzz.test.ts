import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TeaError } from '@tea/protocol';
import { startCoverage } from './fuzz/coverage.ts';
import { execute, hostileInput } from './fuzz/execute.ts';
import { fuzz } from './fuzz/fuzz.ts';
import { scalingFindings } from './fuzz/scaling.ts';
import { seeded } from './fuzz/seeded.ts';
import type { FuzzTarget } from './fuzz/target.ts';
import { TARGETS } from './fuzz/targets.ts';

/** The short version of `node lab/fuzz/run.ts`; docs/FUZZING.md says what the long one found. */
const bad = (decode: FuzzTarget['decode']): FuzzTarget => ({
  name: 'a bad decoder',
  seeds: [new Uint8Array(64)],
  form: 'bytes',
  decode,
  codes: ['badMessage'],
  share: 1,
});
const findings = async (target: FuzzTarget) =>
  (await fuzz([target], { executions: 3, seed: 1, scalingBytes: 0 })).findings.map(({ problem }) => problem);

function busy(milliseconds: number): void {
  const start = process.threadCpuUsage();
  for (;;) {
    const { user, system } = process.threadCpuUsage(start);
    if ((user + system) / 1000 >= milliseconds) return;
  }
}

test('finds what throws anything but its own refusals', async () => {
  assert.match((await findings(bad(() => Reflect.get(JSON.parse('null') as object, 'x'))))[0] ?? '', /^threw TypeError/);
  assert.match((await findings(bad(() => assertCode('internal'))))[0] ?? '', /^refused as internal/);
  assert.deepEqual(await findings(bad(() => assertCode('badMessage'))), []);
});

test('finds, guided by coverage, what three right bytes in a row open', async () => {
  const coverage = await startCoverage();
  const { lock } = await import('./testing/lock.ts');
  const target = { ...bad(lock), seeds: [new Uint8Array(4)] } satisfies FuzzTarget;
  const guided = await fuzz([target], { executions: 1, seed: 1, guided: { coverage, executions: 6000 }, scalingBytes: 0 });
  assert.match(guided.findings[0]?.problem ?? '', /^threw Error: open/);
  assert.deepEqual((await fuzz([target], { executions: 6000, seed: 1, scalingBytes: 0 })).findings, []);
});

test('finds what takes too long or too much memory', async () => {
  assert.match((await findings(bad(() => busy(120))))[0] ?? '', /^took \d+ ms/);
  const kept: Uint8Array[] = [];
  assert.match((await findings(bad(() => kept.push(new Uint8Array(80 << 20)))))[0] ?? '', /^allocated \d+ bytes/);
});

test('finds what takes quadratic time', async () => {
  const found = await scalingFindings(
    bad((bytes) => bytes[0] === 0xff && busy((bytes.length / 1000) ** 2)),
    4000,
  );
  assert.equal(found.length, 1);
  assert.match(found[0]?.problem ?? '', /^0xff without end: [3-6]\.\d times the time for twice the input$/);
});

test('the same seed finds the same inputs', () => {
  for (const target of TARGETS) {
    const [a, b] = [seeded(5), seeded(5)];
    for (let count = 0; count < 5; count++) assert.deepEqual(hostileInput(target, a), hostileInput(target, b));
  }
});

test('no honest input is refused by the decoder it is for', async () => {
  const tally = { executions: 0, refused: 0, slowestMs: 0 };
  for (const target of TARGETS.filter(({ name }) => name !== 'reply that failed')) {
    for (const seed of target.seeds.slice(0, 1)) assert.equal(await execute(target, seed, tally), null);
    assert.equal(tally.refused, 0, target.name);
  }
});

test('no decoder throws anything but its own refusals on 20,000 hostile inputs', async () => {
  const seed = 1 + (Date.now() % 1_000_000);
  const found = await fuzz(TARGETS, { executions: 20_000, seed, scalingBytes: 0 });
  assert.deepEqual(
    found.findings.map(({ target, problem, input }) => `${target}: ${problem}; seed ${seed}, input ${input.subarray(0, 200).toBase64()}`),
    [],
  );
});

function assertCode(code: TeaError['code']): never {
  throw new TeaError(code, 'Refused');
}
