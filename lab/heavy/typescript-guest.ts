import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory } from '@tea/platform';

/**
 * `node lab/heavy/typescript-guest.ts`: a guest in TypeScript from nothing to its tests, with the tool chain fetched from npm (about 370 MB, which
 * is why no ordinary test does this). Fails when a test of the template does.
 */
const run = promisify(execFile);
await using folder = await temporaryDirectory('typescript-guest');
const project = join(folder.path, 'adder');
const tea = async (...args: string[]): Promise<string> =>
  (await run(process.execPath, [join(import.meta.dirname, '../../client/cli/main.ts'), 'guest', ...args])).stdout;

await tea('new', project, '--lang', 'typescript');
await run('npm', ['install', '--prefix', project, '--no-audit', '--no-fund']);
process.stdout.write(await tea('test', project));
const startedMs = performance.now();
process.stdout.write(await tea('run', project, '--function', 'fly').catch(({ stdout }: { stdout: string }) => stdout));
process.stdout.write(`One run with start and end of its sandbox: ${Math.round(performance.now() - startedMs)} ms\n`);
