/**
 * What the way through the web adapter costs beside the bare bus. Client, adapter, bus and service are processes of their own, as in a network; the client asks
 * a service that gives back what it gets.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectNats, startNats } from '@tea/host-nats';
import { readyLine, spawnChild, temporaryDirectory } from '@tea/platform';
import { IPFS_STAT, type NatsCredentials } from '@tea/protocol';
import { busRequests } from '@tea/protocol/bus';
import { openWebLink, type WebLink } from '@tea/sdk';
import * as v from 'valibot';
import { timed } from './transport-content.ts';

const CLIENTS = 2_000;
const ROUNDS = 2_000;
const BUSY_LINKS = 32;
const BUSY_MS = 5_000;
const AT_ONCE = 16;
const PAYLOAD = new Uint8Array(256);
const QUESTION = { what: 'Asking', timeoutMs: 30_000 };
/** All clients are of one address here, and what is measured is not to be their limit. */
const OPEN = { maxConnectionsPerAddress: CLIENTS + 100, requestsPerSecond: 1e9, requestBurst: 1e9 };

function percentile(samples: readonly number[], share: number): number {
  return samples.toSorted((a, b) => a - b)[Math.floor(samples.length * share)] ?? Number.NaN;
}

function row(id: string, value: number, unit: string, comparedTo: string, goal: number, atLeast = false): void {
  const holds = atLeast ? value >= goal : value <= goal;
  process.stdout.write(
    `${JSON.stringify({ id, value: Number(value.toFixed(3)), unit, comparedTo, goal: `${atLeast ? '>=' : '<='} ${goal}`, holds })}\n`,
  );
}

await using stack = new AsyncDisposableStack();
const directory = stack.use(await temporaryDirectory('adapter-bench'));
const bus = stack.use(await startNats({ dataDir: join(directory.path, 'bus') }));

async function start(part: 'adapter' | 'service', credentials: NatsCredentials, limits: Record<string, number> = {}) {
  const args = [fileURLToPath(new URL('adapter.host.ts', import.meta.url))];
  const child = stack.use(await spawnChild({ name: part, command: process.execPath, args, startLine: { part, credentials, limits } }));
  return readyLine(child, v.object({ linkUrl: v.string(), pid: v.number() }));
}
async function dial(url: string): Promise<WebLink> {
  return stack.use(await openWebLink({ url, client: crypto.getRandomValues(new Uint8Array(16)), connectTimeoutMs: 60_000 }));
}
const ask = (link: WebLink): Promise<Uint8Array> => link.ask(IPFS_STAT, PAYLOAD, QUESTION);

/** Of a process: resident memory, and user and system time in seconds (proc(5), fields 14 and 15 of stat, in ticks of which Linux has 100). */
function usage(pid: number): { readonly mib: number; readonly seconds: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { mib: Number(resident) / 1024, seconds: (Number(fields[11]) + Number(fields[12])) / 100 };
}

await start('service', bus.credentials('ipfs'));
const adapter = await start('adapter', bus.credentials('client'), OPEN);
const connection = await connectNats(bus.credentials('probe'));
stack.defer(() => connection.close());
const raw = busRequests(connection);

process.stderr.write('one request at a time ...\n');
const first = await dial(adapter.linkUrl);
const times = { link: [] as number[], raw: [] as number[] };
for (let round = -300; round < ROUNDS; round++) {
  const link = await timed(() => ask(first));
  const bare = await timed(() => raw(IPFS_STAT, PAYLOAD, QUESTION));
  if (round < 0) continue; // files and code get warm
  times.link.push(link.ms);
  times.raw.push(bare.ms);
}
const [ours, bare] = [percentile(times.link, 0.5), percentile(times.raw, 0.5)];
row('adapter.p50Ratio', ours / bare, `ratio of p50, ours ${ours.toFixed(3)} ms`, `the same request over NATS: ${bare.toFixed(3)} ms`, 1.5);

process.stderr.write('as many as it takes ...\n');
const busy = await Promise.all(Array.from({ length: BUSY_LINKS }, () => dial(adapter.linkUrl)));
const until = performance.now() + BUSY_MS;
let served = 0;
const before = usage(adapter.pid).seconds;
await Promise.all(
  busy.flatMap((link) =>
    Array.from({ length: AT_ONCE }, async () => {
      for (; performance.now() < until; served++) await ask(link);
    }),
  ),
);
const seconds = usage(adapter.pid).seconds - before;
row(
  'adapter.requestsPerSecond',
  served / seconds,
  'requests per second of its processor time',
  `${Math.round(served / (BUSY_MS / 1_000))} a second of the clock, clients, bus and service on the same cores`,
  15_000,
  true,
);

process.stderr.write(`${CLIENTS} clients ...\n`);
for (let dialled = 0; dialled < CLIENTS; dialled += 100) {
  await Promise.all(Array.from({ length: 100 }, async () => ask(await dial(adapter.linkUrl))));
}
row('adapter.rssMiB', usage(adapter.pid).mib, 'MiB', `${CLIENTS} clients connected, each served once, after the load above`, 200);

process.stderr.write('beside a client that floods ...\n');
const limited = await start('adapter', bus.credentials('client'), {});
const [gentle, flood] = [await dial(limited.linkUrl), await dial(limited.linkUrl)];
const alone = await gentleTimes();
const end = new AbortController();
const flooding = Promise.all(
  Array.from({ length: 64 }, async () => {
    // Its refusals are answers too, and come as fast.
    while (!end.signal.aborted) await ask(flood).catch(() => undefined);
  }),
);
const beside = await gentleTimes();
end.abort();
await flooding;
row(
  'adapter.floodP99Ratio',
  percentile(beside, 0.99) / percentile(alone, 0.99),
  `ratio of p99, ${percentile(beside, 0.99).toFixed(2)} ms beside a flood`,
  `alone: ${percentile(alone, 0.99).toFixed(2)} ms`,
  2,
);

/** 100 requests a second, below what a client may. */
async function gentleTimes(): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < 500; round++) {
    samples.push((await timed(() => ask(gentle))).ms);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return samples;
}
