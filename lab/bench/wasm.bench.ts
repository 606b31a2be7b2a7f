/**
 * What metering costs: each kernel plain and instrumented in the same V8, many short runs interleaved,
 * the best of each compared: that is the run nobody else disturbed. And what a sandbox
 * costs: spawn to result of an empty guest, from one bundled runner file. Prints JSON rows.
 */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runGuest } from '@tea/wasm';
import { instrument } from '@tea/wasm/instrument';
import { main as compileAssemblyScript } from 'assemblyscript/asc';
import { build } from 'esbuild';

type Row = { readonly id: string; readonly value: number; readonly unit: string; readonly comparedTo: string };

const KERNELS: readonly (readonly [name: string, rounds: number])[] = [
  ['sha256', 15_000],
  ['matmul', 12],
  ['scanner', 1000],
  ['fibonacci', 30],
  ['heapsort', 5],
];
const RUNS = 100;

const module = await compileKernels();
const plain = new WebAssembly.Instance(new WebAssembly.Module(module as BufferSource), {});
const metered = instrument(module, 2 ** 26);
if (!metered.ok) throw new Error(metered.explanation);
const counted = new WebAssembly.Instance(new WebAssembly.Module(metered.bytes), {});
const gas = counted.exports[metered.exports.gas] as unknown as WebAssembly.Global<'i64'>;
const depth = counted.exports[metered.exports.depth] as WebAssembly.Global;

const rows: Row[] = [];
for (const [name, rounds] of KERNELS) {
  const run = (instance: WebAssembly.Instance): number => {
    gas.value = 2n ** 62n;
    depth.value = 1_000_000;
    const started = performance.now();
    (instance.exports[name] as (rounds: number) => number)(rounds);
    return performance.now() - started;
  };
  let best = { plain: Infinity, counted: Infinity };
  for (let index = 0; index < RUNS; index++) {
    best = { plain: Math.min(best.plain, run(plain)), counted: Math.min(best.counted, run(counted)) };
  }
  rows.push({ id: `meter.${name}Ratio`, value: best.counted / best.plain, unit: 'x', comparedTo: `${best.plain.toFixed(1)} ms plain` });
}
const geomean = Math.exp(rows.reduce((sum, { value }) => sum + Math.log(value), 0) / rows.length);
rows.push({ id: 'meter.geomeanRatio', value: geomean, unit: 'x', comparedTo: 'the same kernels without metering in the same V8' });
rows.push({ id: 'meter.instrumentRate', value: instrumentRate(), unit: 'MB/s', comparedTo: '30 MB/s' });
rows.push(await spawnToResult());
console.log(
  JSON.stringify(
    rows.map((row) => ({ ...row, value: Number(row.value.toFixed(3)) })),
    null,
    1,
  ),
);

async function compileKernels(): Promise<Uint8Array> {
  const source = readFileSync(new URL('./kernels/kernels.ts.txt', import.meta.url), 'utf8');
  let binary = new Uint8Array(0);
  const { error, stderr } = await compileAssemblyScript(['kernels.ts', '--outFile', 'kernels.wasm', '-O3', '--runtime', 'stub', '--use', 'abort='], {
    readFile: (name) => (name === 'kernels.ts' ? source : null),
    writeFile: (name, contents) => {
      if (name === 'kernels.wasm' && typeof contents !== 'string') binary = new Uint8Array(contents);
    },
    listFiles: () => [],
  });
  if (error !== null) throw new Error(stderr.toString());
  return binary;
}

function instrumentRate(): number {
  const large = new Uint8Array(readFileSync(new URL('../../node_modules/oxc-parser/parser.wasm32-wasip1.wasm', import.meta.url)));
  let best = Infinity;
  for (let index = 0; index < 5; index++) {
    const started = performance.now();
    instrument(large, 2 ** 30);
    best = Math.min(best, performance.now() - started);
  }
  return large.length / 1000 / best;
}

async function spawnToResult(): Promise<Row> {
  const directory = await mkdtemp(join(tmpdir(), 'tea-bench-'));
  try {
    const runnerPath = join(directory, 'guest-runner.mjs');
    const entry = fileURLToPath(new URL('../../tee/wasm/guest-runner.ts', import.meta.url));
    await build({ entryPoints: [entry], outfile: runnerPath, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
    // (module (func (export "_start")))
    const empty = Uint8Array.fromHex('0061736d010000000104016000000302010007' + '0a01065f73746172740000' + '0a040102000b');
    const limits = { gas: 1_000_000n, memoryBytes: 0, outputBytes: 0, wallMs: 10_000 };
    const times: number[] = [];
    for (let index = 0; index < 15; index++) {
      const started = performance.now();
      const job = { module: empty, args: [], env: {}, stdin: new Uint8Array(0), data: [], limits, clockMs: 0, seed: new Uint8Array(32) };
      const result = await runGuest(job, { runnerPath });
      if (result.outcome !== 'ok') throw new Error(result.explanation);
      times.push(performance.now() - started);
    }
    const median = times.toSorted((a, b) => a - b)[7] ?? NaN;
    return { id: 'sandbox.spawnToResult', value: median, unit: 'ms', comparedTo: '80 ms, median of 15' };
  } finally {
    await rm(directory, { recursive: true });
  }
}
