import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { ROOMS } from './rooms.ts';
import { layer1Checks } from './layer1-checks.ts';

/**
 * `./tea test [ROOM…] [options of node --test]`: every test, or those of some rooms, in one run of Node's test runner, whose summary comes last.
 * A room is named by its folder (`host/nats`), its last part (`nats`) or a group (`host`). `layer1` also runs the pallets' own tests with cargo.
 */
const ROOT = join(import.meta.dirname, '..');
const FILE_TIMEOUT_MS = 5 * 60_000;

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const options = process.argv.slice(2).filter((argument) => argument.startsWith('-'));
const allFiles = globSync('**/*.test.ts', { cwd: ROOT, exclude: (name) => ['node_modules', 'target', 'dist'].includes(basename(name)) }).toSorted();

const chosen = names.length === 0 ? allFiles : [...new Set(names.flatMap(filesOf))].toSorted();
if (names.some((name) => /(^|\/)layer1$/.test(name))) {
  if (!layer1Checks(ROOT, ['test'])) process.exit(1);
}

const runner = spawn(process.execPath, ['--test', '--test-concurrency=2', `--test-timeout=${FILE_TIMEOUT_MS}`, ...options, ...chosen], {
  cwd: ROOT,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => runner.kill(signal));
runner.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));

function filesOf(name: string): string[] {
  const wanted = relative(ROOT, join(process.cwd(), name));
  const found = allFiles.filter((file) => file === name || file === wanted || `/${file}`.includes(`/${name.replace(/\/$/, '')}/`));
  if (found.length > 0) return found;
  const rooms = Object.keys(ROOMS).join(', ');
  process.stderr.write(`tea test: there is no room or test file called ${name}. Rooms: ${rooms}\n`);
  process.exit(64); // sysexits' EX_USAGE
}
