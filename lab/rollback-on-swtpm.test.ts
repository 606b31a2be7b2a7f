import assert from 'node:assert/strict';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@tea/platform';
import { isTeaError, secureRandom } from '@tea/protocol';
import { connectSwtpm, openResourceManager, openTeeTpm } from '@tea/tpm';
import { startSwtpm } from '../tee/launcher/swtpm.ts';
import { openRememberedState } from '../tee/runtime/rollback-guard.ts';

/** One start of a TEE's part that remembers, on a real TPM whose state outlives it. */
async function startOnce(home: string, remember: Uint8Array): Promise<Uint8Array | undefined> {
  const stateDir = join(home, 'state');
  await using swtpm = await startSwtpm({ stateDir: join(home, 'tpm') });
  await using manager = await openResourceManager({ connect: () => connectSwtpm(swtpm) });
  await using tpm = await openTeeTpm({ transport: manager.open(), stateDir });
  const state = await openRememberedState({ stateDir, secret: await tpm.stateSecret(), counter: tpm.counter, random: secureRandom });
  await state.write(remember);
  return state.bytes;
}

test('a TPM tells an old copy of the state directory from the newest, start after start', { timeout: 60_000 }, async () => {
  await using directory = await temporaryDirectory('rollback');
  const home = directory.path;
  assert.equal(await startOnce(home, Uint8Array.of(1)), undefined);
  assert.deepEqual(await startOnce(home, Uint8Array.of(2)), Uint8Array.of(1));
  await cp(join(home, 'state'), join(home, 'copy'), { recursive: true });
  assert.deepEqual(await startOnce(home, Uint8Array.of(3)), Uint8Array.of(2));
  await cp(join(home, 'state'), join(home, 'newest'), { recursive: true });

  await rm(join(home, 'state'), { recursive: true });
  await cp(join(home, 'copy'), join(home, 'state'), { recursive: true });
  await assert.rejects(startOnce(home, Uint8Array.of(4)), (error) => isTeaError(error, 'refused') && /old copy/.test(error.message));

  await rm(join(home, 'state'), { recursive: true });
  await cp(join(home, 'newest'), join(home, 'state'), { recursive: true });
  assert.deepEqual(await startOnce(home, Uint8Array.of(4)), Uint8Array.of(3));
});
