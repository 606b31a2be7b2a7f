import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSandboxPool, type GuestJob } from '@tea/wasm';
import { build } from 'esbuild';
import { chooseIsolation } from '../../tee/wasm/isolation.ts';
import { sendJob } from '../../tee/wasm/run-guest.ts';
import { spawnSandbox } from '../../tee/wasm/sandbox.ts';
import { median } from './meter-overhead.ts';

const STARTS = 15;
const LIMITS = { memoryBytes: 16 * 1024 * 1024, outputBytes: 1024 * 1024, wallMs: 20_000 };

/**
 * From the moment a job is there to the first byte of its result, for a guest that ends at once: a little more than the way to its first
 * instruction. Once with a sandbox started ahead, once without. The runner is one bundled file, as in the TEE.
 */
export async function sandboxStarts(): Promise<readonly { id: string; value: number; comparedTo: string; goalMs: number }[]> {
  const directory = await mkdtemp(join(tmpdir(), 'tea-bench-'));
  try {
    const runnerPath = join(directory, 'guest-runner.mjs');
    const entry = fileURLToPath(new URL('../../tee/wasm/guest-runner.ts', import.meta.url));
    await build({ entryPoints: [entry], outfile: runnerPath, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
    const { isolation, sandbox } = await chooseIsolation(LIMITS, 1024, { runnerPath });
    const warm: number[] = [];
    const cold: number[] = [];
    for (let index = 0; index < STARTS; index++) {
      await using pool = await openSandboxPool({ ...LIMITS, inputBytes: 1024 }, { runnerPath });
      await pool.ready();
      await waiting(400); // until it waits for its job
      const spare = pool.take({ ...sandbox, isolation });
      if (spare === null) throw new Error('No sandbox waits');
      warm.push(await firstByte(async () => spare));
      cold.push(await firstByte(() => spawnSandbox({ ...sandbox, isolation })));
    }
    return [
      { id: 'sandbox.warmStartMs', value: median(warm), comparedTo: `one sandbox waiting, p50 of ${STARTS}`, goalMs: 15 },
      { id: 'sandbox.coldStartMs', value: median(cold), comparedTo: `none waiting, p50 of ${STARTS}`, goalMs: 80 },
    ];
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function firstByte(start: () => Promise<ChildProcess>): Promise<number> {
  // (module (func (export "_start")))
  const module = Uint8Array.fromHex('0061736d010000000104016000000302010007' + '0a01065f73746172740000' + '0a040102000b');
  const limits = { ...LIMITS, gas: 1_000_000n };
  const job: GuestJob = { module, args: [], env: {}, stdin: new Uint8Array(0), data: [], limits, clockMs: 0, seed: new Uint8Array(32) };
  const started = performance.now();
  const child = await start();
  const closed = once(child, 'close');
  const first = new Promise<number>((resolve) => child.stdout?.once('data', () => resolve(performance.now() - started)));
  child.stdout?.resume();
  sendJob(child, job);
  const taken = await Promise.race([first, closed.then(() => NaN)]);
  await closed;
  return taken;
}

function waiting(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
