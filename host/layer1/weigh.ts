import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { compileRuntime } from './compile-runtime.ts';
import { WORKSPACE } from './sources-digest.ts';

/** Every pallet of TEA's with calls or hooks of its own. */
const PALLETS = ['content', 'errands', 'nodes', 'releases', 'sortition', 'vouchers'];

/**
 * Measures what the pallets' calls weigh and writes their `src/weights.rs`, by the SDK's own bench command over the runtime with its feature
 * `runtime-benchmarks`. Run it after a change that makes a call cost more or less, on a machine with nothing else to do, then build the runtime:
 *
 *     node host/layer1/weigh.ts [PALLET…] && node host/layer1/build-runtime.ts
 *
 * Heavy: the bencher compiles in a quarter of an hour (less after the real node, whose crates it shares), then all pallets take some minutes.
 * `TEA_WEIGH_STEPS` and `TEA_WEIGH_REPEAT` (20 and 10) make it quicker or better.
 */
function weigh(env: NodeJS.ProcessEnv, pallets: readonly string[]): void {
  const bencherDir = join(WORKSPACE, 'bencher');
  const target = join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'tea/node-target');
  // One of the bencher's crates would build a test runtime for itself, which nobody asks for here.
  run('cargo', ['build', '--release', '--locked'], bencherDir, { ...env, CARGO_TARGET_DIR: target, SKIP_WASM_BUILD: '1' });
  const { wasm } = compileRuntime(env, ['runtime-benchmarks']);
  // Where the command, which the weights quote, can name it alike on every machine.
  mkdirSync(join(WORKSPACE, 'target'), { recursive: true });
  writeFileSync(join(WORKSPACE, 'target/benchmarks.wasm'), wasm);
  for (const pallet of pallets) {
    run(
      join(target, 'release/tea-bencher'),
      [
        '--runtime=target/benchmarks.wasm',
        '--genesis-builder=runtime',
        '--genesis-builder-preset=development',
        `--pallet=tea_${pallet}`,
        '--extrinsic=*',
        `--steps=${env['TEA_WEIGH_STEPS'] ?? '20'}`,
        `--repeat=${env['TEA_WEIGH_REPEAT'] ?? '10'}`,
        '--min-duration=1',
        // The middle of what was measured: others on the machine make some repeats slow, and no number of them fast.
        '--output-analysis=median-slopes',
        '--wasm-execution=compiled',
        '--no-storage-info',
        '--template=bencher/weights.hbs',
        `--output=pallets/${pallet}/src/weights.rs`,
      ],
      WORKSPACE,
      env,
    );
  }
}

function run(command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): void {
  const { status, error } = spawnSync(command, [...args], { cwd, env, stdio: 'inherit', argv0: basename(command) });
  if (status !== 0) throw new Error(`${command} ended with ${error?.message ?? `status ${status}`}: see its messages above`);
}

const [...named] = process.argv.slice(2);
const unknown = named.filter((name) => !PALLETS.includes(name));
if (unknown.length > 0) throw new Error(`no such pallets: ${unknown.join(', ')}; there are ${PALLETS.join(', ')}`);
weigh(process.env, named.length === 0 ? PALLETS : named);
