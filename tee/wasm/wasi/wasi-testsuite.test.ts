import assert from 'node:assert/strict';
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { GuestEnd } from '../guest-end.ts';
import { instrument } from '../instrument.ts';
import { job, inside } from '../testing/guests.ts';
import { Descriptors } from './descriptors.ts';
import { Directory, WritableFile } from './memory-files.ts';
import { wasiImports } from './preview1.ts';
import { createWorld, type World } from './world.ts';

/** What each test has in the JSON file beside it, where there is one. */
type Specification = {
  readonly args?: string[];
  readonly env?: Record<string, string>;
  readonly root?: string;
  readonly exit_code?: number;
  readonly stdout?: string;
};

const ROOT = fileURLToPath(new URL('../testing/wasi-testsuite', import.meta.url));

const NOT_PASSING: Readonly<Record<string, string>> = {};

for (const path of globSync('*/*.wasm', { cwd: ROOT }).toSorted()) {
  const reason = NOT_PASSING[basename(path, '.wasm')];
  test(reason === undefined ? `passes ${path}` : `does not pass ${path}, because ${reason}`, () => {
    const { exitCode, expected, stdout, specification, stderr } = runTest(join(ROOT, path));
    if (reason !== undefined) return assert.notEqual(exitCode, expected, 'it passes now: take it off the list');
    assert.equal(exitCode, expected, stderr);
    if (specification.stdout !== undefined) assert.equal(stdout, specification.stdout);
  });
}

function runTest(path: string) {
  const described = path.replace(/wasm$/, 'json');
  const specification = (existsSync(described) ? JSON.parse(readFileSync(described, 'utf8')) : {}) as Specification;
  const module = new Uint8Array(readFileSync(path));
  const metered = instrument(module, 2 ** 30);
  assert.ok(metered.ok);
  const world = createWorld(inside(job(module, { args: [basename(path), ...(specification.args ?? [])], env: specification.env ?? {} })));
  const root = specification.root === undefined ? null : join(dirname(path), specification.root);
  const guest = { ...world, descriptors: withRoot(world, root) };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(metered.bytes), { wasi_snapshot_preview1: wasiImports(guest) });
  guest.memory.attach(exports['memory'] as WebAssembly.Memory);
  (exports[metered.exports.gas] as unknown as WebAssembly.Global<'i64'>).value = 10n ** 10n;
  (exports[metered.exports.depth] as WebAssembly.Global).value = 1_000_000;
  const text = (file: WritableFile): string => new TextDecoder().decode(file.content);
  const outcome = { expected: specification.exit_code ?? 0, specification };
  try {
    (exports['_start'] as () => void)();
    return { ...outcome, exitCode: 0, stdout: text(world.stdout), stderr: text(world.stderr) };
  } catch (error) {
    const exitCode = error instanceof GuestEnd ? error.exitCode : null;
    return { ...outcome, exitCode, stdout: text(world.stdout), stderr: `${String(error)} ${text(world.stderr)}` };
  }
}

/** The tests have one directory, `/`, which they may change, or none. */
function withRoot(world: World, folder: string | null): Descriptors {
  const copy = (from: string, depth: number): Directory => {
    const directory = new Directory(world.nextInode++, world.budget, depth);
    for (const name of readdirSync(from)) {
      if (statSync(join(from, name)).isDirectory()) directory.mount(name, copy(join(from, name), depth + 1));
      else {
        const file = new WritableFile(world.nextInode++, world.budget);
        file.write(0, new Uint8Array(readFileSync(join(from, name))));
        directory.mount(name, file);
      }
    }
    return directory;
  };
  return new Descriptors([
    { kind: 'stdin', read: () => 0 },
    { kind: 'stream', node: world.stdout },
    { kind: 'stream', node: world.stderr },
    ...(folder === null ? [] : [{ kind: 'directory', node: copy(folder, 0), preopenName: '/' } as const]),
  ]);
}
