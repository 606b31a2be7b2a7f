import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { temporaryDirectory } from '@tea/platform';
import { isTeaError } from '@tea/protocol';
import fc from 'fast-check';
import { loadHashing } from '../hashing.ts';
import { BlockLog } from './block-log.ts';
import { type BlockRecord, decodeBlockRecord, encodeBlockRecord } from './record.ts';

const hashing = await loadHashing();
const reader = (replay: (record: BlockRecord) => void) => ({ restore: () => false, replay });
const record = (seed: number): BlockRecord => ({
  header: new Uint8Array(20).fill(seed),
  extrinsics: [Uint8Array.of(seed), new Uint8Array(seed % 7)],
  changes: [
    [Uint8Array.of(seed, 1), new Uint8Array(seed % 50)],
    [Uint8Array.of(seed, 2), null],
  ],
});

async function replayed(dataDir: string): Promise<BlockRecord[]> {
  const records: BlockRecord[] = [];
  await using _log = await BlockLog.open(
    dataDir,
    hashing,
    reader((entry) => records.push(entry)),
  );
  return records;
}

describe('block log', () => {
  it('gives back what was appended, by replay and by number', async () => {
    await using directory = await temporaryDirectory('log');
    {
      await using log = await BlockLog.open(
        directory.path,
        hashing,
        reader(() => assert.fail('a new log is empty')),
      );
      for (let seed = 0; seed < 20; seed++) await log.append(record(seed));
      assert.deepEqual(log.read(7), record(7));
      assert.equal(log.read(20), null);
    }
    assert.deepEqual(
      await replayed(directory.path),
      Array.from({ length: 20 }, (_, seed) => record(seed)),
    );
  });

  it('loses only the record that a crash tore, at whatever byte, and goes on behind the last sound one', async () => {
    await using directory = await temporaryDirectory('log');
    const path = join(directory.path, 'chain.log');
    {
      await using log = await BlockLog.open(
        directory.path,
        hashing,
        reader(() => {}),
      );
      for (let seed = 0; seed < 3; seed++) await log.append(record(seed));
    }
    const whole = await readFile(path);
    const lastStart = whole.lastIndexOf('TEA1');
    for (let length = lastStart; length < whole.length; length++) {
      await writeFile(path, whole.subarray(0, length));
      {
        const records: BlockRecord[] = [];
        await using log = await BlockLog.open(
          directory.path,
          hashing,
          reader((entry) => records.push(entry)),
        );
        assert.equal(records.length, 2, `torn at byte ${length}`);
        await log.append(record(9));
      }
      assert.deepEqual((await replayed(directory.path)).at(-1), record(9));
    }
  });

  it('takes a last record with a flipped byte for torn, but refuses a damaged one with sound ones behind it', async () => {
    await using directory = await temporaryDirectory('log');
    const path = join(directory.path, 'chain.log');
    {
      await using log = await BlockLog.open(
        directory.path,
        hashing,
        reader(() => {}),
      );
      for (let seed = 0; seed < 4; seed++) await log.append(record(seed));
    }
    const whole = await readFile(path);
    const starts = [...whole.toString('latin1').matchAll(/TEA1/g)].map((match) => match.index);
    const [, second = 0] = starts;
    for (let at = second; at < (starts[2] ?? 0); at++) {
      await writeFile(path, whole.with(at, (whole[at] ?? 0) ^ 0xff));
      await assert.rejects(replayed(directory.path), (error) => isTeaError(error, 'corrupt'), `byte ${at}`);
    }
    await writeFile(path, whole.with(whole.length - 1, (whole.at(-1) ?? 0) ^ 0xff));
    assert.equal((await replayed(directory.path)).length, 3);
  });

  it('keeps one snapshot at a time, and an index that is right for it, however close they come', async () => {
    await using directory = await temporaryDirectory('log');
    {
      await using log = await BlockLog.open(
        directory.path,
        hashing,
        reader(() => assert.fail('a new log is empty')),
      );
      const kept: Promise<void>[] = [];
      for (let seed = 0; seed < 6; seed++) {
        await log.append(record(seed));
        if (seed % 2 === 1) kept.push(log.saveSnapshot(seed, record(seed), []));
      }
      await Promise.all(kept);
      await log.saveSnapshot(5, record(5), []);
    }
    const replayedAfter: BlockRecord[] = [];
    const restored: number[] = [];
    await using log = await BlockLog.open(directory.path, hashing, {
      restore: ({ number }) => restored.push(number) > 0,
      replay: (entry) => replayedAfter.push(entry),
    });
    assert.deepEqual({ restored, replayedAfter }, { restored: [5], replayedAfter: [] });
    for (let seed = 0; seed < 6; seed++) assert.deepEqual(log.read(seed), record(seed));
  });

  it('says what the disk said, and takes nothing more after a failed write', async () => {
    await using directory = await temporaryDirectory('log');
    const log = await BlockLog.open(
      directory.path,
      hashing,
      reader(() => {}),
    );
    await log.append(record(1));
    await log[Symbol.asyncDispose]();
    await assert.rejects(log.append(record(2)), (error) => isTeaError(error, 'storage'));
    await assert.rejects(log.append(record(3)), (error) => isTeaError(error, 'storage'));
    assert.equal((await replayed(directory.path)).length, 1);
  });

  it('decodes exactly what it encodes', () => {
    const bytes = fc.uint8Array({ maxLength: 100 });
    const records = fc.record(
      { header: bytes, extrinsics: fc.array(bytes), changes: fc.array(fc.tuple(bytes, fc.option(bytes))) },
      { noNullPrototype: true },
    );
    fc.assert(fc.property(records, (entry) => assert.deepEqual(decodeBlockRecord(encodeBlockRecord(entry)), entry)));
    fc.assert(
      fc.property(records, fc.nat(), (entry, cut) => {
        const encoded = encodeBlockRecord(entry);
        assert.throws(() => decodeBlockRecord(encoded.subarray(0, cut % encoded.length)));
      }),
    );
  });
});
