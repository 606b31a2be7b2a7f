import { readFile } from 'node:fs/promises';
import { AccountId, createClient } from 'polkadot-api';
import { getWsProvider } from 'polkadot-api/ws';
import { tea } from '@polkadot-api/descriptors';
import { connectNats } from '@tea/host-nats';
import { startChain } from '@tea/layer1-chain';
import { temporaryDirectory } from '@tea/platform';
import { IPFS_STAT } from '@tea/protocol';
import { natsBus } from '@tea/protocol/bus';
import { layer1Provider } from '@tea/protocol/layer1';
import { openLedger } from '@tea/protocol/ledger';
import { accountFromSeed, developmentAccount, ss58 } from '@tea/sdk';
import { startTestLayer1 } from '../test-layer1.ts';
import { type FullBlock, measureFullBlock } from '../../host/layer1/chain/testing/full-block.ts';
import { measureNative } from './layer1-native.ts';
import { serveWebSocket } from './websocket-chain-server.ts';

/**
 * Layer 1 as a client meets it: polkadot-api over NATS, gateway and embedded chain, all on real parts in a process of their own. The direct
 * figures speak to the same chain over a WebSocket, as to a node, so that the gateway's price is the ratio. Requests take turns, gateway and
 * direct, so that both meet the machine in the same mood.
 *
 * chopsticks-core is 97 packages and 167 MB, so it is no dependency: `lab/heavy/beside-chopsticks.ts` installs it beside and measures both in one run.
 */
const SUBMISSIONS = 40;
const EXTRINSICS = 1_500;
const REQUESTS = 500;
const UNIT = 10n ** 12n;
/** More than a block takes by weight. */
const MORE_THAN_A_BLOCK = 4_000;
/** Of a public network. */
const SLOT_MS = 6_000;

const alice = developmentAccount('Alice');
const receiver = ss58(new Uint8Array(32).fill(7));

function row(id: string, value: number, unit: string, comparedTo: string, goal: string, holds: boolean): void {
  process.stdout.write(`${JSON.stringify({ id, value: Number(value.toPrecision(4)), unit, comparedTo, goal, holds })}\n`);
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
await using webSocket = await serveWebSocket(layer1.chain);
const direct = createClient(getWsProvider(webSocket.url));

process.stderr.write('submitting, one after the other ...\n');
const directApi = direct.getTypedApi(tea);
const transferBy = (api: typeof directApi) => api.tx.Balances.transfer_keep_alive({ dest: { type: 'Id', value: receiver }, value: UNIT });
const transfer = () => transferBy(client.api);
await transfer().signAndSubmit(alice.signer);
const latencies: number[] = [];
const directLatencies: number[] = [];
for (let index = 0; index < SUBMISSIONS; index++) {
  // Each signs for an account of its own, by the nonce that it has heard of.
  for (const [taken, by, api, account] of [
    [latencies, client.client, client.api, alice],
    [directLatencies, direct, directApi, developmentAccount('Bob')],
  ] as const) {
    const signed = await transferBy(api).sign(account.signer);
    taken.push(await timed(() => by.submit(signed)));
  }
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
const inTurn = async (...asks: readonly (() => Promise<unknown>)[]): Promise<number[]> => {
  const values = asks.map((): number[] => []);
  for (let index = 0; index < REQUESTS; index++) for (const [at, ask] of asks.entries()) values[at]?.push(await timed(ask));
  return values.map((each) => median(each.slice(REQUESTS / 10)));
};
const echo = await connectNats(layer1.nats.credentials('ipfs'));
echo.subscribe(IPFS_STAT, { callback: (error, message) => void (error === null && message.respond(message.data)) });
await echo.flush();
const frame = new Uint8Array(150);
const [directMs = Number.NaN, busMs = Number.NaN, gatewayMs = Number.NaN] = await inTurn(
  () => direct._request('state_getStorage', [key]),
  () => client.connection.request(IPFS_STAT, frame),
  () => client.client._request('state_getStorage', [key]),
);
await echo.close();
const [metadataDirectMs = Number.NaN, metadataGatewayMs = Number.NaN] = await inTurn(
  () => direct._request('state_call', ['Metadata_metadata', '0x']),
  () => client.client._request('state_call', ['Metadata_metadata', '0x']),
);

process.stderr.write('reading with proofs ...\n');
await using ledger = await openLedger(layer1Provider({ bus: natsBus(client.connection, layer1.nats.credentials('client').inboxPrefix) }));
const proven = (): Promise<unknown> => ledger.state.read([Uint8Array.fromHex(key.slice(2))]);
await proven();
const [wordMs = Number.NaN, provenMs = Number.NaN] = await inTurn(() => ledger.client._request('state_getStorage', [key]), proven);
const newBlocks: number[] = [];
for (let index = 0; index < SUBMISSIONS; index++) {
  const height = ledger.blockNumber();
  await ledger.submit(transfer(), alice.signer);
  await ledger.waitFor(
    'a block',
    async () => ledger.blockNumber(),
    (number) => number > height,
  );
  newBlocks.push(await timed(proven));
}
const newBlockMs = median(newBlocks);

process.stderr.write('filling blocks ...\n');
const immortal = (nonce: number) => ({ nonce, mortality: { mortal: false } }) as const;
const zeros = `0x${'00'.repeat(32)}` as const;
const publish = client.api.tx.Content.publish({
  kind: { type: 'Code', value: undefined },
  cid: new Uint8Array(36),
  sha256: zeros,
  size: 1n,
  visibility: { type: 'Plain', value: undefined },
  price: UNIT,
});
const create = client.api.tx.Errands.create({
  code: 1n,
  data: [],
  input: undefined,
  gas_limit: 1_000_000n,
  max_price: 100n * UNIT,
  policy: zeros,
  result_key: new Uint8Array(65).fill(4),
});
const published = await publish.sign(alice.signer, immortal(0));
const fullBlocks = new Map<string, FullBlock>();
for (const [what, call] of [
  ['transfers', transfer()],
  ['errands', create],
] as const) {
  const many: Uint8Array[] = [];
  for (let nonce = 1; nonce <= MORE_THAN_A_BLOCK; nonce++) many.push(await call.sign(alice.signer, immortal(nonce)));
  fullBlocks.set(what, await measureFullBlock([published], many));
}

const rss = process.memoryUsage().rss / 2 ** 20;
const submitMs = median(latencies);
const perSecond = (EXTRINSICS * 1000) / burst;
row('layer1.bootMs', median(boots), 'ms', 'a real node: seconds', '< 1000', median(boots) < 1_000);
row('layer1.submitFinalisedMs', submitMs, 'ms p50', 'chopsticks-core: 747 ms (lab/heavy/beside-chopsticks.ts)', '<= 60', submitMs <= 60);
row('layer1.extrinsicsPerSecond', perSecond, 'per second', 'chopsticks-core: 4 (lab/heavy/beside-chopsticks.ts)', '>= 500', perSecond >= 500);
row(
  'layer1.gatewayRatio',
  gatewayMs / directMs,
  'gateway / direct',
  `storage read over a WebSocket: ${directMs.toFixed(3)} ms`,
  '<= 1.3',
  gatewayMs <= 1.3 * directMs,
);
row(
  'layer1.gatewaySubmitRatio',
  submitMs / median(directLatencies),
  'gateway / direct',
  `submitting until final over a WebSocket: ${median(directLatencies).toFixed(1)} ms`,
  '<= 1.3',
  submitMs <= 1.3 * median(directLatencies),
);
row(
  'layer1.gatewayOverBusRatio',
  gatewayMs / (directMs + busMs),
  'gateway / (direct + bus)',
  `a bare NATS request and reply: ${busMs.toFixed(3)} ms`,
  '<= 1.3',
  gatewayMs <= 1.3 * (directMs + busMs),
);
row(
  'layer1.gatewayBulkRatio',
  metadataGatewayMs / metadataDirectMs,
  'gateway / direct',
  `metadata over a WebSocket: ${metadataDirectMs.toFixed(2)} ms`,
  '<= 1.3',
  metadataGatewayMs <= 1.3 * metadataDirectMs,
);
row('layer1.provenReadMs', provenMs, 'ms p50', `the host's word: ${wordMs.toFixed(2)} ms`, '<= 5', provenMs <= 5);
row('layer1.provenNewBlockMs', newBlockMs, 'ms p50', 'a read in a block whose seal is not checked yet', '<= 15', newBlockMs <= 15);
row('layer1.rssMiB', rss, 'MiB', 'this whole process: chain, bus client, polkadot-api twice', 'reported', true);
for (const [what, { fitting, authorMs, importMs, limitedMs, limitedFitting }] of fullBlocks) {
  const full = `${fitting} in a block that is full by weight (two seconds of the SDK's reference machine)`;
  row(`layer1.fullBlockAuthorMs.${what}`, authorMs, 'ms of processor', full, `<= ${SLOT_MS}`, authorMs <= SLOT_MS);
  row(`layer1.fullBlockImportMs.${what}`, importMs, 'ms of processor', full, `<= ${SLOT_MS}`, importMs <= SLOT_MS);
  const own = `${limitedFitting} in a block of the embedded chain, which ends one after 400 ms`;
  row(`layer1.ownBlockMs.${what}`, limitedMs, 'ms', own, '<= 1000', limitedMs <= 1_000);
}
direct.destroy();

measureNative(row);
