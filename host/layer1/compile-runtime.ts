import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { WORKSPACE } from './sources-digest.ts';
import { findWasmToolchain, WASM_TARGET } from './wasm-toolchain.ts';

export interface CompiledRuntime {
  readonly path: string;
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** The compiler's own words about its version. */
  readonly rustc: string;
}

/**
 * Compiles the runtime to WebAssembly, with these of its cargo features: none for the one that is committed, `runtime-benchmarks` for the bencher.
 * Cold it compiles some 270 crates (two minutes on two cores), then half a minute.
 * @throws Error when cargo fails; what it said is on standard error
 */
export function compileRuntime(env: NodeJS.ProcessEnv, features: readonly string[] = []): CompiledRuntime {
  const toolchain = findWasmToolchain();
  const target = env['CARGO_TARGET_DIR'] ?? join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tea/target');
  const args = ['build', '--profile', 'wasm', '-p', 'tea-runtime', '--lib', '--no-default-features', '--locked', '--target', WASM_TARGET];
  const wanted = features.length === 0 ? [] : ['--features', features.join(',')];
  const { status, error } = spawnSync(toolchain.cargo, [...args, ...wanted, ...toolchain.args], {
    cwd: WORKSPACE,
    stdio: 'inherit',
    env: { ...env, ...toolchain.env, CARGO_TARGET_DIR: target, CARGO_TARGET_WASM32V1_NONE_RUSTFLAGS: rustFlags(env).join(' '), RUSTFLAGS: undefined },
  });
  if (status !== 0) throw new Error(`cargo ended with ${error?.message ?? `status ${status}`}: see its messages above`);
  const path = join(target, WASM_TARGET, 'wasm/tea_runtime.wasm');
  return { path, wasm: new Uint8Array(readFileSync(path)), rustc: toolchain.rustc };
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
