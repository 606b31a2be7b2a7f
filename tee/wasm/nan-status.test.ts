import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runGuest } from './run-guest.ts';
import { executeHere, job, text, wat } from './testing/guests.ts';

/** A guest that writes 16 bytes of memory to stdout after `body`. */
function shows(body: string, functions = ''): Uint8Array {
  return wat(`(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32))) (memory (export "memory") 1)
    (data (i32.const 0) "\\20\\00\\00\\00\\10\\00\\00\\00") (data (i32.const 64) "\\01\\02\\03\\00\\00\\00\\f4\\ff\\05\\06\\b7\\ff") ${functions}
    (func (export "_start") (local $x f64) (local $y f32) (local $v v128) ${body} (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8)))))`);
}

/** Inputs that V8 cannot fold away: memory beyond the data is zero. */
const ZERO = '(f64.load (i32.const 128))';
const NAN64 = `(f64.div ${ZERO} ${ZERO})`;
const NAN32 = '(f32.div (f32.load (i32.const 128)) (f32.load (i32.const 128)))';
const MINUS = `(f64.neg ${NAN64})`;
const CANONICAL_64 = '000000000000f87f';
const CANONICAL_32 = '0000c07f';

const canonical: readonly (readonly [claim: string, body: string, start: string, functions?: string])[] = [
  ['stored', `(f64.store (i32.const 32) ${NAN64})`, CANONICAL_64],
  ['stored as f32', `(f32.store (i32.const 32) ${NAN32})`, CANONICAL_32],
  ['with its sign changed', `(f64.store (i32.const 32) ${MINUS})`, CANONICAL_64],
  ['made of a NaN with a payload', '(f64.store (i32.const 32) (f64.add (f64.load (i32.const 64)) (f64.const 1)))', CANONICAL_64],
  [
    'made of two NaNs with payloads',
    '(f64.store (i32.const 32) (f64.mul (f64.load (i32.const 64)) (f64.neg (f64.load (i32.const 64)))))',
    CANONICAL_64,
  ],
  ['demoted', '(f32.store (i32.const 32) (f32.demote_f64 (f64.load (i32.const 64))))', CANONICAL_32],
  ['promoted', '(f64.store (i32.const 32) (f64.promote_f32 (f32.load (i32.const 72))))', CANONICAL_64],
  ['of a root', '(f64.store (i32.const 32) (f64.sqrt (f64.const -1)))', CANONICAL_64],
  ['reinterpreted as an integer', `(i64.store (i32.const 32) (i64.reinterpret_f64 ${MINUS}))`, CANONICAL_64],
  ['lending its sign', `(f64.store (i32.const 32) (f64.copysign (f64.const 1) ${MINUS}))`, '000000000000f03f'],
  ['that went through locals', `(local.set $x ${MINUS}) (f64.store (i32.const 32) (local.get $x))`, CANONICAL_64],
  [
    'that went through a local in a loop, written after it is read',
    `(loop $l (f64.store (i32.const 32) (local.get $x)) (br_if $l (f64.eq (local.get $x) (local.tee $x ${MINUS}))))
     (f64.store (i32.const 32) (local.get $x))`,
    CANONICAL_64,
  ],
  ['selected', `(f64.store (i32.const 32) (select ${MINUS} (f64.const 1) (i32.eqz (i32.load (i32.const 128)))))`, CANONICAL_64],
  ['from a block', `(f64.store (i32.const 32) (block (result f64) ${MINUS}))`, CANONICAL_64],
  [
    'from an if',
    `(f64.store (i32.const 32) (if (result f64) (i32.eqz (i32.load (i32.const 128))) (then ${MINUS}) (else (f64.const 1))))`,
    CANONICAL_64,
  ],
  [
    'from a function',
    '(f64.store (i32.const 32) (call $f (f64.const -1)))',
    CANONICAL_64,
    '(func $f (param f64) (result f64) (f64.sqrt (local.get 0)))',
  ],
  ['given to a function', `(call $f ${MINUS})`, CANONICAL_64, '(func $f (param f64) (f64.store (i32.const 32) (local.get 0)))'],
  ['in a global', `(global.set $g ${MINUS}) (f64.store (i32.const 32) (global.get $g))`, CANONICAL_64, '(global $g (mut f64) (f64.const 0))'],
  ['in a vector', '(v128.store (i32.const 32) (f64x2.div (v128.load (i32.const 128)) (v128.load (i32.const 128))))', CANONICAL_64.repeat(2)],
  ['in a vector of f32', '(v128.store (i32.const 32) (f32x4.div (v128.load (i32.const 128)) (v128.load (i32.const 128))))', CANONICAL_32.repeat(4)],
  ['splat over a vector', `(v128.store (i32.const 32) (f64x2.splat ${MINUS}))`, CANONICAL_64.repeat(2)],
  ['put into a lane', `(v128.store (i32.const 32) (f32x4.replace_lane 0 (v128.const i64x2 0 0) (f32.neg ${NAN32})))`, CANONICAL_32],
];

for (const [claim, body, start, functions] of canonical) {
  test(`shows the canonical NaN for one ${claim}`, () => {
    const result = executeHere(job(shows(body, functions)));
    assert.equal(result.outcome, 'ok', result.explanation);
    assert.equal(result.stdout.toHex().slice(0, start.length), start);
  });
}

test('leaves the bits of a NaN alone that is only copied, as values boxed in NaNs need it', () => {
  const copies = [
    '(f64.store (i32.const 32) (f64.load (i32.const 64)))',
    '(local.set $x (f64.load (i32.const 64))) (f64.store (i32.const 32) (local.get $x))',
    '(f64.store (i32.const 32) (f64.neg (f64.neg (f64.load (i32.const 64)))))',
    '(v128.store (i32.const 32) (v128.load (i32.const 64)))',
  ];
  for (const body of copies)
    assert.equal(
      executeHere(job(shows(body)))
        .stdout.toHex()
        .slice(0, 16),
      '010203000000f4ff',
      body,
    );
});

test('gives the same bits on each of the engine’s compilers', async () => {
  const body = canonical
    .filter(([, , , functions]) => functions === undefined)
    .map(
      ([, source]) =>
        `${source.replaceAll('$l', '$loop')} (i64.store (i32.const 40) (i64.xor (i64.rotl (i64.load (i32.const 40)) (i64.const 7)) (i64.load (i32.const 32))))`,
    )
    .join('\n');
  const flags = [[], ['--liftoff-only'], ['--no-liftoff']];
  const runs = await Promise.all(flags.map((nodeFlags) => runGuest(job(shows(body)), { nodeFlags })));
  for (const run of runs) assert.equal(run.outcome, 'ok', `${run.explanation} ${text(run.stderr)}`);
  assert.equal(new Set(runs.map((run) => `${run.stdout.toHex()} ${run.gasUsed}`)).size, 1);
});
