import { parseArgs } from 'node:util';
import { startCoverage } from './coverage.ts';
import { fuzz } from './fuzz.ts';

/**
 * `node lab/fuzz/run.ts [--executions N] [--seed N] [--guided N] [--scaling BYTES] [--target NAME]`: runs every decoder on so many hostile inputs in all, and prints a table.
 * Exit code 1 when a decoder threw anything but its own refusals, took too long or too much memory, or takes quadratic time.
 */
const { values } = parseArgs({
  options: {
    executions: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    guided: { type: 'string', default: '1000' },
    scaling: { type: 'string', default: String(1 << 20) },
    target: { type: 'string' },
  },
});
const guided = Number(values.guided);
const coverage = guided > 0 ? await startCoverage() : null; // before the decoders are compiled
const { TARGETS } = await import('./targets.ts');
const chosen = TARGETS.filter(({ name }) => values.target === undefined || name === values.target);
const executions = Number(values.executions);
const seed = Number(values.seed);
if (chosen.length === 0 || !(executions > 0) || !Number.isSafeInteger(seed)) {
  process.stderr.write(`fuzz: nothing to run. Targets: ${TARGETS.map(({ name }) => name).join(', ')}\n`);
  process.exit(64);
}
const { rows, findings } = await fuzz(chosen, {
  executions,
  seed,
  ...(coverage && { guided: { coverage, executions: guided } }),
  scalingBytes: Number(values.scaling),
  onTarget: (row) => process.stderr.write(`${row}\n`),
});
process.stdout.write(`${rows.join('\n')}\n`);
for (const { target, problem, input } of findings) {
  process.stdout.write(`\n${target}: ${problem}\n  input (${input.length} bytes): ${input.subarray(0, 96).toBase64()}\n`);
}
process.stdout.write(`\n${findings.length} findings\n`);
process.exitCode = findings.length === 0 ? 0 : 1;
