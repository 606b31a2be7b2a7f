import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { instrument } from './instrument.ts';
import { executeHere, job, wat } from './testing/guests.ts';

type Loop = {
  readonly start: number;
  readonly bound: number;
  readonly step: number;
  readonly op: keyof typeof COMPARE;
  readonly boundIn: 'constant' | 'local';
  readonly shape: 'topIf' | 'topBranch' | 'bottomTee' | 'bottomSet' | 'bottomMirrored';
};

const COMPARE = {
  ne: (a: number, b: number) => a !== b,
  lt_s: (a: number, b: number) => a < b,
  lt_u: (a: number, b: number) => a >>> 0 < b >>> 0,
  gt_s: (a: number, b: number) => a > b,
  gt_u: (a: number, b: number) => a >>> 0 > b >>> 0,
  le_s: (a: number, b: number) => a <= b,
  le_u: (a: number, b: number) => a >>> 0 <= b >>> 0,
  ge_s: (a: number, b: number) => a >= b,
  ge_u: (a: number, b: number) => a >>> 0 >= b >>> 0,
};
const OPPOSITE = { ne: 'eq', lt_s: 'ge_s', lt_u: 'ge_u', gt_s: 'le_s', gt_u: 'le_u', le_s: 'gt_s', le_u: 'gt_u', ge_s: 'lt_s', ge_u: 'lt_u' };
const MIRRORED = { ne: 'ne', lt_s: 'gt_s', lt_u: 'gt_u', gt_s: 'lt_s', gt_u: 'lt_u', le_s: 'ge_s', le_u: 'ge_u', ge_s: 'le_s', ge_u: 'le_u' };

const nearEdges = fc.oneof(
  fc.integer({ min: -40, max: 40 }),
  fc.constantFrom(2 ** 31 - 1, 2 ** 31 - 2, 2 ** 31 - 9, -(2 ** 31), -(2 ** 31) + 1, -(2 ** 31) + 9),
);
const loops: fc.Arbitrary<Loop> = fc.record({
  start: nearEdges,
  bound: nearEdges,
  step: fc.oneof(fc.constantFrom(1, -1, 2, -2, 4, 8, 16), fc.integer({ min: -20, max: 20 })),
  op: fc.constantFrom(...(Object.keys(COMPARE) as (keyof typeof COMPARE)[])),
  boundIn: fc.constantFrom('constant', 'local'),
  shape: fc.constantFrom('topIf', 'topBranch', 'bottomTee', 'bottomSet', 'bottomMirrored'),
});

function toModule({ start, bound, step, op, boundIn, shape }: Loop, trap = false): Uint8Array {
  const end = boundIn === 'constant' ? `(i32.const ${bound})` : '(local.get $n)';
  const next = `(i32.add (local.get $i) (i32.const ${step}))`;
  const work = '(global.set $rounds (i32.add (global.get $rounds) (i32.const 1)))';
  const loop = {
    topIf: `(loop $l (if (i32.${op} (local.get $i) ${end}) (then ${work} (local.set $i ${next}) (br $l))))`,
    topBranch: `(block $out (loop $l (br_if $out (i32.${OPPOSITE[op]} (local.get $i) ${end})) ${work} (local.set $i ${next}) (br $l)))`,
    bottomTee: `(loop $l ${work} (br_if $l (i32.${op} (local.tee $i ${next}) ${end})))`,
    bottomSet: `(loop $l ${work} (local.set $i ${next}) (br_if $l (i32.${op} (local.get $i) ${end})))`,
    bottomMirrored: `(loop $l ${work} (br_if $l (i32.${MIRRORED[op]} ${end} (local.tee $i ${next}))))`,
  }[shape];
  return wat(`(module (memory 1) (global $rounds (mut i32) (i32.const 0)) (func (export "_start") (local $i i32) (local $n i32)
    (local.set $i (i32.const ${start})) (local.set $n (i32.const ${bound})) ${loop} ${trap ? '(drop (i32.load (i32.const -1)))' : ''}))`);
}

/** How often the loop's own instructions run, counted on the spot; more than `most` is as good as forever. */
function gasOf({ start, bound, step, op, shape }: Loop, most: number): number {
  const holds = COMPARE[op];
  let i = start | 0;
  let gas = 4;
  const perTest = 4; // two operands, a comparison, `if` or `br_if`
  while (gas <= most) {
    if (shape === 'topIf' || shape === 'topBranch') {
      gas += perTest;
      if (!holds(i, bound)) return gas;
      gas += 4 + 4 + 1;
    } else {
      gas += 4 + 4 + (shape === 'bottomSet' ? 4 : 3);
    }
    i = (i + step) | 0;
    if (shape !== 'topIf' && shape !== 'topBranch' && !holds(i, bound)) return gas;
  }
  return gas;
}

test('charges a loop by its rounds, and ends one that wraps around or never meets its bound as outOfGas', () => {
  const limit = 20_000;
  fc.assert(
    fc.property(loops, (loop) => {
      const module = toModule(loop);
      const start = module.length * 10 + 4096;
      const expected = gasOf(loop, limit);
      const result = executeHere(job(module, { limits: { gas: BigInt(start + limit) } }));
      assert.equal(result.outcome, expected <= limit ? 'ok' : 'outOfGas', `${result.explanation}, ${expected}`);
      if (expected <= limit) assert.equal(result.gasUsed, BigInt(start + expected));
    }),
    { numRuns: 2000 },
  );
});

test('charges the same up to a trap after a counted loop, on the limit as well', () => {
  fc.assert(
    fc.property(loops, (loop) => {
      const expected = gasOf(loop, 20_000);
      fc.pre(expected <= 20_000);
      const module = toModule(loop, true);
      const start = module.length * 10 + 4096;
      const used = BigInt(start + expected);
      const runs = [used + 100n, used + 5n].map((gas) => executeHere(job(module, { limits: { gas } })));
      for (const run of runs) assert.equal(run.outcome, 'trap', run.explanation);
      assert.equal(new Set(runs.map((run) => run.gasUsed)).size, 1);
    }),
    { numRuns: 300 },
  );
});

test('leaves no check in a loop whose rounds are few or known to be paid for', () => {
  const checks = (loop: Loop): number => {
    const metered = instrument(toModule(loop), 2 ** 24);
    assert.ok(metered.ok);
    // unreachable · end: what every check ends with
    return metered.bytes.filter((byte, at) => byte === 0x00 && metered.bytes[at + 1] === 0x0b && metered.bytes[at - 1] === 0x40).length;
  };
  const known: Loop = { start: 0, bound: 40, step: 1, op: 'lt_u', boundIn: 'constant', shape: 'topIf' };
  assert.equal(checks(known), 0);
  assert.equal(checks({ ...known, boundIn: 'local' }), 1);
});
