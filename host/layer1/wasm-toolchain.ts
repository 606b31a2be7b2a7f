import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TeaError } from '@tea/protocol';

export const WASM_TARGET = 'wasm32v1-none';

/** How to call cargo so that it compiles for {@link WASM_TARGET}. */
export type WasmToolchain = {
  readonly cargo: string;
  /** Arguments beside the common ones. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** `rustc --version`. */
  readonly rustc: string;
};

/**
 * Finds a compiler for the runtime.
 *
 * 1. The `rustc` of the path, when it has the target: `rustup target add wasm32v1-none`.
 * 2. Debian's `/usr/bin/rustc` with the sources of the standard library (`rustc-web cargo-web rust-web-src`, or `rustc cargo rust-src`), for
 *    machines whose rustup has no targets to offer. It builds `core` and `alloc` itself and needs an `rust-lld` or `wasm-ld`.
 *
 * @throws TeaError `missingTool` when there is neither
 */
export function findWasmToolchain(): WasmToolchain {
  return fromRustup() ?? fromDebian() ?? missing();
}

function fromRustup(): WasmToolchain | undefined {
  const libdir = output('rustc', '--print', 'target-libdir', '--target', WASM_TARGET);
  if (libdir === undefined || !existsSync(libdir)) return undefined;
  return { cargo: 'cargo', args: [], env: {}, rustc: output('rustc', '--version') ?? '' };
}

function fromDebian(): WasmToolchain | undefined {
  const rustc = output('/usr/bin/rustc', '--version');
  const linker = findLinker();
  if (rustc === undefined || linker === undefined || !existsSync('/usr/lib/rustlib/src/rust/library/core')) return undefined;
  return {
    cargo: '/usr/bin/cargo',
    args: ['-Zbuild-std=core,alloc'],
    // A stable compiler takes -Z only with RUSTC_BOOTSTRAP. Its own link to a linker dangles.
    env: { RUSTC: '/usr/bin/rustc', RUSTC_BOOTSTRAP: '1', CARGO_TARGET_WASM32V1_NONE_LINKER: linker },
    rustc,
  };
}

function findLinker(): string | undefined {
  const sysroot = output('rustc', '--print', 'sysroot');
  const host = output('rustc', '--print', 'host-tuple');
  const candidates = ['/usr/bin/rust-lld', '/usr/bin/wasm-ld'];
  if (sysroot !== undefined && host !== undefined) candidates.unshift(join(sysroot, 'lib/rustlib', host, 'bin/rust-lld'));
  return candidates.find((path) => existsSync(path));
}

function output(command: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return status === 0 ? stdout.trim() : undefined;
}

function missing(): never {
  throw new TeaError('missingTool', `No Rust compiler here can compile for ${WASM_TARGET}`, {
    expected: `rustc with the target ${WASM_TARGET}, or Debian's rustc with the sources of its standard library and a linker`,
    next: `rustup target add ${WASM_TARGET}; without rustup: sudo apt-get install rustc-web cargo-web rust-web-src lld`,
  });
}
