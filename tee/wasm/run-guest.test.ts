import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isTeaError } from '@tea/protocol';
import { build } from 'esbuild';
import { runGuest } from './run-guest.ts';
import { defaultRunner } from './sandbox.ts';
import { assemblyScript, command, job, text, wat } from './testing/guests.ts';

const SPIN = command('(loop (br 0))');

test('ends an endless loop as outOfGas when gas is scarce, as outOfTime when time is', async () => {
  const byGas = await runGuest(job(SPIN));
  assert.equal(byGas.outcome, 'outOfGas', byGas.explanation);
  assert.equal(byGas.isolation, 'namespaces+seccomp');
  const byTime = await runGuest(job(SPIN, { limits: { gas: 2n ** 62n, wallMs: 700 } }));
  assert.equal(byTime.outcome, 'outOfTime', byTime.explanation);
  assert.ok(byTime.gasUsed > 1_000_000n && byTime.gasUsed < 10n ** 11n, `${byTime.gasUsed} gas in 0.7 s`);
});

test('holds a memory bomb to its limit and calls it outOfMemory', async () => {
  const bomb = command('(loop (if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable)) (br 0))');
  const result = await runGuest(job(bomb));
  assert.equal(result.outcome, 'outOfMemory', result.explanation);
  assert.ok(result.gasUsed < 4_000_000n, `${result.gasUsed}`);
});

test('lets a guest use all the memory it was promised', async () => {
  const user = command(
    '(if (i32.eq (memory.grow (i32.const 4095)) (i32.const -1)) (then unreachable)) (memory.fill (i32.const 0) (i32.const 1) (i32.const 268435456))',
  );
  const result = await runGuest(job(user, { limits: { memoryBytes: 256 * 1024 * 1024 } }));
  assert.equal(result.outcome, 'ok', result.explanation);
});

test('gives the same gas and digest in every run and on each of the engine’s compilers, also at a trap and at the deepest recursion', async () => {
  const kernel = `(local.set $a (i32.const 300000)) (loop $l (if (i32.and (local.get $a) (i32.const 3)) (then (local.set $b (i32.mul (local.get $b) (i32.const 31))))
    (else (local.set $b (i32.rotl (local.get $b) (i32.const 5))) (br_if $l (i32.eqz (i32.const 1))))) (br_if $l (local.tee $a (i32.sub (local.get $a) (i32.const 1)))))`;
  const deep = (locals: number): Uint8Array =>
    wat(`(module (func $f (param i64 i64) (local ${'i64 '.repeat(locals)}) (call $f (i64.add (local.get 0) (i64.const 1)) (local.get 0)))
      (func (export "_start") (call $f (i64.const 0) (i64.const 0))))`);
  for (const [module, outcome, explanation] of [
    [command(kernel), 'ok', /normally/],
    [command(`${kernel} (drop (i32.load (i32.const -1)))`), 'trap', /out of bounds/],
    [deep(0), 'trap', /too deep/],
    [deep(300), 'trap', /too deep/],
  ] as const) {
    const flags = [[], [], ['--liftoff-only'], ['--no-liftoff'], ['--no-wasm-inlining', '--no-wasm-loop-unrolling']];
    const runs = await Promise.all(flags.map((nodeFlags) => runGuest(job(module), { nodeFlags })));
    for (const run of runs) {
      assert.equal(run.outcome, outcome, run.explanation);
      assert.match(run.explanation, explanation);
    }
    assert.equal(new Set(runs.map((run) => run.gasUsed)).size, 1, `gas ${runs.map((run) => run.gasUsed).join()}`);
    assert.equal(new Set(runs.map((run) => run.instrumentedSha256?.toHex())).size, 1);
  }
});

test('hands an AssemblyScript program its arguments, stdin and data, and brings back stdout and /out', async () => {
  const source = readFileSync(new URL('./testing/assemblyscript-guest.ts.txt', import.meta.url), 'utf8');
  const result = await runGuest(
    job(await assemblyScript(source), {
      args: ['guest', 'Ada'],
      stdin: new TextEncoder().encode('from stdin'),
      data: [new TextEncoder().encode('first'), new TextEncoder().encode('second input')],
    }),
  );
  assert.equal(result.outcome, 'ok', `${result.explanation} ${text(result.stderr)}`);
  assert.equal(text(result.stdout), 'Ada|from stdin|second input\n');
  assert.deepEqual(
    [...result.out].map(([name, content]) => [name, text(content)]),
    [['report.txt', 'second input']],
  );
});

test('runs the same from one bundled file as from the sources', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tea-wasm-'));
  try {
    const runnerPath = join(directory, 'guest-runner.mjs');
    await build({ entryPoints: [defaultRunner()], outfile: runnerPath, bundle: true, platform: 'node', format: 'esm', logLevel: 'error' });
    const [bundled, sources] = await Promise.all([runGuest(job(command('')), { runnerPath }), runGuest(job(command('')))]);
    assert.deepEqual(bundled, sources);
    assert.equal(bundled.outcome, 'ok', bundled.explanation);
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('runs the runner it was handed in memory, whatever the disk says, and never without namespaces', async () => {
  const { outputFiles } = await build({
    entryPoints: [defaultRunner()],
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const [{ contents: runnerSource } = { contents: new Uint8Array() }] = outputFiles;
  const [handed, sources] = await Promise.all([
    runGuest(job(command('')), { runnerSource, runnerPath: '/nowhere/altered.mjs' }),
    runGuest(job(command(''))),
  ]);
  assert.deepEqual(handed, sources);
  const denied = runGuest(job(command('')), { runnerSource, bwrapPath: '/bin/false', allowProcessIsolation: true });
  await assert.rejects(denied, (error) => isTeaError(error, 'refused'));
});

test('refuses to run at all where namespaces are denied, unless a process of its own was allowed, and says which it was', async () => {
  const bwrapPath = '/bin/false'; // ends as bubblewrap does in a container that denies it
  await assert.rejects(runGuest(job(command('')), { bwrapPath }), (error) => isTeaError(error, 'refused') && /user namespaces/.test(error.message));
  const result = await runGuest(job(command('')), { bwrapPath, allowProcessIsolation: true });
  assert.equal(result.outcome, 'ok', result.explanation);
  assert.equal(result.isolation, 'process');
});

test('does not believe a process that was taken over: what it sends is checked, its death is a trap at full price', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tea-wasm-'));
  try {
    const lies = {
      nonsense: `process.stdout.write('all is well')`,
      flood: `for (;;) require('node:fs').writeSync(1, Buffer.alloc(65536))`,
      crash: `process.abort()`,
      tooMuchGas: frameLine({ gasUsed: '999999999999999' }),
      climbing: frameLine({ files: 1 }, [Buffer.from('../../etc/cron.d/x'), Buffer.from('')]),
    };
    for (const [name, source] of Object.entries(lies)) {
      const runnerPath = join(directory, `${name}.mjs`);
      writeFileSync(runnerPath, `import { createRequire } from 'node:module'; const require = createRequire('/guest/'); ${source}`);
      const result = await runGuest(job(command('')), { runnerPath });
      assert.equal(result.outcome, name === 'flood' ? 'outputTooLarge' : 'trap', `${name}: ${result.explanation}`);
      assert.equal(result.gasUsed, 100_000_000n);
      assert.equal(result.out.size, 0);
    }
  } finally {
    await rm(directory, { recursive: true });
  }
});

function frameLine(changes: object, extra: readonly Buffer[] = []): string {
  const honest = { outcome: 'ok', explanation: '', exitCode: 0, gasUsed: '1', meterVersion: 'x', files: 0 };
  const header = JSON.stringify({ ...honest, ...changes, blobs: [0, 0, 0, ...extra.map((blob) => blob.length)] });
  const bytes = Buffer.concat([Buffer.from(new Uint32Array([header.length]).buffer), Buffer.from(header), ...extra]);
  return `process.stdout.write(Buffer.from('${bytes.toString('base64')}', 'base64'))`;
}
