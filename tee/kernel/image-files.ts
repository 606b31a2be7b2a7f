import { execFile } from 'node:child_process';
import { readFile, realpath } from 'node:fs/promises';
import { promisify } from 'node:util';
import { requireTool } from '@tea/platform';
import { sha256 } from '@tea/protocol';
import type { CpioEntry } from './cpio.ts';

/** One file of the image that comes from outside this repository, and where from: what the bill of materials lists. */
export type ForeignFile = { readonly path: string; readonly from: string; readonly bytes: Uint8Array; readonly sha256: Uint8Array };

/** What a guest's sandbox is made of, besides Node. */
const SANDBOX_TOOLS = [
  ['bwrap', 'bubblewrap'],
  ['prlimit', 'util-linux'],
  ['nice', 'coreutils'],
] as const;

/**
 * Node, the sandbox's three programs and the shared libraries that their loader names: no shell, no package manager, no other program.
 * Libraries stand where the loader looks for them by itself, so no cache or setting of it is in the image.
 */
export async function foreignFiles(nodePath: string = process.execPath): Promise<ForeignFile[]> {
  const programs = [
    ['bin/node', nodePath] as const,
    ...SANDBOX_TOOLS.map(([name, aptPackage]) => [`bin/${name}`, requireTool(name, aptPackage)] as const),
  ];
  const libraries = new Set((await Promise.all(programs.map(([, path]) => sharedLibraries(path)))).flat());
  const all = [...programs, ...Array.from(libraries, (path) => [path.slice(1), path] as const)];
  return Promise.all(
    all.map(async ([path, found]) => {
      const from = await realpath(found);
      const bytes = new Uint8Array(await readFile(from));
      return { path, from, bytes, sha256: sha256(bytes) };
    }),
  );
}

/** The initial file system: the foreign files, our two programs, and places to mount things at. */
export function imageEntries(foreign: readonly ForeignFile[], own: { readonly init: Uint8Array; readonly bundle: Uint8Array }): CpioEntry[] {
  return [
    ...['dev', 'proc', 'sys', 'run', 'tmp', 'state', 'root'].map((path): CpioEntry => ({ kind: 'directory', path })),
    { kind: 'characterDevice', path: 'dev/console', major: 5, minor: 1 }, // for what goes wrong before /dev is mounted
    { kind: 'file', path: 'init', bytes: own.init, mode: 0o555 },
    { kind: 'file', path: 'tea-runtime.mjs', bytes: own.bundle, mode: 0o444 },
    ...foreign.map(({ path, bytes }): CpioEntry => ({ kind: 'file', path, bytes, mode: 0o555 })),
  ];
}

/** As the loader itself lists them (ld.so(8), LD_TRACE_LOADED_OBJECTS), itself included. */
async function sharedLibraries(program: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(program, [], { env: { LD_TRACE_LOADED_OBJECTS: '1' }, timeout: 10_000 });
  return stdout.split('\n').flatMap((line) => /(?:=> |^\s*)(\/\S+)/.exec(line)?.[1] ?? []);
}
