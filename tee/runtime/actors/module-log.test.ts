import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { decodeEventLog, equalBytes, MODULE_PCR, replay, sha256 } from '@tea/protocol';
import { temporaryDirectory } from '@tea/platform';
import { openModuleLog } from './module-log.ts';

function fakeTpm() {
  let value = new Uint8Array(32);
  let extensions = 0;
  return {
    extendPcr: async (_: number, digest: Uint8Array) => {
      extensions++;
      value = new Uint8Array(sha256(value, digest));
    },
    readPcrs: async () => [{ index: MODULE_PCR, digest: value }],
    get value() {
      return value;
    },
    get extensions() {
      return extensions;
    },
    reset: () => void (value = new Uint8Array(32)),
  };
}
const guest = (fill: number) => ({ contentType: 'tea.guest', content: { sha256: new Uint8Array(32).fill(fill) } }) as const;
const explains = (log: Awaited<ReturnType<typeof openModuleLog>>, tpm: { readonly value: Uint8Array }): boolean =>
  equalBytes(replay(log.records).get(MODULE_PCR) ?? new Uint8Array(32), tpm.value);

test('the log explains the PCR after every module, each measured once, over restarts of the runtime too', async () => {
  await using folder = await temporaryDirectory('module-log');
  const tpm = fakeTpm();
  const log = await openModuleLog(tpm, folder.path);
  await Promise.all([1, 2, 1, 3, 2].map((fill) => log.measure(guest(fill))));
  assert.equal(tpm.extensions, 3);
  assert.ok(explains(log, tpm));
  const again = await openModuleLog(tpm, folder.path);
  await again.measure(guest(3));
  await again.measure({ contentType: 'tea.actor', content: { name: 'a', version: '1', sha256: new Uint8Array(32) } });
  assert.equal(tpm.extensions, 4);
  assert.equal(again.records.length, 4);
  assert.ok(explains(again, tpm));
});

test('the log of a quote is what was loaded when it was made, whatever came since', async () => {
  await using folder = await temporaryDirectory('module-log');
  const tpm = fakeTpm();
  const log = await openModuleLog(tpm, folder.path);
  const sizes: number[] = [];
  const quotes = [tpm.value];
  for (const fill of [1, 2, 3]) {
    await log.measure(guest(fill));
    quotes.push(tpm.value);
  }
  for (const digest of [...quotes, new Uint8Array(32).fill(9)]) sizes.push(decodeEventLog(log.logOf([{ index: MODULE_PCR, digest }])).length);
  assert.deepEqual(sizes, [0, 1, 2, 3, 0]);
});

test('killed between writing the log and extending the PCR, the log still explains it', async () => {
  await using folder = await temporaryDirectory('module-log');
  const tpm = fakeTpm();
  const log = await openModuleLog(tpm, folder.path);
  await log.measure(guest(1));
  const dying = await openModuleLog({ ...tpm, readPcrs: tpm.readPcrs, extendPcr: async () => Promise.reject(new Error('killed')) }, folder.path);
  await assert.rejects(dying.measure(guest(2)), /killed/);
  const after = await openModuleLog(tpm, folder.path);
  assert.equal(after.records.length, 1);
  assert.ok(explains(after, tpm));
});

test('a log that the host changed, or that is of another life of the TPM, explains nothing and is not shown', async () => {
  await using folder = await temporaryDirectory('module-log');
  const tpm = fakeTpm();
  await (await openModuleLog(tpm, folder.path)).measure(guest(1));
  const path = join(folder.path, 'module-log.cbor');
  const kept = await readFile(path);
  await writeFile(path, kept.subarray(0, -1));
  assert.deepEqual((await openModuleLog(tpm, folder.path)).records, []);
  await writeFile(path, kept);
  tpm.reset();
  const reborn = await openModuleLog(tpm, folder.path);
  assert.deepEqual(reborn.records, []);
  await reborn.measure(guest(1));
  assert.ok(explains(reborn, tpm));
});
