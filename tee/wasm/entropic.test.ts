import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ENTROPIC_SECTION, isEntropic } from './entropic.ts';
import { runGuest } from './run-guest.ts';
import { command, job } from './testing/guests.ts';
import { ECHO, handler } from './testing/handlers.ts';

const name = new TextEncoder().encode(ENTROPIC_SECTION);
const marked = (module: Uint8Array): Uint8Array => new Uint8Array([...module, 0, name.length + 1, name.length, ...name]);

/** Prints 16 random bytes; `end` follows. */
const drawing = (end: string): Uint8Array =>
  command(
    `(drop (call $random (i32.const 64) (i32.const 16)))
    (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 16))
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) ${end}`,
    `(import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))`,
  );

test('a guest that was not deployed as entropic gets the seed’s randomness: the same in every run', async () => {
  const [first, second] = [await runGuest(job(drawing(''))), await runGuest(job(drawing('')))];
  assert.deepEqual([first.entropic, first.stdout.length], [false, 16]);
  assert.deepEqual(first.stdout, second.stdout);
});

test('one that was gets entropy, another in each run, and its result says so', async () => {
  const [first, second] = [await runGuest(job(marked(drawing('')))), await runGuest(job(marked(drawing(''))))];
  assert.deepEqual([first.outcome, first.entropic, first.gasUsed], ['ok', true, second.gasUsed]);
  assert.notDeepEqual(first.stdout, second.stdout);
});

test('entropy is drawn once a run: the exact run that follows a trap sees what the first one saw', async () => {
  // Traps only where the drawn byte is odd, and in the exact run spins instead if it isn't there any more.
  const module = marked(drawing('(if (i32.and (i32.load8_u (i32.const 64)) (i32.const 1)) (then unreachable))'));
  for (let round = 0; round < 8; round++) {
    const { outcome, stdout } = await runGuest(job(module));
    assert.equal(outcome, (stdout[0] ?? 0) & 1 ? 'trap' : 'ok');
  }
});

test('only a core module’s own section of that name counts: not another name, not its bytes elsewhere, not a component', () => {
  const plain = command('');
  assert.equal(isEntropic(plain), false);
  assert.equal(isEntropic(marked(plain)), true);
  assert.equal(isEntropic(marked(handler(ECHO))), false);
  assert.equal(isEntropic(command('', `(data (i32.const 0) "${ENTROPIC_SECTION}")`)), false);
  for (let cut = 1; cut < name.length + 3; cut++) assert.equal(isEntropic(marked(plain).subarray(0, -cut)), false);
  assert.equal(isEntropic(new Uint8Array(0)), false);
});
