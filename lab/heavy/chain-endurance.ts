import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { startChain, type Chain } from '@tea/layer1-chain';
import { temporaryDirectory } from '@tea/platform';

/**
 * A heavy job, not part of `tea test`: the embedded chain through 100,000 blocks in a process of its own, with a client that follows the chain
 * and reads, and is then started once more. One JSON row every 5,000 blocks and one at the end, exit code 1 when a bound is broken:
 *
 *     nice -n 19 node --max-semi-space-size=4 lab/heavy/chain-endurance.ts [BLOCKS]
 *
 * (The flag keeps the garbage of this script's own thread small, for the figure shall be the chain's; the chain's thread has its own limits.)
 * Bounds: the process (chain, follower, this script) stays under 200 MiB and grows by less than a tenth over the last three quarters, and the
 * next start takes less than a second.
 */
const BLOCKS = Number(process.argv[2] ?? 100_000);
const SAMPLE_EVERY = Math.max(1, Math.floor(BLOCKS / 20));
const MAX_RSS_MIB = 200;
const MAX_BOOT_MS = 1_000;
const MAX_GROWTH = 1.1;
/** Storage key of `Timestamp.Now`. */
const TIMESTAMP_NOW = '0xf0c365c3cf59d671eb72da0e7a4113c49f1f0515f462cdcf84e0f1d6045dfcbb';

const options = (dataDir: string) => ({ preset: 'development', dataDir, blockTimeMs: 1, minBlockIntervalMs: 1, finalityDelayMs: 0 });
const rssMib = (): number => process.memoryUsage.rss() / 2 ** 20;
const print = (row: Readonly<Record<string, unknown>>): void => void process.stdout.write(`${JSON.stringify(row)}\n`);

await using directory = await temporaryDirectory('endurance');
const samples: number[] = [];
const begun = performance.now();
{
  await using chain = await startChain(options(directory.path));
  const follower = followAndRead(chain);
  for (let next = SAMPLE_EVERY; next <= BLOCKS; next += SAMPLE_EVERY) {
    await follower.reached(next);
    chain.failed.throwIfAborted();
    samples.push(rssMib());
    print({ block: next, rssMib: Math.round(rssMib()), seconds: Math.round((performance.now() - begun) / 1000), read: follower.read() });
  }
  follower.close();
}
const bootAt = performance.now();
await using resumed = await startChain(options(directory.path));
const bootMs = performance.now() - bootAt;
const height = (await resumed.status()).finalised.number;
const quarter = samples[Math.floor(samples.length / 4)] ?? Number.NaN;
const peak = Math.max(...samples);
const growth = (samples.at(-1) ?? Number.NaN) / quarter;
const { size } = await stat(join(directory.path, 'chain.log'));
const holds = peak < MAX_RSS_MIB && growth < MAX_GROWTH && bootMs < MAX_BOOT_MS && height >= BLOCKS;
print({
  blocks: height,
  peakRssMib: Math.round(peak),
  growth: Number(growth.toFixed(3)),
  bootMs: Math.round(bootMs),
  logBytesPerBlock: Math.round(size / height),
  blocksPerSecond: Math.round((BLOCKS * 1000) / (bootAt - begun)),
  holds,
});
process.exitCode = holds ? 0 : 1;

/** Follows as a client does, unpins what it has seen, and reads a value with its proof at every hundredth block. */
function followAndRead(chain: Chain): { reached(block: number): Promise<void>; read(): number; close(): void } {
  let [height, reads, id] = [0, 0, 1];
  let [follow, newest] = ['', ''];
  let waiting: { readonly block: number; readonly resolve: () => void } | null = null;
  const session = chain.connect((text) => {
    const frame = JSON.parse(text) as { id?: number; result?: unknown; params?: { result: { event: string; finalizedBlockHashes?: string[] } } };
    if (frame.id === 1 && typeof frame.result === 'string') follow = frame.result;
    if (typeof frame.result === 'object' && frame.result !== null) reads += 1;
    const hashes = frame.params?.result.finalizedBlockHashes ?? [];
    for (const hash of frame.params?.result.event === 'finalized' ? hashes : []) {
      height += 1;
      if (height % 100 === 0) ask('state_getReadProof', [[TIMESTAMP_NOW], hash]);
      // The newest finalised block stays pinned, as with polkadot-api.
      if (newest !== '') ask('chainHead_v1_unpin', [follow, newest]);
      newest = hash;
    }
    const stopped = frame.params?.result.event === 'stop';
    if (stopped) throw new Error(`the chain stopped a follower at block ${height}`);
    if (waiting !== null && height >= waiting.block) waiting.resolve();
  });
  const ask = (method: string, params: unknown): void => session.send(JSON.stringify({ jsonrpc: '2.0', id: id++, method, params }));
  ask('chainHead_v1_follow', [false]);
  return {
    reached: (block) => new Promise((resolve) => void (height >= block ? resolve() : (waiting = { block, resolve }))),
    read: () => reads,
    close: () => session.close(),
  };
}
