import assert from 'node:assert/strict';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, beforeEach, describe, it } from 'node:test';
import { temporaryDirectory, type TemporaryDirectory } from '@tea/platform';
import { isTeaError, secureRandom, sha256 } from '@tea/protocol';
import { requireNoOlderStart } from './last-start.ts';
import { openRememberedState, type RememberedState, type RollbackGuardParts } from './rollback-guard.ts';

const secret = sha256(Uint8Array.of(1));
const bytes = (...of: number[]): Uint8Array => Uint8Array.of(...of);
const crash = new Error('the power went');

/** As a TPM's: its first count is not its own, and it outlives the TEE. */
class Counter {
  count: bigint | undefined;
  stopBefore = false;
  stopAfter = false;
  read = async (): Promise<bigint | undefined> => this.count;
  increment = async (): Promise<bigint> => {
    if (this.stopBefore) throw crash;
    this.count = (this.count ?? 40n) + 1n;
    if (this.stopAfter) throw crash;
    return this.count;
  };
}

describe('what a TEE remembers', () => {
  const directories: TemporaryDirectory[] = [];
  let stateDir: string;
  let copyDir: string;
  let counter: Counter;
  const open = (parts: Partial<RollbackGuardParts> = {}): Promise<RememberedState> =>
    openRememberedState({ stateDir, secret, counter, random: secureRandom, ...parts });
  const keepCopy = (): Promise<void> => cp(stateDir, copyDir, { recursive: true });
  const putBack = async (): Promise<void> => {
    await rm(stateDir, { recursive: true });
    await cp(copyDir, stateDir, { recursive: true });
  };

  beforeEach(async () => {
    const made = [await temporaryDirectory('state'), await temporaryDirectory('copy')] as const;
    directories.push(...made);
    stateDir = made[0].path;
    copyDir = join(made[1].path, 'copy');
    counter = new Counter();
  });
  after(() => Promise.all(directories.map((directory) => directory[Symbol.asyncDispose]())));

  it('is refused as an old copy of the directory, however new the copy', async () => {
    const state = await open();
    await state.write(bytes(1));
    await keepCopy();
    await state.write(bytes(2));
    await putBack();
    await assert.rejects(
      open(),
      (error) => isTeaError(error, 'refused') && /old copy: expected count \d+, the TPM's, got count \d+/.test(error.message),
    );
  });

  it('is refused when the TPM was put back in its place', async () => {
    const state = await open();
    await state.write(bytes(1));
    counter.count = 20n;
    await assert.rejects(open(), (error) => isTeaError(error, 'refused') && /newer than the TPM's counter/.test(error.message));
  });

  it('is what was written last, start after start, and nothing at first', async () => {
    assert.equal((await open()).bytes, undefined);
    for (let start = 0; start < 5; start++) {
      const state = await open();
      assert.deepEqual(state.bytes, start === 0 ? undefined : bytes(start - 1));
      await state.write(bytes(start));
    }
  });

  for (const [when, prepare, expected] of [
    ['before the file was whole', async () => writeFile(join(stateDir, 'remembered.sealed.new'), 'half'), 1],
    ['between the file and the count', async () => void (counter.stopBefore = true), 2],
    ['after the count', async () => void (counter.stopAfter = true), 2],
  ] as const) {
    it(`survives a stop ${when}, and an older copy is refused then too`, async () => {
      await (await open()).write(bytes(1));
      await keepCopy();
      const state = await open();
      await prepare();
      if (expected === 2) await assert.rejects(state.write(bytes(2)), crash);
      [counter.stopBefore, counter.stopAfter] = [false, false];
      const again = await open();
      assert.deepEqual(again.bytes, bytes(expected));
      await again.write(bytes(3));
      assert.deepEqual((await open()).bytes, bytes(3));
      await putBack();
      await assert.rejects(open(), (error) => isTeaError(error, 'refused'));
    });
  }

  it('can not be a file that was written but never counted, once a later start went on without it', async () => {
    await (await open()).write(bytes(1));
    const stopped = await open();
    await keepCopy();
    counter.stopBefore = true;
    await assert.rejects(stopped.write(bytes(2)), crash);
    counter.stopBefore = false;
    const uncounted = await readFile(join(stateDir, 'remembered.sealed'));
    await putBack();
    const later = await open();
    assert.deepEqual(later.bytes, bytes(1));
    await later.write(bytes(3));
    await writeFile(join(stateDir, 'remembered.sealed'), uncounted);
    await assert.rejects(open(), (error) => isTeaError(error, 'refused'));
  });

  it('is not written again after a write that did not finish', async () => {
    const state = await open();
    counter.stopBefore = true;
    await assert.rejects(state.write(bytes(1)), crash);
    counter.stopBefore = false;
    await assert.rejects(state.write(bytes(2)), (error) => isTeaError(error, 'conflict'));
  });

  it('survives a stop at its very first start', async () => {
    counter.stopAfter = true;
    await assert.rejects(open(), crash);
    counter.stopAfter = false;
    const state = await open();
    counter.stopBefore = true;
    await assert.rejects(state.write(bytes(1)), crash);
    counter.stopBefore = false;
    assert.deepEqual((await open()).bytes, bytes(1));
  });

  it('can be made by nobody without the secret, and no byte of it altered', async () => {
    await (await open()).write(bytes(1, 2, 3));
    await assert.rejects(open({ secret: sha256(bytes(2)) }), (error) => isTeaError(error, 'corrupt'));
    const path = join(stateDir, 'remembered.sealed');
    const file = await readFile(path);
    for (let index = 0; index < file.length; index++) {
      const altered = Buffer.from(file);
      altered[index] = (altered[index] ?? 0) ^ 1;
      await writeFile(path, altered);
      await assert.rejects(open(), (error) => isTeaError(error, 'corrupt') || isTeaError(error, 'badMessage'), `byte ${index}`);
    }
  });

  it('is not lost to another TEE on the same TPM without a word', async () => {
    const one = await open();
    await open().then((other) => other.write(bytes(1)));
    await assert.rejects(one.write(bytes(2)), (error) => isTeaError(error, 'conflict'));
  });

  it('keeps a host from showing a chain that ends before the last start, but not from another chain', async () => {
    const chain = sha256(bytes(3));
    await requireNoOlderStart(await open(), { chain, block: 100, issue: 0 });
    await requireNoOlderStart(await open(), { chain, block: 100, issue: 0 });
    await assert.rejects(
      requireNoOlderStart(await open(), { chain, block: 99, issue: 0 }),
      (error) => isTeaError(error, 'refused') && /block 100 or later/.test(error.message),
    );
    await requireNoOlderStart(await open(), { chain: sha256(bytes(4)), block: 1, issue: 0 });
  });

  it('keeps a host from going back to an image that was replaced, on whatever chain', async () => {
    const [chain, other] = [sha256(bytes(3)), sha256(bytes(4))];
    await requireNoOlderStart(await open(), { chain, block: 1, issue: 1 });
    await requireNoOlderStart(await open(), { chain, block: 1, issue: 2 });
    await assert.rejects(
      requireNoOlderStart(await open(), { chain: other, block: 1, issue: 1 }),
      (error) => isTeaError(error, 'refused') && /image release 2 or later/.test(error.message),
    );
    await requireNoOlderStart(await open(), { chain, block: 1, issue: 2 });
  });
});
