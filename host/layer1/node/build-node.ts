import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, rename } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { requireTool } from '@tea/platform';
import { TeaError } from '@tea/protocol';

/** `build.rs` of the network crates calls protoc; everything else comes from crates.io at the versions of Cargo.lock. */
const INPUTS = ['Cargo.toml', 'Cargo.lock', 'src/**/*.rs'];

/**
 * The validator of these sources: built by cargo, or found where an earlier build of the very same sources left it
 * (`$XDG_CACHE_HOME/tea/nodes/`). Cold it takes about half an hour on two cores, 1.5 GB of memory and 5 GB of disk.
 * @returns the program's path
 * @throws TeaError `missingTool` without cargo or protoc
 */
export async function buildNode(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const cache = cacheFolder(env);
  const program = programOf(cache);
  if (existsSync(program)) return program;
  const cargo = requireTool('cargo', 'cargo');
  requireTool('protoc', 'protobuf-compiler');
  const target = env['CARGO_TARGET_DIR'] ?? join(cache, 'node-target');
  const { status, error } = spawnSync(cargo, ['build', '--release', '--locked'], {
    cwd: import.meta.dirname,
    stdio: ['ignore', process.stderr, process.stderr],
    env: { ...env, CARGO_TARGET_DIR: target },
  });
  if (status !== 0) throw new TeaError('internal', 'The node was not built', { actual: error?.message ?? `cargo ended with status ${status}` });
  await mkdir(join(cache, 'nodes'), { recursive: true });
  await copyFile(join(target, 'release/tea-node'), `${program}.new`);
  await rename(`${program}.new`, program);
  return program;
}

/** The program that `buildNode` left. @throws TeaError `missingTool` when it was never built from these sources */
export function findNode(env: NodeJS.ProcessEnv = process.env): string {
  const program = programOf(cacheFolder(env));
  if (existsSync(program)) return program;
  throw new TeaError('missingTool', 'There is no node of these sources yet', {
    expected: program,
    actual: 'no such file',
    next: 'tea chain node build: about half an hour, then cached',
  });
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'tea');
}

function programOf(cache: string): string {
  return join(cache, 'nodes', `tea-node-${sourcesDigest()}`);
}

/** SHA-256 over path and bytes of every file the node is compiled from, shortened: it only tells builds apart. */
function sourcesDigest(): string {
  const hash = createHash('sha256');
  for (const file of globSync(INPUTS, { cwd: import.meta.dirname }).toSorted()) {
    const bytes = readFileSync(join(import.meta.dirname, file));
    hash.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex').slice(0, 16);
}
