import { readFile } from 'node:fs/promises';
import { AccountId, createClient } from 'polkadot-api';
import { startChain } from '@tea/layer1-chain';
import { temporaryDirectory } from '@tea/platform';
import { accountFromSeed, developmentAccount, ss58 } from '@tea/sdk';
import { startTestLayer1 } from '../test-layer1.ts';

/**
 * Layer 1 as a client meets it: polkadot-api over NATS, gateway and embedded chain, all on real parts in a process of their own. The direct
 * figures speak to the same chain without the bus, so that the gateway's price is the ratio.
 */
const SUBMISSIONS = 40;
const EXTRINSICS = 1_500;
const REQUESTS = 500;
const UNIT = 10n ** 12n;

const alice = developmentAccount('Alice');
const receiver = ss58(new Uint8Array(32).fill(7));

function row(id: string, value: number, unit: string, comparedTo: string, goal: string, holds: boolean): void {
  process.stdout.write(`${JSON.stringify({ id, value: Math.round(value * 100) / 100, unit, comparedTo, goal, holds })}\n`);
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
async function timed(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

process.stderr.write('starting the embedded chain five times ...\n');
const runtimeWasm = new Uint8Array(await readFile(new URL('../../host/layer1/runtime/runtime.wasm', import.meta.url)));
const boots: number[] = [];
for (let index = 0; index < 5; index++) {
  await using directory = await temporaryDirectory('bench');
  boots.push(
    await timed(async () => {
      await using _chain = await startChain({ preset: 'development', dataDir: directory.path, runtimeWasm });
    }),
  );
}

await using layer1 = await startTestLayer1();
await using client = await layer1.open();
const direct = createClient((onMessage) => {
  const session = layer1.chain.connect((frame) => onMessage(JSON.parse(frame) as Parameters<typeof onMessage>[0]));
  return { send: (message) => session.send(JSON.stringify(message)), disconnect: () => session.close() };
});

process.stderr.write('submitting, one after the other ...\n');
const transfer = () => client.api.tx.Balances.transfer_keep_alive({ dest: { type: 'Id', value: receiver }, value: UNIT });
await transfer().signAndSubmit(alice.signer);
const latencies: number[] = [];
for (let index = 0; index < SUBMISSIONS; index++) {
  const signed = await transfer().sign(alice.signer);
  latencies.push(await timed(() => client.client.submit(signed)));
}

process.stderr.write('validating and applying many at once ...\n');
const sender = accountFromSeed('bench', new Uint8Array(32).fill(8));
await client.api.tx.Balances.transfer_keep_alive({
  dest: { type: 'Id', value: AccountId().dec(sender.publicKey) },
  value: 10_000n * UNIT,
}).signAndSubmit(alice.signer);
const signed: string[] = [];
for (let nonce = 0; nonce < EXTRINSICS; nonce++)
  signed.push(`0x${(await transfer().sign(sender.signer, { nonce, mortality: { mortal: false } })).toHex()}`);
const included = async (from: number): Promise<number> => {
  let count = 0;
  // The timestamp inherent is in every block.
  for await (const { extrinsics } of layer1.chain.blocks(from)) count += extrinsics.length - 1;
  return count;
};
const first = (await layer1.chain.status()).best.number + 1;
const burst = await timed(async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let answers = 0;
  const session = layer1.chain.connect((frame) => {
    if (frame.includes('error')) process.stderr.write(`${frame}\n`);
    answers += 1;
    if (answers === EXTRINSICS) resolve();
  });
  for (const [id, extrinsic] of signed.entries())
    session.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'author_submitExtrinsic', params: [extrinsic] }));
  await promise;
  while ((await layer1.chain.status()).pooled > 0);
  session.close();
});
while ((await layer1.chain.status()).finalised.number < (await layer1.chain.status()).best.number);
const applied = await included(first);
if (applied !== EXTRINSICS) throw new Error(`${applied} of ${EXTRINSICS} extrinsics are in blocks`);

process.stderr.write('asking through the gateway and without it ...\n');
const key = await client.api.query.System.Account.getKey(receiver);
const requestLatency = async (ask: () => Promise<unknown>): Promise<number> => {
  const values: number[] = [];
  for (let index = 0; index < REQUESTS; index++) values.push(await timed(ask));
  return median(values.slice(REQUESTS / 10));
};
const directMs = await requestLatency(() => direct._request('state_getStorage', [key]));
const gatewayMs = await requestLatency(() => client.client._request('state_getStorage', [key]));
const metadataDirectMs = await requestLatency(() => direct._request('state_call', ['Metadata_metadata', '0x']));
const metadataGatewayMs = await requestLatency(() => client.client._request('state_call', ['Metadata_metadata', '0x']));

const rss = process.memoryUsage().rss / 2 ** 20;
const submitMs = median(latencies);
const perSecond = (EXTRINSICS * 1000) / burst;
row('layer1.bootMs', median(boots), 'ms', 'a real node: seconds', '< 1000', median(boots) < 1_000);
row('layer1.submitFinalisedMs', submitMs, 'ms p50', 'chopsticks-core: 500-1000 ms (findings)', '<= 60', submitMs <= 60);
row('layer1.extrinsicsPerSecond', perSecond, 'per second', 'chopsticks-core: 8-13 (findings)', '>= 500', perSecond >= 500);
row('layer1.requestRatio', gatewayMs / directMs, 'gateway / direct', `direct storage read: ${directMs.toFixed(3)} ms`, 'reported', true);
row(
  'layer1.gatewayRatio',
  metadataGatewayMs / metadataDirectMs,
  'gateway / direct',
  `direct runtime call: ${metadataDirectMs.toFixed(2)} ms`,
  '<= 1.3',
  metadataGatewayMs <= 1.3 * metadataDirectMs,
);
row('layer1.rssMiB', rss, 'MiB', 'this whole process: chain, bus client, polkadot-api twice', 'reported', true);
direct.destroy();
