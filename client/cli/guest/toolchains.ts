import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TeaError } from '@tea/protocol';
import { findTool } from '@tea/platform';
import type { GuestProject } from './project.ts';

/** How to make a guest of its sources: one command, and what the result still needs. */
export type BuildPlan = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What the command leaves. */
  readonly made: string;
  /** Whether that is a core module, to be wrapped as a component. */
  readonly isCore: boolean;
};

const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url));

/** @throws TeaError `missingTool` saying what to install, when the language's tool chain is absent */
export function buildPlan(project: GuestProject): BuildPlan {
  return { typescript, assemblyscript, rust, go }[project.language](project);
}

/** StarlingMonkey with every feature off that would import WASI. */
function typescript({ directory, wasm }: GuestProject): BuildPlan {
  const jco = packageProgram(directory, '@bytecodealliance/jco', 'jco');
  if (jco === undefined) throw missing('TypeScript', 'jco 1.32.1 in the project’s node_modules', `npm install --prefix ${directory}`);
  const args = [jco, 'componentize', 'src/guest.ts', '--wit', 'wit', '--world-name', 'handler', '--disable', 'all', '--out', wasm];
  return { command: process.execPath, args, env: {}, made: wasm, isCore: false };
}

function assemblyscript({ directory, name }: GuestProject): BuildPlan {
  const compiler = packageProgram(directory, 'assemblyscript', 'asc') ?? packageProgram(CHECKOUT, 'assemblyscript', 'asc');
  if (compiler === undefined) throw missing('AssemblyScript', 'assemblyscript in the project’s node_modules', `npm install --prefix ${directory}`);
  const made = join('build', `${name}.core.wasm`);
  const args = [compiler, 'assembly/tea.ts', '-O3', '--runtime', 'stub', '--use', 'abort=assembly/tea/abort', '--outFile', made];
  return { command: process.execPath, args, env: {}, made: join(directory, made), isCore: true };
}

const RUST_TARGET = 'wasm32v1-none';

/** rustup's compiler when it has the target; else Debian's, which builds `core` and `alloc` from their sources. */
function rust({ directory, name }: GuestProject): BuildPlan {
  // One folder for all projects: what core and alloc take to build is built once.
  const target = join(homedir(), '.cache/tea/guest-target');
  const made = join(target, RUST_TARGET, 'release', `${name.replaceAll('-', '_')}.wasm`);
  const common = ['build', '--release', '--target', RUST_TARGET, '--target-dir', target, '--manifest-path', join(directory, 'Cargo.toml')];
  const cargo = findTool('cargo');
  const libraries = output('rustc', '--print', 'target-libdir', '--target', RUST_TARGET);
  if (cargo !== undefined && libraries !== undefined && existsSync(libraries)) return { command: cargo, args: common, env: {}, made, isCore: true };
  const linker = rustLinker();
  if (linker !== undefined && existsSync('/usr/bin/cargo') && existsSync('/usr/lib/rustlib/src/rust/library/core')) {
    // A stable compiler takes -Z only with RUSTC_BOOTSTRAP.
    const env = { RUSTC: '/usr/bin/rustc', RUSTC_BOOTSTRAP: '1', CARGO_TARGET_WASM32V1_NONE_LINKER: linker };
    return { command: '/usr/bin/cargo', args: [...common, '-Zbuild-std=core,alloc'], env, made, isCore: true };
  }
  throw missing(
    'Rust',
    `rustc with the target ${RUST_TARGET}`,
    `rustup target add ${RUST_TARGET}; without rustup: sudo apt-get install rustc-web cargo-web rust-web-src lld`,
  );
}

function rustLinker(): string | undefined {
  const sysroot = output('rustc', '--print', 'sysroot');
  const host = output('rustc', '--print', 'host-tuple');
  const own = sysroot !== undefined && host !== undefined ? [join(sysroot, 'lib/rustlib', host, 'bin/rust-lld')] : [];
  return [...own, '/usr/bin/rust-lld', '/usr/bin/wasm-ld'].find((path) => existsSync(path));
}

function go({ wasm }: GuestProject): BuildPlan {
  const compiler = findTool('go');
  if (compiler === undefined)
    throw missing('Go', 'go 1.21 or newer on PATH', 'install Go: https://go.dev/doc/install, or sudo apt-get install golang');
  const args = ['build', '-trimpath', '-ldflags=-s -w', '-o', wasm, '.'];
  return { command: compiler, args, env: { GOOS: 'wasip1', GOARCH: 'wasm', GOTOOLCHAIN: 'local', GOFLAGS: '-mod=mod' }, made: wasm, isCore: false };
}

/** The file of a package's program, run on our own Node and not on whatever Node PATH has. */
function packageProgram(directory: string, packageName: string, program: string): string | undefined {
  const folder = join(directory, 'node_modules', packageName);
  try {
    const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin?: string | Record<string, string> };
    const path = typeof bin === 'string' ? bin : bin?.[program];
    return path === undefined ? undefined : join(folder, path);
  } catch {
    return undefined; // not installed
  }
}

function output(command: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout.trim() : undefined;
}

function missing(language: string, expected: string, next: string): TeaError {
  return new TeaError('missingTool', `This machine can't build ${language} guests`, { expected, actual: 'nothing of the kind', next });
}
