import assert from 'node:assert/strict';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { waitReady } from '@polkadot/wasm-crypto';
import { temporaryDirectory } from '@tea/platform';
import { isTeaError } from '@tea/protocol';
import { Author } from './authoring/author.ts';
import { DEVELOPMENT_SEEDS } from './authoring/development-seeds.ts';
import { Blockchain } from './blockchain.ts';
import { loadHashing } from './hashing.ts';

await waitReady();
const hashing = await loadHashing();
const SNAPSHOT_EVERY = 5;

const openChain = (dataDir: string): Promise<Blockchain> =>
  Blockchain.open({
    dataDir,
    preset: 'development',
    readRuntime: async () => new Uint8Array(await readFile(new URL('../runtime/runtime.wasm', import.meta.url))),
    executor: { hashing, log: () => {}, watch: { begin: () => {}, end: () => {} } },
    snapshotEvery: SNAPSHOT_EVERY,
  });

/** Makes blocks until `number` is final, and leaves the chain on disk. */
async function chainOf(dataDir: string, number: number): Promise<void> {
  await using chain = await openChain(dataDir);
  using _author = new Author({ chain, blockTimeMs: 1, minBlockIntervalMs: 1, finalityDelayMs: 0, authoritySeeds: DEVELOPMENT_SEEDS, now: Date.now });
  await new Promise<void>((resolve) => void chain.on('finalised', (blocks) => blocks.some(({ header }) => header.number >= number) && resolve()));
}

async function headOf(dataDir: string): Promise<{ number: number; hash: string; genesis: string }> {
  await using chain = await openChain(dataDir);
  return { number: chain.best.header.number, hash: chain.best.hash, genesis: chain.genesisHash };
}

/** Flips a byte inside the log's block of that number. */
async function damage(path: string, block: number): Promise<void> {
  const bytes = await readFile(path);
  const starts = Array.from(bytes.toString('latin1').matchAll(/TEA1/g), ({ index }) => index);
  const at = (starts[block] ?? 0) + 40;
  await writeFile(path, bytes.with(at, (bytes[at] ?? 0) ^ 1));
}

describe('blockchain: snapshots', () => {
  it('starts from the newest snapshot, without a look at the blocks before it', async () => {
    await using directory = await temporaryDirectory('snapshots');
    await chainOf(directory.path, 3 * SNAPSHOT_EVERY + 2);
    const head = await headOf(directory.path);
    await damage(join(directory.path, 'chain.log'), 3);
    assert.deepEqual(await headOf(directory.path), head);
    await rm(join(directory.path, 'chain.snapshot'));
    await assert.rejects(headOf(directory.path), (error) => isTeaError(error, 'corrupt'));
  });

  it('comes to the same head without a snapshot or index, with damaged ones, and with those of another chain', async () => {
    await using directory = await temporaryDirectory('snapshots');
    await using other = await temporaryDirectory('snapshots');
    await chainOf(directory.path, 2 * SNAPSHOT_EVERY + 1);
    await chainOf(other.path, 2 * SNAPSHOT_EVERY + 1);
    const head = await headOf(directory.path);
    for (const name of ['chain.snapshot', 'chain.index']) {
      const path = join(directory.path, name);
      const whole = await readFile(path);
      for (const broken of [
        whole.subarray(0, whole.length / 2),
        whole.with(whole.length - 9, (whole.at(-9) ?? 0) ^ 1),
        whole.with(20, (whole[20] ?? 0) ^ 1),
      ]) {
        await writeFile(path, broken);
        assert.deepEqual(await headOf(directory.path), head);
      }
      await copyFile(join(other.path, name), path);
      assert.deepEqual(await headOf(directory.path), head);
      await rm(path);
      assert.deepEqual(await headOf(directory.path), head);
    }
  });

  it('finds every block by number and by hash, before and after the snapshot, and none that isn’t there', async () => {
    await using directory = await temporaryDirectory('snapshots');
    await chainOf(directory.path, SNAPSHOT_EVERY + 3);
    await using chain = await openChain(directory.path);
    for (let number = 0; number <= chain.best.header.number; number++) {
      const header = chain.record(number)?.header ?? new Uint8Array(0);
      assert.equal(chain.numberOf(`0x${hashing.blake2b256(header).toHex()}`), number);
    }
    assert.equal(chain.record(chain.best.header.number + 1), null);
    for (const hash of [`0x${'00'.repeat(32)}`, `${chain.genesisHash.slice(0, -1)}x`, '', '0x']) assert.equal(chain.numberOf(hash), null);
  });
});
