import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { openHeliaNode } from '@tea/host-ipfs';
import { oneChunk } from '@tea/protocol';
import { openScreen, playErrand, startDemoNetwork } from '@tea/cli';
import { temporaryDirectory } from '@tea/platform';
import { developmentAccount } from '@tea/sdk';

/**
 * The demo's path, step by step: the median over some errands on one network, and beside it what the raw part of a step takes in the same run. `Select`
 * and what waits for a block depend on the block time of the development chain (1 s), not on our code.
 */
const ERRANDS = 7;
/** A step may take up to twice its raw parts: the rest is sealing, checking and asking over the bus. */
const RATIO_GOAL = 2;
const EXAMPLE = join(import.meta.dirname, '../../examples/breast-cancer');

const [code, data] = await Promise.all([readFile(join(EXAMPLE, 'classifier.wasm')), readFile(join(EXAMPLE, 'data/breast_cancer.csv'))]);
await using directory = await temporaryDirectory('demo-bench');
const { signal } = new AbortController();
const samples = new Map<string, number[]>();
const screen = openScreen({
  json: true,
  signal,
  out: new Writable({ decodeStrings: false, write: (line: string, _encoding, done) => (note(line), done()) }),
});

await using network = await startDemoNetwork({ screen, signal, stateDir: directory.path });
for (let errand = 0; errand < ERRANDS; errand++) {
  const input = (name: string, bytes: Uint8Array) => ({ name, sizeBytes: bytes.length, open: () => oneChunk(bytes) });
  await playErrand(network, {
    screen,
    signal,
    stateDir: directory.path,
    code: input('classifier.wasm', code),
    data: input('breast_cancer.csv', data),
    gasLimit: 10_000_000_000n,
    consent: async () => true,
  });
}

await using helia = await openHeliaNode({ dataDir: join(directory.path, 'raw-helia') });
const rawAdd = await median(async () => helia.add(oneChunk(data)));
const remark = network.tea.ledger.api.tx.System.remark({ remark: new Uint8Array(32) });
const rawExtrinsic = await median(() => network.tea.ledger.submit(remark, developmentAccount('Eve').signer));

const ofStep = (step: string): number => middle(samples.get(step) ?? []);
for (const step of samples.keys()) row(`demo.${step.toLowerCase()}Ms`, ofStep(step), 'ms', '-');
row('demo.rawAddMs', rawAdd, 'ms', '-');
row('demo.rawExtrinsicMs', rawExtrinsic, 'ms', '-');
ratio('demo.deployRatio', ofStep('Deploy') / (rawAdd + rawExtrinsic), 'the same bytes, unsealed, to raw Helia, and one bare extrinsic');
ratio('demo.fundRatio', ofStep('Fund') / (2 * rawExtrinsic), 'two bare extrinsics');
ratio('demo.releaseRatio', ofStep('Release') / rawExtrinsic, 'one bare extrinsic');
ratio('demo.settleRatio', ofStep('Settle') / rawExtrinsic, 'one bare extrinsic');

function note(line: string): void {
  const { event, step, ms } = JSON.parse(line) as { event: string; step?: string; ms?: number };
  if (event === 'step' && step !== undefined && ms !== undefined) samples.set(step, [...(samples.get(step) ?? []), ms]);
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 15; round++) {
    const start = performance.now();
    await work();
    times.push(performance.now() - start);
  }
  return middle(times);
}

function middle(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

function ratio(id: string, value: number, comparedTo: string): void {
  print({ id, value: Number(value.toFixed(2)), unit: '×', comparedTo, goal: `<= ${RATIO_GOAL}`, holds: value <= RATIO_GOAL });
}

/** What depends on the machine and the chain's block time has no goal. */
function row(id: string, value: number, unit: string, comparedTo: string): void {
  print({ id, value: Number(value.toFixed(2)), unit, comparedTo, goal: '-', holds: true });
}

function print(line: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
