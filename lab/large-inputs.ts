import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { oneChunk } from '@tea/protocol';
import { generateHpkeKeyPair } from '@tea/protocol/hpke';
import { generateContentKey } from '@tea/protocol/sealed';
import { createErrand, fetchResult, fundErrand, inspect, laptopPolicy, publish, releaseKey, storeInput, waitForState } from '@tea/sdk';
import * as guests from './test-guests.ts';
import { consumer, developer, type TestNetwork } from './test-network.ts';

const MIB = 2 ** 20;
/** As the guest counts: pieces of this size. */
const GUEST_PIECE_BYTES = 60_000;

export type LargeRun = { readonly seconds: number; readonly runtimeGrewMiB: number; readonly sandboxMiB: number };

/**
 * One errand with so many MiB of sealed data and of plain input, through the whole network, and what it took.
 * @throws AssertionError unless the guest saw every byte of both
 */
export async function runOnLargeInputs(network: TestNetwork, sizes: { readonly dataMiB: number; readonly inputMiB: number }): Promise<LargeRun> {
  const { tea, referenceValues } = network;
  const [key, resultKey] = [generateContentKey(), await generateHpkeKeyPair()];
  const code = await publish(tea, { kind: 'code', source: oneChunk(guests.thorough), visibility: { kind: 'plain' }, price: 1n, owner: developer });
  const sealed = { kind: 'sealed', key } as const;
  const data = await publish(tea, { kind: 'data', source: pattern(sizes.dataMiB), visibility: sealed, price: 1n, owner: consumer });
  const input = await storeInput(tea, { source: pattern(sizes.inputMiB), visibility: { kind: 'plain' } });
  const gasLimit = 10_000_000_000n;
  const order = { consumer, code: code.id, data: [data.id], input, gasLimit, maxPrice: gasLimit * 1_000n + 10n, policy: laptopPolicy };
  const id = await createErrand(tea, { ...order, resultKey: resultKey.publicPoint });
  await fundErrand(tea, id, consumer);
  await waitForState(tea, id, 'Attested');
  const inspection = await inspect(tea, id, { policy: laptopPolicy, referenceValues, now: new Date() });

  const before = memoryOf(network).runtimeMiB;
  const startedMs = performance.now();
  let sandboxMiB = 0;
  const watching = setInterval(() => (sandboxMiB = Math.max(sandboxMiB, memoryOf(network).sandboxMiB)), 100);
  try {
    await releaseKey(tea, { inspection, part: 'data/0', key, content: data.sha256, owner: consumer });
    await waitForState(tea, id, 'Proved', { deadlineMs: 300_000 });
  } finally {
    clearInterval(watching);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const { output, receipt } = await fetchResult(tea, inspection, resultKey);
  assert.equal(receipt.outcome, 'ok');
  const told = new DataView(output.stdout.buffer, output.stdout.byteOffset);
  assert.equal(told.getBigUint64(0, true), BigInt((sizes.dataMiB + sizes.inputMiB) * MIB));
  assert.equal(told.getBigUint64(8, true), mixed(sizes.dataMiB, mixed(sizes.inputMiB, 0n)));
  return { seconds, runtimeGrewMiB: memoryOf(network).runtimeMiB - before, sandboxMiB };
}

/** Each MiB is filled with a byte of its own. */
const byteOf = (mib: number): number => (mib * 37 + 11) % 251;

async function* pattern(mib: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < mib; index++) yield new Uint8Array(MIB).fill(byteOf(index));
}

/** The number that the guest makes of the first byte of each of its pieces, going on from the one it made of another content before. */
function mixed(mib: number, before: bigint): bigint {
  let sum = before;
  for (let at = 0; at < mib * MIB; at += GUEST_PIECE_BYTES) sum = BigInt.asUintN(64, sum * 31n + BigInt(byteOf(Math.floor(at / MIB))));
  return sum;
}

/** Peak resident memory of the network's tea-runtime, and of the largest process below it. */
function memoryOf({ stateDir }: TestNetwork): { readonly runtimeMiB: number; readonly sandboxMiB: number } {
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const [own = 0, ...below] = isRuntime(pid, stateDir) ? peaks(pid) : [];
    if (own > 0) return { runtimeMiB: own, sandboxMiB: Math.max(0, ...below) };
  }
  throw new Error('no tea-runtime runs');
}

function isRuntime(pid: string, stateDir: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${stateDir}/tee/tee-runtime.mjs`);
  } catch {
    return false; // it ended meanwhile
  }
}

function peaks(pid: string): number[] {
  try {
    const own = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    return [Number(own ?? 0) / 1024, ...children.flatMap(peaks)];
  } catch {
    return [];
  }
}
