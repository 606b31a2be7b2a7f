import { instrument } from '@tea/wasm/instrument';

export type Overhead = {
  /** Median over the pairs of metered time by plain time. */
  readonly ratio: number;
  /** Median of the plain runs, in ms of this thread's processor time. */
  readonly plainMs: number;
  readonly pairs: number;
  /** Of work in each run. */
  readonly rounds: number;
};

const LEAST_MS = 100;
const PAIRS = 11;

/**
 * Times two ways to do the same work against each other: long enough runs (≥ 100 ms), one of each in turn and in changing order, in
 * processor time of this thread, so that neither another program nor a drifting clock rate of the processor weighs on one of them alone.
 *
 * @param plain and metered do `rounds` rounds of the work, and must give the same checksum
 */
export function compareRuns(plain: (rounds: number) => unknown, metered: (rounds: number) => unknown): Overhead {
  let rounds = 1;
  for (;;) {
    const taken = timed(() => plain(rounds));
    metered(rounds); // kernels with state of their own stay in step
    if (taken >= LEAST_MS / 4) {
      rounds = Math.ceil((rounds * LEAST_MS * 1.2) / taken);
      break;
    }
    rounds *= taken < LEAST_MS / 40 ? 8 : 2;
  }
  // Until V8 has compiled both with its last compiler; it does so aside while the first calls go on.
  for (let warm = 0; warm < 2; warm++) {
    if (String(plain(rounds)) !== String(metered(rounds))) throw new Error('The metered program does not compute the same');
  }
  const runs = Array.from({ length: PAIRS }, (_, index) => {
    const first = index % 2 === 0 ? plain : metered;
    const one = timed(() => first(rounds));
    const other = timed(() => (first === plain ? metered : plain)(rounds));
    return first === plain ? { plainMs: one, meteredMs: other } : { plainMs: other, meteredMs: one };
  });
  return { ratio: median(runs.map((run) => run.meteredMs / run.plainMs)), plainMs: median(runs.map((run) => run.plainMs)), pairs: PAIRS, rounds };
}

/** Both ways to run the exports of a module without imports. */
export function twoInstances(module: Uint8Array<ArrayBuffer>): { plain: Runner; metered: Runner } {
  const metered = instrument(module, 2 ** 26);
  if (!metered.ok) throw new Error(metered.explanation);
  const plainExports = new WebAssembly.Instance(new WebAssembly.Module(module)).exports;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(metered.bytes));
  const gas = exports[metered.exports.gas] as unknown as WebAssembly.Global<'i64'>;
  const depth = exports[metered.exports.depth] as WebAssembly.Global;
  return {
    plain: (name) => (rounds) => (plainExports[name] as (rounds: number) => number)(rounds),
    metered: (name) => (rounds) => {
      gas.value = 2n ** 62n;
      depth.value = 1_000_000;
      return (exports[name] as (rounds: number) => number)(rounds);
    },
  };
}

export type Runner = (name: string) => (rounds: number) => number;

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** Processor time of this thread in ms. */
export function timed(work: () => unknown): number {
  const before = process.threadCpuUsage();
  work();
  const spent = process.threadCpuUsage(before);
  return (spent.user + spent.system) / 1000;
}
