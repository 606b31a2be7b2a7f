import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GAS, OPCODE_GAS } from './gas-schedule.ts';
import { OPCODES } from './opcodes.ts';
import { executeHere, job, wat } from './testing/guests.ts';

const price = (name: string): bigint => BigInt(OPCODE_GAS[OPCODES.findIndex((opcode) => opcode?.name === name)] ?? 0);
const run = (module: Uint8Array, gas = 100_000_000n): ReturnType<typeof executeHere> => executeHere(job(module, { limits: { gas } }));

const COUNT_DOWN = `(func $f (param $n i64) (param $wide i64)
  (if (i64.eqz (local.get $n)) (then (return)))
  (return_call $f (i64.sub (local.get $n) (i64.const 1)) (local.get $wide)))`;
const countDown = (rounds: number): Uint8Array =>
  wat(`(module ${COUNT_DOWN} (func (export "_start") (call $f (i64.const ${rounds}) (i64.const 0))))`);

test('a tail call takes its caller’s frame: a million in a row need no more depth than one', () => {
  assert.equal(run(countDown(1_000_000)).outcome, 'ok');
});

test('each tail call costs what its instructions cost, neither more nor less', () => {
  const round = ['local.get', 'i64.eqz', 'if', 'local.get', 'i64.const', 'i64.sub', 'local.get', 'return_call']
    .map(price)
    .reduce((sum, each) => sum + each);
  const [few, many] = [run(countDown(1000)), run(countDown(1100))];
  const sizes = BigInt(countDown(1100).length - countDown(1000).length) * BigInt(GAS.moduleByte);
  assert.equal(many.gasUsed - few.gasUsed, 100n * round + sizes);
});

test('tail calls without end meet the gas limit, direct, through a table, and two by two', () => {
  const endless = [
    '(module (func $f (export "_start") (return_call $f)))',
    '(module (table funcref (elem $f)) (func $f (export "_start") (return_call_indirect (i32.const 0))))',
    '(module (func $a (export "_start") (return_call $b)) (func $b (return_call $a)))',
    '(module (func $f (param i32) (result i32) (return_call $f (i32.add (local.get 0) (i32.const 1)))) (func (export "_start") (drop (call $f (i32.const 0)))))',
  ];
  for (const source of endless) {
    const { outcome, gasUsed } = run(wat(source), 1_000_000n);
    assert.deepEqual([outcome, gasUsed], ['outOfGas', 1_000_000n], source);
  }
});

test('a frame that was given back is given back once: depth and totals after tail calls are what they were before', () => {
  const deep = (prefix: string): string => `(module ${COUNT_DOWN}
    (global $left (mut i32) (i32.const 0))
    (func $down (global.set $left (i32.add (global.get $left) (i32.const 1))) (call $down))
    (func (export "_start") ${prefix} (call $down)))`;
  const plain = run(wat(deep('')));
  const after = run(wat(deep('(call $f (i64.const 5000) (i64.const 0))')));
  assert.deepEqual([plain.outcome, after.outcome], ['trap', 'trap']);
  assert.match(after.explanation, /too deep/);
  const [costs] = [run(countDown(5000)).gasUsed - run(countDown(0)).gasUsed];
  assert.ok(after.gasUsed > plain.gasUsed + costs - 1000n && after.gasUsed < plain.gasUsed + costs + 1000n, 'the same depth was reached');
});

test('a host function may be called last, and a trap in a tail-called function is charged up to there', () => {
  const yields = '(module (import "wasi_snapshot_preview1" "sched_yield" (func $y (result i32))) (func $f (result i32) (return_call $y)) ';
  assert.equal(run(wat(`${yields} (func (export "_start") (drop (call $f))))`)).outcome, 'ok');
  const traps = (extra: string): bigint => {
    const { outcome, gasUsed } = run(wat(`(module (func $g ${extra} unreachable) (func $f (return_call $g)) (func (export "_start") (call $f)))`));
    assert.equal(outcome, 'trap');
    return gasUsed;
  };
  const bytes = 3n * BigInt(GAS.moduleByte);
  assert.equal(traps('(drop (i32.const 1))') - traps(''), price('i32.const') + price('drop') + bytes);
});
