import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describeRuntime } from './describe-runtime.ts';
import { RUNTIME_SOURCES, RUNTIME_WASM, type RuntimeSources, sha256Hex, sourcesDigest, WORKSPACE } from './sources-digest.ts';
import { findWasmToolchain, WASM_TARGET } from './wasm-toolchain.ts';

/**
 * Compiles the runtime to `runtime/runtime.wasm`, notes in `runtime/runtime.sources.json` what it came from, and describes it anew for
 * polkadot-api. Run it after a change of pallets or runtime:
 *
 *     node host/layer1/build-runtime.ts
 *
 * Cold it compiles some 270 crates (two minutes on two cores), then half a minute. By hand, where rustup has targets:
 *
 *     rustup target add wasm32v1-none
 *     cd host/layer1 && RUSTFLAGS='--cfg substrate_runtime -C link-arg=--export-table -C link-arg=--import-memory -C link-arg=--export=__heap_base' \
 *       cargo build --profile wasm -p tea-runtime --lib --no-default-features --locked --target wasm32v1-none
 */
async function buildRuntime(env: NodeJS.ProcessEnv): Promise<void> {
  const toolchain = findWasmToolchain();
  const target = env['CARGO_TARGET_DIR'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tea/target');
  const sources = sourcesDigest();
  const args = ['build', '--profile', 'wasm', '-p', 'tea-runtime', '--lib', '--no-default-features', '--locked', '--target', WASM_TARGET];
  const { status, error } = spawnSync(toolchain.cargo, [...args, ...toolchain.args], {
    cwd: WORKSPACE,
    stdio: 'inherit',
    env: { ...env, ...toolchain.env, CARGO_TARGET_DIR: target, CARGO_TARGET_WASM32V1_NONE_RUSTFLAGS: rustFlags(env).join(' '), RUSTFLAGS: undefined },
  });
  if (status !== 0) throw new Error(`cargo ended with ${error?.message ?? `status ${status}`}: see its messages above`);

  const wasm = readFileSync(join(target, WASM_TARGET, 'wasm/tea_runtime.wasm'));
  writeFileSync(RUNTIME_WASM, wasm);
  const noted: RuntimeSources = { sources, wasm: sha256Hex(wasm), rustc: toolchain.rustc };
  writeFileSync(RUNTIME_SOURCES, `${JSON.stringify(noted, null, 2)}\n`);
  await describeRuntime(wasm);
  process.stdout.write(`${RUNTIME_WASM}: ${wasm.length} bytes, sha256 ${noted.wasm}\n`);
}

/** What a Substrate node expects of a runtime's exports, and no path of the machine that built it. */
function rustFlags(env: NodeJS.ProcessEnv): string[] {
  const cargoHome = env['CARGO_HOME'] ?? join(homedir(), '.cargo');
  return [
    '--cfg substrate_runtime',
    '-C link-arg=--export-table',
    '-C link-arg=--import-memory',
    '-C link-arg=--export=__heap_base',
    `--remap-path-prefix=${cargoHome}/registry/src=/crates`,
    `--remap-path-prefix=${WORKSPACE}=/layer1`,
  ];
}

await buildRuntime(process.env);
