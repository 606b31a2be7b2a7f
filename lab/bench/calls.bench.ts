/**
 * What a call costs beside the run that it is for: from the order to the checked answer, on a real network of one node; the same component in the same kind of
 * sandbox without client, bus, voucher, receipt and quote. And what a node spends on being paid.
 */
import { oneChunk, secureRandom, sha256 } from '@tea/protocol';
import { openSession } from '@tea/protocol/call';
import { decodeVoucher, verifyVoucher, voucherMessage, encodeVoucher } from '@tea/protocol/layer1';
import { laptopPolicy, openCalls, openChannel, publish } from '@tea/sdk';
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { openSandboxPool, runGuest, type GuestJob } from '@tea/wasm';
import { ECHO, handler } from '../../tee/wasm/testing/handlers.ts';
import { consumer, developer, startTestNetwork } from '../test-network.ts';
import { median } from './meter-overhead.ts';

const CALLS = 30;
/** Between two runs, so that a sandbox waits for the next one, in the TEE and here. */
const PAUSE_MS = 600;
const TEA = 10n ** 12n;

function row(id: string, value: number, unit: string, comparedTo: string, goal: string, holds: boolean): void {
  console.log(JSON.stringify({ id, value: Number(value.toFixed(3)), unit, comparedTo, goal, holds }));
}

async function timedMs(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));

const module = handler(ECHO);
const input = new Uint8Array(1024).fill(7);
const limits = { gas: 1_000_000n, memoryBytes: 256 << 20, outputBytes: 2 << 20, wallMs: 30_000 };
const call = { function: 'run', caller: consumer.publicKey };
const job: GuestJob = { module, args: ['guest'], env: {}, stdin: input, call, data: [], limits, clockMs: 0, seed: new Uint8Array(32) };

/** The runner as one file in memory, as the TEE has it. */
async function bundledRunner(): Promise<Uint8Array> {
  const entry = fileURLToPath(new URL('../../tee/wasm/guest-runner.ts', import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, write: false, platform: 'node', format: 'esm', logLevel: 'error' });
  return outputFiles[0]?.contents ?? new Uint8Array();
}

{
  await using network = await startTestNetwork();
  const { tea, node, referenceValues } = network;
  const { id } = await publish(tea, { kind: 'code', source: oneChunk(module), visibility: { kind: 'plain' }, price: 0n, owner: developer });
  const channel = await openChannel(tea, { node, amount: 10n * TEA, endsAtBlock: tea.ledger.blockNumber() + 5_000, depositor: consumer });
  const calls = await openCalls(tea, { node, channel, depositor: consumer, policy: laptopPolicy, referenceValues, now: new Date() });
  const runnerSource = await bundledRunner();
  await using pool = await openSandboxPool({ ...limits, inputBytes: 16 << 20 }, { runnerSource });
  const [called, raw]: [number[], number[]] = [[], []];
  for (let index = 0; index < CALLS + 3; index++) {
    await pause();
    const whole = await timedMs(() => calls.call({ content: id, function: 'run', input, gasLimit: limits.gas }));
    const alone = await timedMs(() => runGuest(job, { runnerSource, pool }));
    if (index >= 3) {
      called.push(whole);
      raw.push(alone);
    }
  }
  const [wholeMs, aloneMs] = [median(called), median(raw)];
  row(
    'calls.roundTripMs',
    wholeMs,
    'ms',
    `the same component run alone: ${aloneMs.toFixed(1)} ms, p50 of ${CALLS} in turn`,
    'at most 100',
    wholeMs <= 100,
  );
  row(
    'calls.overheadMs',
    wholeMs - aloneMs,
    'ms',
    'the same: what client, bus, session, receipt and quote take',
    'at most 50',
    wholeMs - aloneMs <= 50,
  );
}

const terms = { chain: sha256(), channel: 1n, node: sha256(Uint8Array.of(1)), amount: TEA };
const voucher = decodeVoucher(encodeVoucher({ ...terms, signature: consumer.sign(voucherMessage(terms)) }));
const ROUNDS = 300;
for (let round = 0; round < 20; round++) verifyVoucher(voucher, consumer.publicKey);
const verifying = await timedMs(async () => {
  for (let round = 0; round < ROUNDS; round++) verifyVoucher(voucher, consumer.publicKey);
});
const verifyUs = (verifying * 1_000) / ROUNDS;
row(
  'calls.voucherVerifyUs',
  verifyUs,
  'µs',
  'sr25519 in JavaScript, one signature; a voucher may pay for many calls',
  'at most 2000',
  verifyUs <= 2_000,
);

const sessionTerms = { chain: terms.chain, node: terms.node, evidence: terms.chain, callKey: new Uint8Array(65), channel: 1n };
const session = await openSession(sessionTerms, secureRandom(32), secureRandom);
const frames = await timedMs(async () => {
  for (let round = 1n; round <= 1_000n; round++) await session.open('request', round, await session.seal('request', round, input));
});
row('calls.frameUs', frames, 'µs', 'sealing and opening 1 KiB once, mean of 1,000', 'at most 500', frames <= 500);
