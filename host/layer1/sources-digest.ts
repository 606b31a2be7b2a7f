import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the workspace is: this file's folder. */
export const WORKSPACE = import.meta.dirname;

/** The committed runtime, and what it was made from. */
export const RUNTIME_WASM = join(WORKSPACE, 'runtime/runtime.wasm');
export const RUNTIME_SOURCES = join(WORKSPACE, 'runtime/runtime.sources.json');

/** What `runtime.sources.json` says of the `runtime.wasm` beside it. */
export type RuntimeSources = {
  /** {@link sourcesDigest} of the sources it was compiled from. */
  readonly sources: string;
  /** SHA-256 of the wasm, in hex. */
  readonly wasm: string;
  /** The compiler's own words. The same sources, compiler and build command give the same wasm. */
  readonly rustc: string;
};

const SOURCES = ['Cargo.toml', 'Cargo.lock', 'pallets/**/Cargo.toml', 'pallets/**/*.rs', 'runtime/Cargo.toml', 'runtime/src/**/*.rs'];

/** SHA-256, in hex, over path and bytes of every file the runtime is compiled from, in the order of paths. Tests don't count. */
export function sourcesDigest(workspace: string = WORKSPACE): string {
  const hash = createHash('sha256');
  const files = globSync(SOURCES, { cwd: workspace }).filter((file) => !/(^|\/)(tests|tests\/.*|mock)\.rs$/.test(file));
  for (const file of files.toSorted()) {
    const bytes = readFileSync(join(workspace, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
