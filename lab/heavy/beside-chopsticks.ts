import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'polkadot-api';
import { rawGenesis, startChain } from '@tea/layer1-chain';
import { requireTool, temporaryDirectory } from '@tea/platform';
import { developmentAccount, ss58 } from '@tea/sdk';
import { portProvider } from '../../host/layer1/chain/testing/port-client.ts';

/**
 * A heavy job, not part of `tea bench`: the embedded chain beside chopsticks-core, the other way to run a Substrate runtime from npm alone, in one
 * process, with the same runtime, the same client (polkadot-api) and the same transfers. chopsticks-core is 97 packages and 167 MB, so it is no
 * dependency of this repository: the job installs it beside, in `~/.cache/tea/oracles`, and keeps it.
 *
 *     node lab/heavy/beside-chopsticks.ts
 */
const VERSION = '1.5.1';
const GOAL = 20;
const SUBMISSIONS = 10;
const BURST = 200;
const UNIT = 10n ** 12n;
/** Storage key of `Timestamp.Now`. */
const TIMESTAMP_NOW = '0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb';
/** Storage key of `Aura.CurrentSlot`. */
const AURA_CURRENT_SLOT = '0x57f8dc2f5ab09467896f47300f04243806155b3cd9a8c9e5e9a23fd5dc13a5ed';
const START_MS = 1_700_004_000_000;
const SLOT_MS = 12_000;

type Provider = Parameters<typeof createClient>[0];
type Side = AsyncDisposable & { readonly bootMs: number; readonly provider: Provider; handIn(extrinsics: readonly string[]): Promise<void> };

const runtimeWasm = new Uint8Array(await readFile(new URL('../../host/layer1/runtime/runtime.wasm', import.meta.url)));
const print = (row: Readonly<Record<string, unknown>>): void => void process.stdout.write(`${JSON.stringify(row)}\n`);
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
async function timed<T>(run: () => Promise<T>): Promise<readonly [number, T]> {
  const begun = performance.now();
  const value = await run();
  return [performance.now() - begun, value];
}

const ours = await measure(await embedded());
print({ chain: 'embedded', ...ours });
const theirs = await measure(await chopsticks());
print({ chain: `chopsticks-core ${VERSION}`, ...theirs });
const times = {
  boot: theirs.bootMs / ours.bootMs,
  submitFinalised: theirs.submitFinalisedMs / ours.submitFinalisedMs,
  extrinsics: ours.extrinsicsPerSecond / theirs.extrinsicsPerSecond,
};
const rounded = Object.fromEntries(Object.entries(times).map(([name, value]) => [name, Math.round(value * 10) / 10]));
// A start is the same compilation and genesis for both, and has a bound of its own.
const holds = Math.min(times.submitFinalised, times.extrinsics) >= GOAL;
print({ timesBetter: rounded, goal: GOAL, holds });
process.exit(holds ? 0 : 1);

async function measure(opened: Side): Promise<Readonly<Record<'bootMs' | 'submitFinalisedMs' | 'extrinsicsPerSecond', number>>> {
  await using side = opened;
  const client = createClient(side.provider);
  const alice = developmentAccount('Alice');
  const receiver = { type: 'Id', value: ss58(new Uint8Array(32).fill(7)) };
  const transfer = client.getUnsafeApi().tx['Balances']?.['transfer_keep_alive']?.({ dest: receiver, value: UNIT });
  if (transfer === undefined) throw new Error('the runtime knows no transfers');
  await client.submit(await transfer.sign(alice.signer));
  const latencies: number[] = [];
  for (let index = 0; index < SUBMISSIONS; index++) {
    const signed = await transfer.sign(alice.signer);
    const [ms, { ok }] = await timed(() => client.submit(signed));
    if (!ok) throw new Error('a transfer failed');
    latencies.push(ms);
  }
  const bob = developmentAccount('Bob');
  const many: string[] = [];
  for (let nonce = 0; nonce < BURST; nonce++) many.push(`0x${(await transfer.sign(bob.signer, { nonce, mortality: { mortal: false } })).toHex()}`);
  const [burstMs] = await timed(() => side.handIn(many));
  client.destroy();
  return {
    bootMs: Math.round(side.bootMs),
    submitFinalisedMs: Math.round(median(latencies)),
    extrinsicsPerSecond: Math.round((BURST * 1000) / burstMs),
  };
}

async function embedded(): Promise<Side> {
  const parts = new AsyncDisposableStack();
  const directory = parts.use(await temporaryDirectory('beside'));
  const [bootMs, chain] = await timed(() => startChain({ preset: 'development', dataDir: directory.path, runtimeWasm }));
  parts.use(chain);
  return {
    bootMs,
    provider: portProvider(chain),
    async handIn(extrinsics) {
      const { promise, resolve } = Promise.withResolvers<void>();
      let answers = 0;
      const session = chain.connect(() => void (++answers === extrinsics.length && resolve()));
      for (const [id, extrinsic] of extrinsics.entries())
        session.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'author_submitExtrinsic', params: [extrinsic] }));
      await promise;
      while ((await chain.status()).pooled > 0);
      session.close();
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** What is used here of chopsticks-core's public interface. */
type Handler = (context: object, params: unknown, subscriptions: object) => Promise<unknown>;
type Chopsticks = {
  readonly GenesisProvider: new (genesis: object) => object;
  readonly BuildBlockMode: { readonly Instant: string; readonly Manual: string };
  readonly allHandlers: Readonly<Record<string, Handler>>;
  setup(
    options: object,
  ): Promise<{ submitExtrinsic(extrinsic: string): Promise<string>; newBlock(): Promise<object>; close(): Promise<void>; txPool: { mode: string } }>;
};

async function chopsticks(): Promise<Side> {
  const core = await installed();
  // It takes the length of slots from the metadata, where this runtime has the default; in ours genesis says it.
  const patch = new TextEncoder().encode(JSON.stringify({ tempo: { slotDurationMs: SLOT_MS } }));
  const { state } = await rawGenesis({ runtimeWasm, preset: 'development', patch });
  const top = Object.fromEntries(state.map(([key, value]) => [`0x${key.toHex()}`, `0x${value.toHex()}`]));
  // It makes no slots of its own: block 1 takes its time and slot from those of genesis, which have to go together.
  top[TIMESTAMP_NOW] = u64(START_MS);
  top[AURA_CURRENT_SLOT] = u64(START_MS / SLOT_MS);
  const genesis = { name: 'TEA', id: 'tea', properties: {}, genesis: { raw: { top, childrenDefault: {} } } };
  const [bootMs, chain] = await timed(() => core.setup({ genesis: new core.GenesisProvider(genesis), buildBlockMode: core.BuildBlockMode.Instant }));
  const provider = ((onMessage: (message: object) => void) => {
    const later = (message: object): void => void setImmediate(() => onMessage(message));
    const subscriptions = {
      subscribe: (method: string, subscription: string) => (result: unknown) => later({ jsonrpc: '2.0', method, params: { subscription, result } }),
      unsubscribe: () => undefined,
    };
    return {
      async send({ id, method, params }: { id: unknown; method: string; params: unknown }) {
        const handler = core.allHandlers[method];
        if (method === 'rpc_methods') return later({ jsonrpc: '2.0', id, result: { methods: Object.keys(core.allHandlers) } });
        if (handler === undefined) return later({ jsonrpc: '2.0', id, error: { code: -32601, message: `no ${method}` } });
        await handler({ chain }, params, subscriptions).then(
          (result) => later({ jsonrpc: '2.0', id, result: result ?? null }),
          (error: unknown) => later({ jsonrpc: '2.0', id, error: { code: 1, message: String(error) } }),
        );
      },
      disconnect: () => undefined,
    };
  }) as unknown as Provider;
  return {
    bootMs,
    provider,
    async handIn(extrinsics) {
      // In its way that is fastest for many: each is validated as it comes, and all go into one block.
      chain.txPool.mode = core.BuildBlockMode.Manual;
      for (const extrinsic of extrinsics) await chain.submitExtrinsic(extrinsic);
      await chain.newBlock();
    },
    [Symbol.asyncDispose]: () => chain.close(),
  };
}

function u64(value: number): string {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
  return `0x${bytes.toHex()}`;
}

async function installed(): Promise<Chopsticks> {
  const directory = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'tea/oracles', `chopsticks-${VERSION}`);
  if (!existsSync(join(directory, 'node_modules/@acala-network/chopsticks-core'))) {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'package.json'), '{"private":true}\n');
    const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', `@acala-network/chopsticks-core@${VERSION}`];
    const { status } = spawnSync(requireTool('npm', 'npm'), args, { cwd: directory, stdio: ['ignore', 'inherit', 'inherit'] });
    if (status !== 0) throw new Error('chopsticks-core could not be installed');
  }
  return createRequire(join(directory, 'package.json'))('@acala-network/chopsticks-core') as Chopsticks;
}
