import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GuestOutcome } from './guest-job.ts';
import { command, executeHere, job, text, wat } from './testing/guests.ts';

const WASI = 'wasi_snapshot_preview1';
const EMPTY_START = '(func (export "_start"))';

const refusals: readonly (readonly [claim: string, source: string | Uint8Array, outcome: GuestOutcome, says: RegExp])[] = [
  ['bytes that are not wasm', new TextEncoder().encode('#!/bin/sh\n'), 'refusedModule', /not a valid WebAssembly/],
  ['an empty file', new Uint8Array(0), 'refusedModule', /not a valid WebAssembly/],
  ['an import from a namespace of its own', `(module (import "net" "connect" (func)) ${EMPTY_START})`, 'refusedImport', /net\.connect/],
  ['an unknown WASI call', `(module (import "${WASI}" "fd_teleport" (func)) ${EMPTY_START})`, 'refusedImport', /fd_teleport/],
  ['a WASI call with a wrong type', `(module (import "${WASI}" "fd_close" (func (param f64))) ${EMPTY_START})`, 'refusedImport', /another type/],
  ['an imported memory', `(module (import "env" "memory" (memory 1)) ${EMPTY_START})`, 'refusedImport', /env\.memory \(a memory\)/],
  ['an imported global', `(module (import "env" "g" (global (mut i64))) ${EMPTY_START})`, 'refusedImport', /env\.g \(a global\)/],
  ['a module without _start', '(module (func (export "main")))', 'refusedModule', /_start/],
  ['a _start that takes parameters', '(module (func (export "_start") (param i32)))', 'refusedModule', /_start/],
  ['shared memory', `(module (memory 1 1 shared) ${EMPTY_START})`, 'refusedModule', /threads/],
  ['an atomic instruction', `(module (memory 1 1) (func (export "_start") (drop (i32.atomic.load (i32.const 0)))))`, 'refusedModule', /threads/],
  ['a 64-bit memory', `(module (memory i64 1) ${EMPTY_START})`, 'refusedModule', /memory64/],
  ['two memories', `(module (memory 1) (memory 1) ${EMPTY_START})`, 'refusedModule', /multi-memory/],
  [
    'relaxed SIMD',
    '(module (func (export "_start") (drop (i8x16.relaxed_swizzle (v128.const i64x2 0 0) (v128.const i64x2 0 0)))))',
    'refusedModule',
    /relaxed SIMD/,
  ],
  ['exceptions', `(module (tag) ${EMPTY_START})`, 'refusedModule', /exceptions/],
  [
    'table.grow',
    '(module (table 1 funcref) (func (export "_start") (drop (table.grow 0 (ref.null func) (i32.const 1)))))',
    'refusedModule',
    /table\.grow/,
  ],
  ['a huge table', `(module (table 2000000 funcref) ${EMPTY_START})`, 'refusedModule', /tables/],
  ['a first memory above the limit', `(module (memory 1000) ${EMPTY_START})`, 'outOfMemory', /65536000/],
];

for (const [claim, source, outcome, says] of refusals) {
  test(`refuses ${claim}, by name and before it runs`, () => {
    const result = executeHere(job(typeof source === 'string' ? wat(source) : source));
    assert.equal(result.outcome, outcome, result.explanation);
    assert.match(result.explanation, says);
    assert.equal(result.gasUsed, 0n);
  });
}

test('refuses an invalid module that metering would have made valid, with its hand on the counter', () => {
  // A body that writes global 0, where the module has none: after the pass, index 0 would be the gas counter.
  const module = wat('(module (memory 1) (global $g (mut i64) (i64.const 0)) (func (export "_start") (global.set $g (i64.const 9))))');
  const withoutGlobal = removeSection(module, 6);
  assert.equal(WebAssembly.validate(withoutGlobal as BufferSource), false);
  assert.equal(executeHere(job(withoutGlobal)).outcome, 'refusedModule');
});

test('finds its own counter when the guest exports the same names', () => {
  const module = wat('(module (global (export "tea:gas") (mut i64) (i64.const -5)) (func (export "_start") (loop (br 0))))');
  const result = executeHere(job(module, { limits: { gas: 10_000n } }));
  assert.equal(result.outcome, 'outOfGas');
  assert.equal(result.gasUsed, 10_000n);
});

const endings: readonly (readonly [claim: string, body: string, outcome: GuestOutcome, says: RegExp])[] = [
  ['an endless loop', '(loop (br 0))', 'outOfGas', /100000000 gas/],
  ['an endless loop over memory.fill', '(loop (memory.fill (i32.const 0) (i32.const 1) (i32.const 65536)) (br 0))', 'outOfGas', /gas/],
  ['unreachable', 'unreachable', 'trap', /unreachable/],
  ['a division by zero', '(drop (i32.div_s (i32.const 1) (local.get $a)))', 'trap', /divide by zero/],
  ['a read outside memory', '(drop (i32.load (i32.const 65536)))', 'trap', /out of bounds/],
  ['giving up when memory cannot grow', '(if (i32.eq (memory.grow (i32.const 60000)) (i32.const -1)) (then unreachable))', 'outOfMemory', /memory/],
];

for (const [claim, body, outcome, says] of endings) {
  test(`ends ${claim} as ${outcome}, with the same gas every time`, () => {
    const runs = [1, 2].map(() => executeHere(job(command(body))));
    for (const run of runs) {
      assert.equal(run.outcome, outcome, run.explanation);
      assert.match(run.explanation, says);
    }
    assert.equal(runs[0]?.gasUsed, runs[1]?.gasUsed);
    if (outcome === 'outOfGas') assert.equal(runs[0]?.gasUsed, 100_000_000n);
  });
}

test('charges the start function like any other code', () => {
  const module = wat('(module (func $s (loop (br 0))) (start $s) (func (export "_start")))');
  assert.equal(executeHere(job(module)).outcome, 'outOfGas');
});

test('charges for work before the first instruction: a limit below it is out of gas at once', () => {
  const module = command('');
  assert.equal(executeHere(job(module, { limits: { gas: BigInt(module.length) * 10n } })).outcome, 'outOfGas');
});

test('charges what a program did up to its trap', () => {
  const spin = (rounds: number): string =>
    `(loop (br_if 0 (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 1))) (i32.const ${rounds})))) (drop (i32.load (i32.const -1)))`;
  const used = [1000, 2000].map((rounds) => executeHere(job(command(spin(rounds)))).gasUsed);
  assert.equal((used[1] ?? 0n) - (used[0] ?? 0n), 7n * 1000n + BigInt(command(spin(2000)).length - command(spin(1000)).length) * 10n);
});

const print = (pointer: number, length: number): string =>
  `(i32.store (i32.const 0) (i32.const ${pointer})) (i32.store (i32.const 4) (i32.const ${length})) (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))`;
const WRITE = `(import "${WASI}" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))`;

test('ends a flood of output as outputTooLarge and keeps what fitted', () => {
  const result = executeHere(job(command(`(loop ${print(16, 1000)} (br 0))`, WRITE), { limits: { outputBytes: 10_500 } }));
  assert.equal(result.outcome, 'outputTooLarge');
  assert.equal(result.stdout.length, 10_000);
});

test('gives the exit code of proc_exit and what was written before', () => {
  const fields = `${WRITE} (import "${WASI}" "proc_exit" (func $exit (param i32)))`;
  const result = executeHere(
    job(command(`(i32.store (i32.const 16) (i32.const 0x21206968)) ${print(16, 4)} (call $exit (i32.const 3)) (loop (br 0))`, fields)),
  );
  assert.equal(result.outcome, 'ok');
  assert.equal(result.exitCode, 3);
  assert.equal(text(result.stdout), 'hi !');
});

test('makes an AssemblyScript abort a trap whose message only the consumer sees', () => {
  const module = wat(`(module (import "env" "abort" (func $abort (param i32 i32 i32 i32))) (memory (export "memory") 1)
    (data (i32.const 4) "\\0a\\00\\00\\00s\\00e\\00c\\00r\\00t\\00") (func (export "_start") (call $abort (i32.const 8) (i32.const 0) (i32.const 3) (i32.const 4))))`);
  const result = executeHere(job(module));
  assert.equal(result.outcome, 'trap');
  assert.match(text(result.stderr), /secrt.*3:4/);
  assert.doesNotMatch(result.explanation, /secrt/);
});

function removeSection(module: Uint8Array, id: number): Uint8Array {
  const kept: number[] = [...module.subarray(0, 8)];
  for (let at = 8; at < module.length;) {
    const size = module[at + 1] ?? 0; // all sections of these modules are below 128 bytes
    if (module[at] !== id) kept.push(...module.subarray(at, at + 2 + size));
    at += 2 + size;
  }
  return new Uint8Array(kept);
}
