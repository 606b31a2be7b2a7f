import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Execution } from '../execute-guest.ts';
import type { GuestJob, GuestOutcome } from '../guest-job.ts';
import { runGuest } from '../run-guest.ts';
import { executeHere, job, text, wat } from '../testing/guests.ts';
import { answer, ECHO, handler, handlerCore } from '../testing/handlers.ts';
import { wrapHandler } from './handler-shell.ts';

const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const call = (module: Uint8Array, changes: Parameters<typeof job>[1] = {}): Execution =>
  executeHere(job(module, { stdin: bytes('input'), ...changes }));

/** The component with some of its bytes replaced, as a tool chain of another mind would write them. */
function patched(component: Uint8Array, from: string | number[], to: string | number[]): Uint8Array {
  const [wanted, put] = [from, to].map((part) => Buffer.from(typeof part === 'string' ? bytes(part) : part));
  assert.ok(wanted !== undefined && put !== undefined);
  const at = Buffer.from(component).lastIndexOf(wanted);
  assert.ok(at >= 0, `${String(from)} is there`);
  assert.equal(wanted.length, put.length);
  const changed = component.slice();
  changed.set(put, at);
  return changed;
}

const echo = handler(ECHO);
const HANDLE = [0x40, 2, 8, ...bytes('function'), 0x73, 5, ...bytes('input'), 1, 0, 2];

const refusals: readonly (readonly [claim: string, component: Uint8Array, outcome: GuestOutcome, says: RegExp])[] = [
  ['an import of WASI', importing('wasi:cli/environment@0.2.0'), 'refusedImport', /wasi:cli\/environment@0\.2\.0, which is not granted/],
  ['the host in a version that is not ours', importing('tea:guest/host@0.9.0'), 'refusedImport', /host@0\.9\.0/],
  [
    'the host with a function that it has not',
    patched(echo, [...bytes('caller'), 1, 3], [...bytes('escape'), 1, 3]),
    'refusedImport',
    /another type/,
  ],
  ['the host with another type', hostTypeWith(0x7d), 'refusedImport', /another type/],
  [
    'a program that imports WASI itself',
    wrapHandler(importingCore('wasi_snapshot_preview1', 'fd_write')),
    'refusedImport',
    /wasi_snapshot_preview1\.fd_write/,
  ],
  ['a program that takes gas-left for something else', wrapHandler(retyped()), 'refusedImport', /another type/],
  ['no handle', patched(echo, [0, 6, ...bytes('handle'), 1, 3, 0], [0, 6, ...bytes('handel'), 1, 3, 0]), 'refusedModule', /must export handle/],
  [
    'a handle of another type',
    patched(echo, HANDLE, HANDLE.with(HANDLE.length - 1, 1)),
    'refusedModule',
    /func\(string, list<u8>\) -> list<u8>, and not as/,
  ],
  ['an invalid core module', patched(echo, [0x20, 0, 0x41, 1, 0x11], [0x20, 9, 0x41, 1, 0x11]), 'refusedModule', /invalid WebAssembly module/],
  [
    'a shim that does something of its own',
    patched(echo, [0x20, 0, 0x20, 1, 0x41, 0], [0x20, 1, 0x20, 0, 0x41, 0]),
    'refusedModule',
    /several modules with code/,
  ],
  [
    'a fixup that fills a slot with another’s',
    patched(echo, [0x41, 0, 0x0b, 2, 0, 1], [0x41, 0, 0x0b, 2, 1, 0]),
    'refusedImport',
    /another type|not granted/,
  ],
  ['a program without memory', wrapHandler(wat('(module (func (export "handle")))')), 'refusedModule', /memory is not exported/],
  ['nested components', withSection(4, [...echo.subarray(0, 8)]), 'refusedModule', /nests components/],
  ['resources', withSection(7, [1, 0x3f, 0x7f, 0]), 'refusedModule', /resources/],
  ['streams', withSection(7, [1, 0x66, 0]), 'refusedModule', /asynchronous/],
  ['built-ins of the component model', withSection(8, [1, 0x03, 0]), 'refusedModule', /built-in function/],
  ['modules without end', withModules(17), 'refusedModule', /more than 16 modules/],
  ['a start section', withSection(9, [0, 0, 0]), 'refusedModule', /section 9/],
  [
    'types that double without end',
    withSection(7, [20, 0x6f, 2, 0x73, 0x73, ...Array.from({ length: 19 }, (_, at) => [0x6f, 2, at, at]).flat()]),
    'refusedModule',
    /without end/,
  ],
  ['shared memory', wrapHandler(wat('(module (memory (export "memory") 1 1 shared) (func (export "handle")))')), 'refusedModule', /threads/],
];

for (const [claim, component, outcome, says] of refusals) {
  test(`a component with ${claim} is refused, by name and before it runs`, () => {
    const result = call(component);
    assert.equal(result.outcome, outcome, result.explanation);
    assert.match(result.explanation, says);
    assert.equal(result.gasUsed, 0n);
  });
}

const traps: readonly (readonly [claim: string, component: Uint8Array, says: RegExp])[] = [
  ['answers from outside of its memory', handler(answer('(i32.const 131072)', '(i32.const 1)')), /outside of its memory/],
  ['answers neither way', handler(answer('(i32.const 0)', '(i32.const 0)', 2)), /neither an answer nor an error/],
  ['answers at an odd address', handler(`${ECHO} (return (i32.const 17))`), /not aligned/],
  ['logs what is not UTF-8', handler(`(i32.store8 (i32.const 0) (i32.const 255)) (call $log (i32.const 0) (i32.const 1)) ${ECHO}`), /not UTF-8/],
  ['fails with what is not UTF-8', handler(`(i32.store8 (i32.const 0) (i32.const 255)) ${answer('(i32.const 0)', '(i32.const 1)', 1)}`), /not UTF-8/],
  ['calls out while memory is made for its input', handler(ECHO, { realloc: '(drop (call $gas_left))' }), /where a component may not/],
  ['calls out after its answer', handler(ECHO, { post: '(drop (call $gas_left))' }), /where a component may not/],
  ['calls out when it starts', handler(ECHO, { fields: '(func $s (drop (call $gas_left))) (start $s)' }), /where a component may not/],
  ['gives no room for its input', handler(ECHO, { realloc: '(return (i32.const -8))' }), /outside of its memory/],
];

for (const [claim, component, says] of traps) {
  test(`a component that ${claim} traps, and is billed`, () => {
    const result = call(component);
    assert.deepEqual([result.outcome, result.stdout.length], ['trap', 0], result.explanation);
    assert.match(result.explanation, says);
    assert.ok(result.gasUsed > 0n);
  });
}

test('no bytes of a component bring the reader down: cut anywhere, or changed anywhere, the answer is a value', () => {
  for (let length = 8; length < echo.length; length++) assert.notEqual(call(echo.subarray(0, length)).outcome, 'ok');
  fc.assert(
    fc.property(fc.nat(echo.length - 9), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = echo.slice();
      changed[at + 8] = (changed[at + 8] ?? 0) ^ change;
      call(changed, { limits: { gas: 1_000_000n } });
    }),
    { numRuns: 1000 },
  );
});

test('a handler gets the function’s name and the input, answers with bytes, and logs on the side', () => {
  const result = call(handler(`(call $log (local.get $f) (local.get $fl)) ${ECHO}`), { call: { function: 'größe', caller: new Uint8Array(0) } });
  assert.deepEqual([result.outcome, result.exitCode, text(result.stdout), text(result.stderr)], ['ok', 0, 'input', 'größe\n']);
});

test('an errand’s component is called at `run`, and an error is a result with exit code 1 and its text', () => {
  const result = call(handler(answer('(local.get $f)', '(local.get $fl)', 1)));
  assert.deepEqual([result.outcome, result.exitCode, text(result.stdout)], ['ok', 1, 'run']);
  assert.match(result.explanation, /answered with an error/);
});

test('a handler learns its caller, byte for byte', () => {
  const caller = crypto.getRandomValues(new Uint8Array(32));
  const module = handler(`(call $caller (i32.const 32)) ${answer('(i32.load (i32.const 32))', '(i32.load (i32.const 36))')}`);
  assert.deepEqual(call(module, { call: { function: 'who', caller } }).stdout, caller);
});

test('gas-left says what the receipt will say: it and what is used after it make the limit', () => {
  const gasLeft = (spin: number): { left: bigint; used: bigint } => {
    const loop = `(local.set $a (i32.const ${spin})) (loop (br_if 0 (local.tee $a (i32.sub (local.get $a) (i32.const 1)))))`;
    const { stdout, gasUsed } = call(handler(`${loop} (i64.store (i32.const 40) (call $gas_left)) ${answer('(i32.const 40)', '(i32.const 8)')}`));
    return { left: new DataView(stdout.buffer, stdout.byteOffset).getBigUint64(0, true), used: gasUsed };
  };
  const [short, long] = [gasLeft(1000), gasLeft(9000)];
  const after = (run: typeof short): bigint => 100_000_000n - run.left;
  assert.equal(short.left - long.left, long.used - short.used);
  assert.ok(after(short) < short.used && short.used - after(short) < 1000n);
});

test('a handler is metered and bounded as a task is: gas, memory, output, depth', () => {
  const outcome = (module: Uint8Array, limits: Partial<GuestJob['limits']> = {}): GuestOutcome => call(module, { limits }).outcome;
  assert.equal(outcome(handler('(loop (br 0))')), 'outOfGas');
  assert.equal(outcome(handler(`(loop (call $log (i32.const 0) (i32.const 1000)) (br 0))`), { outputBytes: 10_000 }), 'outputTooLarge');
  assert.equal(outcome(echo, { outputBytes: 4 }), 'outputTooLarge');
  assert.equal(outcome(echo, { memoryBytes: 65_536 }), 'outOfMemory');
  assert.equal(outcome(handler('(loop (if (i32.eq (memory.grow (i32.const 64)) (i32.const -1)) (then unreachable)) (br 0))')), 'outOfMemory');
  assert.equal(outcome(handler('(call $deep) ' + ECHO, { fields: '(func $deep (call $deep))' })), 'trap');
  assert.equal(outcome(echo, { gas: 10_000n }), 'outOfGas');
});

test('the initialiser that a tool chain asks for runs before the call, once and metered', () => {
  const core = handlerCore(answer('(i32.const 8)', '(i32.const 1)'), {
    fields: '(func (export "_initialize") (i32.store8 (i32.const 8) (i32.const 65)))',
  });
  const initialised = call(withInitialiser(wrapHandler(core)));
  assert.deepEqual([initialised.outcome, text(initialised.stdout)], ['ok', 'A'], initialised.explanation);
  assert.equal(text(call(wrapHandler(core)).stdout), '\0');
});

test('in its sandbox a handler gives the same answer, gas and digest as here', async () => {
  const module = handler(`(call $log (local.get $f) (local.get $fl)) ${ECHO}`);
  const request = job(module, { stdin: bytes('input'), call: { function: 'f', caller: new Uint8Array(32).fill(9) } });
  const { isolation, entropic, ...sandboxed } = await runGuest(request);
  assert.deepEqual([isolation, entropic], ['namespaces+seccomp', false]);
  assert.deepEqual(sandboxed, executeHere(request));
  assert.equal(sandboxed.outcome, 'ok');
});

function importing(name: string): Uint8Array {
  const from = 'tea:guest/host@0.1.0';
  const at = Buffer.from(echo).indexOf(from);
  const prefix = echo.slice(0, at - 2); // up to the import section's only item
  const item = [0, name.length, ...bytes(name), 5, 0];
  prefix.set([item.length + 1, 1], prefix.length - 2);
  return new Uint8Array([...prefix, ...item, ...echo.subarray(at + from.length + 2)]);
}

function importingCore(module: string, name: string): Uint8Array {
  return wat(`(module (import "${module}" "${name}" (func (param i32 i32 i32 i32) (result i32))) (memory (export "memory") 1)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0))
    (func (export "handle") (param i32 i32 i32 i32) (result i32) (i32.const 0)) (func (export "cabi_post_handle") (param i32)))`);
}

function retyped(): Uint8Array {
  return wat(`(module (import "tea:guest/host@0.1.0" "gas-left" (func (result i32))) (memory (export "memory") 1)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0))
    (func (export "handle") (param i32 i32 i32 i32) (result i32) (i32.const 0)) (func (export "cabi_post_handle") (param i32)))`);
}

function hostTypeWith(type: number): Uint8Array {
  return patched(echo, [...bytes('message'), 0x73], [...bytes('message'), type]);
}

function withSection(id: number, content: readonly number[]): Uint8Array {
  return new Uint8Array([...echo.subarray(0, 8), id, content.length, ...content, ...echo.subarray(8)]);
}

function withModules(count: number): Uint8Array {
  const empty = [1, 8, ...wat('(module)')];
  return new Uint8Array([...echo.subarray(0, 8), ...Array.from({ length: count }, () => empty).flat(), ...echo.subarray(8)]);
}

/** As wit-component does it: one more module without code, whose start function is the program's `_initialize`. */
function withInitialiser(component: Uint8Array): Uint8Array {
  const start = wat('(module (import "" "" (func $f)) (start $f))');
  return new Uint8Array([
    ...component,
    ...[1, start.length, ...start],
    ...[6, 1 + 4 + 12, 1, 0, 0, 1, 2, 11, ...bytes('_initialize')], // core function 8
    ...[2, 1 + 5 + 6, 2, ...[1, 1, 0, 0, 8], ...[0, 3, 1, 0, 0x12, 5]],
  ]);
}
