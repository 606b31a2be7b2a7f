import { execFile } from 'node:child_process';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url));

/** Makes a component of JavaScript by QuickJS. 40 MB that only who changes an actor needs, so it is no dependency of ours: it's installed beside. */
export const COMPONENTIZER = 'componentize-qjs@0.4.5';

type Componentize = (options: {
  readonly witPath: string;
  readonly world: string;
  readonly jsSource: string;
  readonly stubWasi: boolean;
  readonly runtimeBytes: Buffer;
}) => Promise<{ readonly component: Buffer }>;
export type Componentizer = { readonly componentize: Componentize; /** The file that has its QuickJS inside. */ readonly binding: Uint8Array };

/** @returns the componentizer, installed in `~/.cache/tea` (or `$XDG_CACHE_HOME/tea`) the first time */
export async function openComponentizer(): Promise<Componentizer> {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'tea/actor-tools', COMPONENTIZER);
  const require = createRequire(join(folder, 'actors.js'));
  const installed = await access(join(folder, 'node_modules')).then(
    () => true,
    () => false,
  );
  if (!installed) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"private":true}');
    await run('npm', ['install', '--prefix', folder, '--save-exact', '--ignore-scripts', '--no-audit', '--no-fund', COMPONENTIZER]);
  }
  const { componentize } = require('componentize-qjs') as { readonly componentize: Componentize };
  const binding = createRequire(require.resolve('componentize-qjs')).resolve(`@andreiltd/componentize-qjs-binding-linux-${process.arch}-gnu`);
  return { componentize, binding: await readFile(binding) };
}

/** One of binaryen's programs, which come with AssemblyScript. @param inputs files by name, to be there @returns the file `output` */
export async function binaryen(
  program: 'wasm-dis' | 'wasm-as' | 'wasm-merge' | 'wasm-opt',
  args: readonly string[],
  inputs: Readonly<Record<string, Uint8Array | string>>,
  output: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'tea-actor-'));
  try {
    for (const [name, content] of Object.entries(inputs)) await writeFile(join(folder, name), content);
    await run(process.execPath, [join(CHECKOUT, 'node_modules/binaryen/bin', program), '--all-features', ...args, '-o', output], { cwd: folder });
    return new Uint8Array(await readFile(join(folder, output)));
  } finally {
    await rm(folder, { recursive: true });
  }
}
