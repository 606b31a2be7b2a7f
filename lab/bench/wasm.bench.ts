/**
 * What metering costs: each kernel plain and metered in the same V8 (see `meter-overhead.ts` for how they are timed), and a real program from
 * npm beside them. And what a sandbox costs: from the job to the guest's first instruction, with one started ahead and without.
 */
import { readFileSync } from 'node:fs';
import { instrument } from '@tea/wasm/instrument';
import { compareRuns, geometricMean, type Overhead, timed, twoInstances } from './meter-overhead.ts';
import { fliteRuns } from './meter-flite.ts';
import { compileKernels } from './wasm-kernels.ts';
import { knownCode } from './known-code.ts';
import { sandboxStarts } from './sandbox-starts.ts';
import { fuelTimes } from './wasmtime-fuel.ts';

/** What the goal is stated for, and three that show a single thing each: a branchy scanner, sorting, nothing but calls. */
const PUBLISHED = ['sha256', 'matmul', 'coremark', 'json', 'regex'] as const;
const SINGLE = ['scanner', 'heapsort', 'fibonacci'] as const;

function row(id: string, value: number, unit: string, comparedTo: string, goal: string, holds: boolean): void {
  console.log(JSON.stringify({ id, value: Number(value.toFixed(3)), unit, comparedTo, goal, holds }));
}

function ratioRow(name: string, { ratio, plainMs, pairs }: Overhead): number {
  const comparedTo = `plain in the same V8: ${plainMs.toFixed(0)} ms of processor time, median of ${pairs} pairs in turn`;
  row(`meter.${name}Ratio`, ratio, 'x', comparedTo, 'at most 1.5', ratio <= 1.5);
  return ratio;
}

const module = await compileKernels();
const { plain, metered } = twoInstances(module);
/** Naive Fibonacci grows with the golden ratio of its argument; rounds of a fixed one grow evenly. */
const evenly = (name: string, run: (rounds: number) => number) =>
  name === 'fibonacci' ? (rounds: number): number => Array.from({ length: rounds }, () => run(20)).length : run;
const measured = new Map([...PUBLISHED, ...SINGLE].map((name) => [name, compareRuns(evenly(name, plain(name)), evenly(name, metered(name)))]));
const published = PUBLISHED.flatMap((name) => measured.get(name) ?? []);
const flite = fliteRuns();
const ratios = [...[...measured].map(([name, overhead]) => ratioRow(name, overhead)), ratioRow('flite', compareRuns(flite.plain, flite.metered))];
const ofPublished = [...published.map(({ ratio }) => ratio), ratios.at(-1) ?? NaN];
const geomean = geometricMean(ofPublished);
row('meter.geomeanRatio', geomean, 'x', `plain: ${PUBLISHED.join(', ')}, flite`, 'at most 1.15', geomean <= 1.15);
row('meter.geomeanAllRatio', geometricMean(ratios), 'x', `plain: all ${ratios.length} of the rows above`, 'none', true);

const fuel = fuelTimes(
  module,
  PUBLISHED.map((name) => [name, measured.get(name)?.rounds ?? 1] as const),
);
if (fuel === null) process.stderr.write('wasmtime with fuel is left out: no Python here can import wasmtime (pip install wasmtime)\n');
else {
  const ahead = PUBLISHED.map((name) => {
    const ours = (measured.get(name)?.plainMs ?? NaN) * (measured.get(name)?.ratio ?? NaN);
    const ratio = ours / (fuel.get(name) ?? NaN);
    row(`meter.${name}ToFuel`, ratio, 'x', `wasmtime with fuel: ${fuel.get(name)?.toFixed(0)} ms`, 'below 1', ratio < 1);
    return ratio < 1;
  });
  const share = ahead.filter(Boolean).length / ahead.length;
  row('meter.aheadOfFuel', share, 'share', 'wasmtime with fuel, absolute time', 'at least 0.5', share >= 0.5);
}

const rate = instrumentRate();
row('meter.instrumentRate', rate, 'MB/s', 'oxc-parser as wasm, best of 5', 'at least 30', rate >= 30);
const known = await knownCode();
row('meter.knownCodeRatio', known.ratio, 'x', `the first run of flite, ${known.firstMs.toFixed(0)} ms`, 'below 1', known.ratio < 1);
for (const { id, value, comparedTo, goalMs } of await sandboxStarts()) row(id, value, 'ms', comparedTo, `at most ${goalMs}`, value <= goalMs);

function instrumentRate(): number {
  const large = new Uint8Array(readFileSync(new URL('../../node_modules/oxc-parser/parser.wasm32-wasip1.wasm', import.meta.url)));
  let best = Infinity;
  for (let index = 0; index < 5; index++)
    best = Math.min(
      best,
      timed(() => instrument(large, 2 ** 30)),
    );
  return large.length / 1000 / best;
}
