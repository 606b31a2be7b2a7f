import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { settleErrand, waitForState } from '@tea/sdk';
import { openBusTap } from './bus-tap.ts';
import { attestedErrand, consumer, startTestNetwork } from './test-network.ts';
import * as guests from './test-guests.ts';

/** Planted in the data, and by the echoing guest in the result. */
const CANARY = 'CANARY-7f3a1c52-patient-record';

test('no key, data or result in the clear appears on the bus, on disk, in arguments or in environments', async () => {
  await using tap = openBusTap();
  await using network = await startTestNetwork({ route: tap.route });
  const errand = await attestedErrand(network, { code: guests.echo, data: new TextEncoder().encode(CANARY.repeat(20)) });
  const releases = errand.releaseAll(); // overwrites nothing of ours: the keys below are copies
  const canaries = [Buffer.from(CANARY), ...[errand.codeKey, errand.dataKey].map((key) => Buffer.from(key))];
  await releases;
  await waitForState(network.tea, errand.id, 'Running');
  await expectNowhere(canaries, 'while running', network.stateDir);
  await waitForState(network.tea, errand.id, 'Proved');
  const { output } = await errand.result();
  assert.ok(new TextDecoder().decode(output.stdout).includes(CANARY), 'the guest must have seen the canary, or this test shows nothing');
  await settleErrand(network.tea, errand.id, consumer);
  await waitForState(network.tea, errand.id, 'Settled');
  await expectNowhere(canaries, 'at the end', network.stateDir);
  const recording = Buffer.from(tap.recording());
  assert.ok(recording.length > 100_000, 'the tap must have heard the session, or this test shows nothing');
  for (const canary of canaries)
    assert.deepEqual(
      formsOf(canary).filter((form) => recording.includes(form)),
      [],
      'on the bus',
    );
});

async function expectNowhere(canaries: readonly Buffer[], when: string, stateDir: string): Promise<void> {
  for (const [place, bytes] of [...(await filesBelow(stateDir)), ...(await processes(stateDir))]) {
    for (const canary of canaries) {
      for (const form of formsOf(canary)) assert.ok(!bytes.includes(form), `${place} holds ${form.subarray(0, 12).toString('latin1')}… ${when}`);
    }
  }
}

/** As it is, and as it would stand in text. */
function formsOf(canary: Buffer): Buffer[] {
  return [
    canary,
    ...(['hex', 'base64', 'base64url'] as const).map((encoding) => Buffer.from(canary.toString(encoding).replace(/=+$/, '').slice(0, 40))),
  ];
}

async function filesBelow(folder: string): Promise<(readonly [string, Buffer])[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (path) => [path, await readFile(path).catch(() => Buffer.alloc(0))] as const));
}

/** Arguments and environments of every process that was started for this network. */
async function processes(stateDir: string): Promise<(readonly [string, Buffer])[]> {
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name));
  const read = (path: string): Promise<Buffer> => readFile(path).catch(() => Buffer.alloc(0)); // it ended, or is not ours
  const texts = await Promise.all(
    pids.map(async (pid) => [`process ${pid}`, Buffer.concat([await read(`/proc/${pid}/cmdline`), await read(`/proc/${pid}/environ`)])] as const),
  );
  return texts.filter(([, bytes]) => bytes.includes(stateDir) || bytes.includes('tea-'));
}
