import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from '@tea/platform';
import { type GuestRun, runGuestHere } from './guest-process.ts';
import type { GuestProject, GuestTest } from './project.ts';

export type TestReport = { readonly name: string; readonly gasUsed: bigint; /** Null: it passed. */ readonly failure: string | null };

/** Same in every run, so that a test's gas is. */
export const FIXED = { clockMs: 1_767_225_600_000, seed: new Uint8Array(32), caller: new Uint8Array(0) } as const;
export const DEFAULT_GAS = 10_000_000_000n;

/** Runs each case in a sandbox of its own. */
export async function runTests({ wasm }: GuestProject, tests: readonly GuestTest[], signal?: AbortSignal): Promise<readonly TestReport[]> {
  await using folder = await temporaryDirectory('guest-test');
  const input = join(folder.path, 'input');
  const reports: TestReport[] = [];
  for (const test of tests) {
    await writeFile(input, test.input);
    const run = await runGuestHere({ module: wasm, function: test.function ?? 'run', input, data: [], gas: DEFAULT_GAS, ...FIXED }, signal);
    reports.push({ name: test.name, gasUsed: run.gasUsed, failure: failureOf(test, run) });
  }
  return reports;
}

function failureOf({ output, error, maxGas }: GuestTest, run: GuestRun): string | null {
  const [stdout, stderr] = [run.stdout, run.stderr].map((bytes) => new TextDecoder().decode(bytes).trim());
  if (run.outcome !== 'ok') return `it ended as ${run.outcome}: ${run.explanation}${stderr === '' ? '' : `; ${stderr}`}`;
  if (error !== undefined) {
    if (run.exitCode === 0) return `it gave ${JSON.stringify(stdout)} and not the error ${JSON.stringify(error)}`;
    if (stdout !== error.trim() && stderr !== error.trim())
      return `it failed with ${JSON.stringify(stdout || stderr)} and not ${JSON.stringify(error)}`;
  } else if (run.exitCode !== 0) return `it failed: ${stdout || stderr}`;
  if (output !== undefined && stdout !== output.trim()) return `it gave ${JSON.stringify(stdout)} and not ${JSON.stringify(output)}`;
  return maxGas !== undefined && run.gasUsed > BigInt(maxGas) ? `it used ${run.gasUsed} gas, more than ${maxGas}` : null;
}
