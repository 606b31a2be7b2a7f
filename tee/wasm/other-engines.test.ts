import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { build } from 'esbuild';
import fc from 'fast-check';
import { decodeExecution } from './execution-frame.ts';
import { encodeJob } from './frame.ts';
import { defaultRunner, findTool } from './sandbox.ts';
import { command, job, wat } from './testing/guests.ts';
import { ECHO, handler } from './testing/handlers.ts';
import { programs, toText } from './testing/structured-program.ts';

/** The first Node on PATH of another major version than ours, such as the system's own. */
function otherNode(): { path: string; version: string } | null {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(directory, 'node');
    const { status, stdout } = spawnSync(path, ['-p', 'process.versions.node + " " + process.versions.v8'], { encoding: 'utf8', timeout: 10_000 });
    if (status === 0 && Number.parseInt(stdout) >= 20 && Number.parseInt(stdout) !== Number.parseInt(process.versions.node))
      return { path, version: stdout.trim() };
  }
  return null;
}

const LIMITS = { gas: 3_000_000n };
const CORPUS = [
  ...fc.sample(programs, { numRuns: 12, seed: 26 }).map((program) => wat(toText(program))),
  command('(loop (br 0))'),
  command('(local.set $a (i32.const 1000)) (loop (br_if 0 (local.tee $a (i32.sub (local.get $a) (i32.const 1))))) (drop (i32.load (i32.const -1)))'),
  command('(loop (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable)) (br 0))'),
  wat('(module (func $f (param i64) (call $f (local.get 0))) (func (export "_start") (call $f (i64.const 0))))'),
  command(
    '(f64.store (i32.const 8) (f64.sqrt (f64.load (i32.const 64)))) (if (i64.lt_s (i64.load (i32.const 8)) (i64.const 0)) (then (loop (br 0))))',
    '(data (i32.const 64) "\\00\\00\\00\\00\\00\\00\\f0\\bf")',
  ),
  wat('(module (func $f (param i64) (return_call $f (i64.add (local.get 0) (i64.const 1)))) (func (export "_start") (call $f (i64.const 0))))'),
  handler(`(call $caller (i32.const 32)) (call $log (local.get $f) (local.get $fl)) (drop (call $gas_left)) ${ECHO}`),
];
const CALL = { function: 'run', caller: new Uint8Array(32).fill(5) };

test('counts and hashes the same on each compiler, and on another version of Node where there is one', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'tea-engines-'));
  try {
    const runner = join(directory, 'guest-runner.mjs');
    await build({ entryPoints: [defaultRunner()], outfile: runner, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
    const other = otherNode();
    const prlimit = findTool('prlimit', 'util-linux');
    t.diagnostic(
      other === null ? `no Node but ${process.version} on PATH: compared its compilers only` : `compared ${process.version} with ${other.version}`,
    );
    const engines: readonly (readonly [path: string, ...flags: string[]])[] = [
      [process.execPath],
      [process.execPath, '--liftoff-only'],
      [process.execPath, '--no-liftoff'],
      ...(other === null ? [] : ([[other.path], [other.path, '--liftoff-only']] as const)),
    ];
    for (const [index, module] of CORPUS.entries()) {
      const parts = encodeJob(job(module, { limits: LIMITS, call: CALL }));
      const size = new Uint8Array(new BigUint64Array([BigInt(parts.reduce((sum, part) => sum + part.length, 0))]).buffer);
      const seen = engines.map(([path, ...flags]) => {
        const { status, stdout, stderr } = spawnSync(prlimit, ['--stack=67108864', path, '--stack-size=60000', ...flags, runner], {
          input: Buffer.concat([size, ...parts]),
        });
        assert.equal(status, 0, `${path} ${flags.join()}: ${stderr.toString()}`);
        const { outcome, gasUsed, instrumentedSha256 } = decodeExecution(new Uint8Array(stdout), { ...LIMITS, outputBytes: 1024 * 1024 });
        return `${outcome} ${gasUsed} ${Buffer.from(instrumentedSha256 ?? []).toString('hex')}`;
      });
      assert.equal(new Set(seen).size, 1, `module ${index}: ${seen.join(' | ')}`);
    }
  } finally {
    await rm(directory, { recursive: true });
  }
});
