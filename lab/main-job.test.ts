import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryDirectory } from '@tea/platform';
import { verifyProof } from '@tea/sdk';
import { readAgain } from './oracles/second-reader.ts';

const CLI = fileURLToPath(new URL('../client/cli/main.ts', import.meta.url));

type Event = { readonly event: string; readonly step?: string } & Readonly<Record<string, unknown>>;

test('tea demo takes sealed code and sealed data through the whole life of an errand, and the proof verifies', async () => {
  await using directory = await temporaryDirectory('demo');
  const { code, events } = await runTea(['demo', '--yes', '--json', '--dir', directory.path]);
  assert.equal(code, 0);
  assert.deepEqual(
    events.filter(({ event }) => event === 'step').map(({ step }) => step),
    ['Host', 'TEE', 'Join', 'Deploy', 'Deploy', 'Fund', 'Select', 'Attest', 'Inspect', 'Release', 'Inspect', 'Release', 'Run', 'Result', 'Settle'],
  );
  assert.deepEqual(new Set(events.filter(({ step }) => step === 'Inspect').map(({ trustClass }) => trustClass)), new Set(['simulated']));
  const scores = await readFile(join(directory.path, 'result/scores.csv'), 'utf8');
  assert.equal(scores.trim().split('\n').length, 1 + 569);
  assert.match(await readFile(join(directory.path, 'result/stdout.txt'), 'utf8'), /569/);

  const proofPath = join(directory.path, 'proof.json');
  const verified = await runTea(['verify', proofPath, '--json']);
  assert.equal(verified.events[0]?.['verdict'], 'holds');
  assert.equal(verified.code, 0);
  assert.equal((await runTea(['verify', proofPath, '--json', '--checkout'])).code, 0);
  const elsewhere = await runTea(['verify', proofPath, '--json', '--genesis', '11'.repeat(32)]);
  assert.equal(elsewhere.code, 1, 'a proof of another network');
  const proof = new Uint8Array(await readFile(proofPath));
  const [second] = await readAgain([proof]);
  assert.deepEqual([second?.verdict, second?.failed], ['holds', []], 'the reader that knows the documents alone');
  assert.ok(!second?.open.some((id) => id.startsWith('selection.')), 'it made the choice of the executor again');
  for (let index = 0; index < proof.length; index += 211) {
    const report = await verifyProof(proof.with(index, (proof[index] ?? 0) ^ 1));
    assert.equal(report.verdict, 'fails', `byte ${index} flipped`);
    assert.ok(report.claims.some(({ outcome }) => outcome === 'failed'));
  }
});

test('a second demo in the same folder goes on with the node and the chain that are there', async () => {
  await using directory = await temporaryDirectory('demo');
  const args = ['demo', '--yes', '--json', '--dir', directory.path];
  assert.equal((await runTea(args)).code, 0);
  const { code, events } = await runTea(args);
  assert.equal(code, 0);
  assert.equal(events.at(-1)?.['errand'], '2');
});

for (const step of ['Host', 'TEE', 'Deploy', 'Attest', 'Release']) {
  test(`Ctrl-C after step ${step} leaves no process behind`, async () => {
    await using directory = await temporaryDirectory('demo');
    const { code } = await runTea(['demo', '--yes', '--json', '--dir', directory.path], step);
    assert.equal(code, 130);
    assert.deepEqual(await processesOf(directory.path), []);
  });
}

test('a program that can not be read is told before anything starts', async () => {
  const { code, stderr } = await runTea(['demo', '--yes', '--code', '/nowhere/at-all.wasm']);
  assert.equal(code, 64);
  assert.match(stderr, /at-all\.wasm can't be read/);
});

/** @param interruptAfter the step after whose line Ctrl-C is pressed */
async function runTea(args: readonly string[], interruptAfter?: string): Promise<{ code: number | null; events: Event[]; stderr: string }> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const events: Event[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const event = line.startsWith('{') ? (JSON.parse(line) as Event) : { event: 'text', line };
    events.push(event);
    if (event.event === 'step' && event.step === interruptAfter) child.kill('SIGINT');
  }
  await closed;
  if (child.exitCode !== 0 && interruptAfter === undefined && stderr !== '') console.error(stderr);
  return { code: child.exitCode, events, stderr };
}

async function processesOf(stateDir: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^[0-9]+$/.test(name));
  // Arguments, and the folder it runs in: what swtpm is told is relative to that.
  const processes = pids.map(async (pid) => {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return `${command} in ${await readlink(`/proc/${pid}/cwd`).catch(() => '')}`;
  });
  return (await Promise.all(processes)).filter((process) => process.includes(stateDir));
}
