import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import fc from 'fast-check';
import { instrument } from './instrument.ts';
import { command, executeHere, job, wat } from './testing/guests.ts';
import { countGas, programs, toText } from './testing/structured-program.ts';

const PAGE_GAS = 4096n;
const startGas = (module: Uint8Array): bigint => BigInt(module.length) * 10n + PAGE_GAS;

test('charges exactly the instructions that ran, whichever way the code went', () => {
  fc.assert(
    fc.property(programs, (program) => {
      const module = wat(toText(program));
      const result = executeHere(job(module));
      assert.equal(result.outcome, 'ok', result.explanation);
      assert.equal(result.gasUsed - startGas(module), countGas(program));
    }),
    { numRuns: 500 },
  );
});

test('ends a program as outOfGas with one unit less than it needs, and as ok with exactly what it needs', () => {
  fc.assert(
    fc.property(programs, (program) => {
      const module = wat(toText(program));
      const needed = startGas(module) + countGas(program);
      assert.equal(executeHere(job(module, { limits: { gas: needed } })).outcome, 'ok');
      const short = executeHere(job(module, { limits: { gas: needed - 1n } }));
      assert.equal(short.outcome, 'outOfGas');
      assert.equal(short.gasUsed, needed - 1n);
    }),
    { numRuns: 200 },
  );
});

test('charges the same to a program that traps at its end: the exact run after a trap counts like the fast one', () => {
  fc.assert(
    fc.property(programs, (program) => {
      const entry = `(func (export "_start") (call $f${program.length - 1}) (drop (i32.load (i32.const -1))))`;
      const module = wat(toText(program).replace(' (export "_start")', '').replace(/\)$/, `${entry})`));
      const result = executeHere(job(module));
      assert.equal(result.outcome, 'trap', result.explanation);
      assert.equal(result.gasUsed - startGas(module), countGas(program) + 4n);
    }),
    { numRuns: 300 },
  );
});

test('prices what grows with its operand by size', () => {
  const gasOf = (body: string): bigint => {
    const module = command(body);
    const result = executeHere(job(module));
    assert.equal(result.outcome, 'ok', result.explanation);
    return result.gasUsed - startGas(module);
  };
  assert.equal(gasOf('(memory.fill (i32.const 0) (i32.const 1) (i32.const 64000))'), 23n + 8000n);
  assert.equal(gasOf('(memory.copy (i32.const 0) (i32.const 1) (i32.const 64000))'), 23n + 8000n);
  assert.equal(gasOf('(drop (memory.grow (i32.const 3)))'), 22n + 3n * PAGE_GAS);
  assert.equal(gasOf('(drop (memory.grow (i32.const 60000)))'), 22n, 'growth that was refused costs nothing');
});

test('keeps every valid module of the corpus valid', () => {
  const root = fileURLToPath(new URL('../../node_modules', import.meta.url));
  const refused: string[] = [];
  let metered = 0;
  for (const path of globSync('**/*.wasm', { cwd: root })) {
    const module = new Uint8Array(readFileSync(`${root}/${path}`));
    if (!WebAssembly.validate(module)) continue;
    const result = instrument(module, 2 ** 32);
    if (!result.ok) {
      refused.push(`${path}: ${result.explanation}`);
      continue;
    }
    assert.ok(WebAssembly.validate(result.bytes), path);
    metered += 1;
  }
  assert.ok(metered >= 8, `${metered} metered, refused: ${refused.join('; ')}`);
});

test('takes any bytes for a module without failing: mutated modules are refused or stay valid', () => {
  const sources = [
    '(drop (memory.grow (i32.const 3)))',
    '(loop $l (br_table $l 1 (local.get $a)))',
    '(if (local.get $a) (then (return)) (else (call 0)))',
  ].map((body) => command(body));
  fc.assert(
    fc.property(fc.constantFrom(...sources), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }), (source, changes) => {
      const module = source.slice();
      for (const [at, byte] of changes) module[at % module.length] = byte;
      const result = instrument(module, 2 ** 24);
      if (result.ok && WebAssembly.validate(module)) assert.ok(WebAssembly.validate(result.bytes));
    }),
    { numRuns: 5000 },
  );
});
