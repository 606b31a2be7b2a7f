import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findTool } from '@tea/platform';
import { sourceFiles } from './source-files.ts';

const STEPS = {
  format: ['fmt', '--all', '--check'],
  clippy: ['clippy', '--workspace', '--all-targets', '--locked', '--quiet', '--', '-D', 'warnings'],
  test: ['test', '--workspace', '--locked'],
} as const;

export type Layer1Step = keyof typeof STEPS;

/**
 * Runs cargo's checks over the Rust workspace of layer 1. Cold they cost minutes, so a pass is remembered, by the SHA-256 of everything
 * that went in, under `$XDG_CACHE_HOME/tea` (`~/.cache/tea`).
 * @returns whether all of them passed, now or before
 */
export function layer1Checks(root: string, steps: readonly Layer1Step[]): boolean {
  const workspace = join(root, 'host/layer1');
  if (!existsSync(join(workspace, 'Cargo.toml'))) return true;
  const cargo = findTool('cargo');
  if (cargo === undefined) {
    process.stderr.write('layer 1: cargo was not found, so its Rust sources are not checked. See https://rustup.rs\n');
    return false;
  }
  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'tea', 'layer1-checks');
  const inputs = hashOfInputs(root);
  return steps.every((step) => {
    const passed = join(cache, `${step}-${inputs}`);
    if (existsSync(passed)) return true;
    const { status } = spawnSync(cargo, [...STEPS[step]], {
      cwd: workspace,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, SKIP_WASM_BUILD: '1' },
    });
    if (status !== 0) return false;
    mkdirSync(cache, { recursive: true });
    writeFileSync(passed, '');
    return true;
  });
}

function hashOfInputs(root: string): string {
  const hash = createHash('sha256');
  const files = sourceFiles(root, 'host/layer1/**/*.rs', 'host/layer1/**/*.toml', 'host/layer1/*.toml', 'host/layer1/Cargo.lock');
  // The real node and the bencher are workspaces of their own, which lab/heavy/validators.ts and host/layer1/weigh.ts build: that takes half an hour.
  for (const file of files.filter((path) => !/^host\/layer1\/(node|bencher)\//.test(path))) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}
