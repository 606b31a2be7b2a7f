/**
 * What the way to a content costs: adding and reading over the bus, verified block by block, against Helia called directly on the same disk; a
 * request's round trip; and sealing against WebCrypto's bare AES-GCM. Client, store and raw Helia are processes of their own, as in a network, and run in
 * turns; medians.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectNats, startNats } from '@tea/host-nats';
import { readyLine, spawnChild, temporaryDirectory } from '@tea/platform';
import { encodeCbor, IPFS_STAT } from '@tea/protocol';
import { busRequests } from '@tea/protocol/bus';
import { ipfsClient, parseCid } from '@tea/protocol/ipfs';
import { generateContentKey, openContent, sealContent } from '@tea/protocol/sealed';
import * as v from 'valibot';
import { CONTENT_BYTES, drain, freshContent, timed } from './transport-content.ts';

const BLOCKS_OF_ROUNDS = 3;
const ROUNDS = 3;
const REQUESTS = 2_000;

function percentile(samples: readonly number[], share: number): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length * share)] ?? Number.NaN;
}

function row(id: string, value: number, unit: string, comparedTo: string, goal: number): void {
  process.stdout.write(`${JSON.stringify({ id, value: Number(value.toFixed(3)), unit, comparedTo, goal: `<= ${goal}`, holds: value <= goal })}\n`);
}

const megabytesPerSecond = (ms: number): string => `${Math.round(CONTENT_BYTES / 1e6 / (ms / 1e3))} MB/s`;

await using stack = new AsyncDisposableStack();
const directory = stack.use(await temporaryDirectory('transport-bench'));
const bus = stack.use(await startNats({ dataDir: join(directory.path, 'bus') }));
const host = stack.use(
  await spawnChild({
    name: 'content service',
    command: process.execPath,
    args: [fileURLToPath(new URL('transport.host.ts', import.meta.url))],
    startLine: { dataDir: join(directory.path, 'served'), credentials: bus.credentials('ipfs') },
  }),
);
await readyLine(host, v.object({ ready: v.literal(true) }));
const connection = await connectNats(bus.credentials('probe'));
stack.defer(() => connection.close());
const client = ipfsClient(connection);
const ask = busRequests(connection);

const times = { add: [] as number[], rawAdd: [] as number[], cat: [] as number[], rawCat: [] as number[], seal: [] as number[], aes: [] as number[] };
const key = generateContentKey();
const aesKey = await crypto.subtle.importKey('raw', key as Uint8Array<ArrayBuffer>, 'AES-GCM', false, ['encrypt', 'decrypt']);
let cid = '';
for (let block = 0; block < BLOCKS_OF_ROUNDS; block++) {
  process.stderr.write(`block ${block + 1} of ${BLOCKS_OF_ROUNDS} ...\n`);
  const raw = await rawHelia();
  times.rawAdd.push(...raw.add);
  times.rawCat.push(...raw.cat);
  for (let round = -1; round < ROUNDS; round++) {
    const added = await timed(() => client.add(freshContent()));
    cid = added.result.cid;
    const read = await timed(() => drain(client.cat(cid)));
    const sealed = await timed(() => drain(openContent(sealContent(freshContent(), key), key)));
    const aes = await timed(() => bareAesGcm(freshContent()));
    if (round < 0) continue; // files and code get warm
    times.add.push(added.ms);
    times.cat.push(read.ms);
    times.seal.push(sealed.ms);
    times.aes.push(aes.ms);
  }
}
async function rawHelia(): Promise<{ add: number[]; cat: number[] }> {
  await using child = await spawnChild({
    name: 'raw Helia',
    command: process.execPath,
    args: [fileURLToPath(new URL('transport.raw.ts', import.meta.url)), String(ROUNDS)],
  });
  return await readyLine(child, v.object({ add: v.array(v.number()), cat: v.array(v.number()) }), { deadlineMs: 120_000 });
}

async function bareAesGcm(source: AsyncIterable<Uint8Array>): Promise<void> {
  const parameters = { name: 'AES-GCM', iv: new Uint8Array(12) };
  for await (const piece of source) {
    const sealed = await crypto.subtle.encrypt(parameters, aesKey, piece as Uint8Array<ArrayBuffer>);
    await crypto.subtle.decrypt(parameters, aesKey, sealed);
  }
}

const requests: number[] = [];
const question = encodeCbor({ cid: parseCid(cid).bytes });
for (let request = -200; request < REQUESTS; request++) {
  const { ms } = await timed(() => ask(IPFS_STAT, question, { what: 'Asking', timeoutMs: 5_000 }));
  if (request >= 0) requests.push(ms);
}

const p50 = (name: keyof typeof times): number => percentile(times[name], 0.5);
const versus = (name: keyof typeof times, bare: string): string => `${bare}: ${megabytesPerSecond(p50(name))}`;
row(
  'ipfs.addOverNatsRatio',
  p50('add') / p50('rawAdd'),
  `ratio of p50, ours ${megabytesPerSecond(p50('add'))}`,
  versus('rawAdd', 'Helia called directly, which hashes once and not in two processes'),
  4,
);
row(
  'ipfs.catOverNatsRatio',
  p50('cat') / p50('rawCat'),
  `ratio of p50, ours ${megabytesPerSecond(p50('cat'))}`,
  versus('rawCat', 'Helia called directly'),
  3,
);
row(
  'sealed.sealAndOpenRatio',
  p50('seal') / p50('aes'),
  `ratio of p50, ours ${megabytesPerSecond(p50('seal'))}`,
  versus('aes', 'AES-GCM of 256 KiB pieces'),
  3,
);
row('nats.requestP50', percentile(requests, 0.5), 'ms', 'a served request, its work in the store included', 1);
row('nats.requestP95', percentile(requests, 0.95), 'ms', 'a served request, its work in the store included', 5);
