import { writeFileSync } from 'node:fs';
import { compileRuntime } from './compile-runtime.ts';
import { describeRuntime } from './describe-runtime.ts';
import { RUNTIME_SOURCES, RUNTIME_WASM, type RuntimeSources, sha256Hex, sourcesDigest } from './sources-digest.ts';

/**
 * Compiles the runtime to `runtime/runtime.wasm`, notes in `runtime/runtime.sources.json` what it came from, and describes it anew for
 * polkadot-api. Run it after a change of pallets or runtime:
 *
 *     node host/layer1/build-runtime.ts
 *
 * By hand, where rustup has targets:
 *
 *     rustup target add wasm32v1-none
 *     cd host/layer1 && RUSTFLAGS='--cfg substrate_runtime -C link-arg=--export-table -C link-arg=--import-memory -C link-arg=--export=__heap_base' \
 *       cargo build --profile wasm -p tea-runtime --lib --no-default-features --locked --target wasm32v1-none
 */
async function buildRuntime(env: NodeJS.ProcessEnv): Promise<void> {
  const sources = sourcesDigest();
  const { wasm, rustc } = compileRuntime(env);
  writeFileSync(RUNTIME_WASM, wasm);
  const noted: RuntimeSources = { sources, wasm: sha256Hex(wasm), rustc };
  writeFileSync(RUNTIME_SOURCES, `${JSON.stringify(noted, null, 2)}\n`);
  await describeRuntime(wasm);
  process.stdout.write(`${RUNTIME_WASM}: ${wasm.length} bytes, sha256 ${noted.wasm}\n`);
}

await buildRuntime(process.env);
