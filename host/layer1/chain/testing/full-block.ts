import { readFile } from 'node:fs/promises';
import { waitReady } from '@polkadot/wasm-crypto';
import { temporaryDirectory } from '@tea/platform';
import { buildBlock, type BuiltBlock } from '../authoring/build-block.ts';
import { DEVELOPMENT_SEEDS } from '../authoring/development-seeds.ts';
import { authorKey } from '../authoring/slots.ts';
import { Blockchain } from '../blockchain.ts';
import { loadHashing } from '../hashing.ts';
import type { Pooled } from '../pool/pooled.ts';
import { reexecute } from '../reexecute.ts';

export type FullBlock = {
  /** Extrinsics that fit by weight. */
  readonly fitting: number;
  readonly authorMs: number;
  /** Executing that block again, as who gets it from others does. */
  readonly importMs: number;
  /** Authoring with the embedded chain's own limit, by the clock, and what fitted into that. */
  readonly limitedMs: number;
  readonly limitedFitting: number;
};

/** As `authoring/author.ts` sets it. */
const BLOCK_BUDGET_MS = 400;

/**
 * A block of a fresh development chain, filled with these extrinsics until the runtime says that its weight is used up: two seconds by the weights of the
 * SDK's reference machine. What it takes in V8, in processor time, so that a busy machine makes nothing of it slower.
 * @param before go into the block before it
 */
export async function measureFullBlock(before: readonly Uint8Array[], extrinsics: readonly Uint8Array[]): Promise<FullBlock> {
  const [hashing] = await Promise.all([loadHashing(), waitReady()]);
  await using directory = await temporaryDirectory('full-block');
  await using chain = await Blockchain.open({
    dataDir: directory.path,
    preset: 'development',
    readRuntime: async () => new Uint8Array(await readFile(new URL('../../runtime/runtime.wasm', import.meta.url))),
    executor: { hashing, log: () => {}, watch: { begin: () => {}, end: () => {} } },
  });
  const [seed = new Uint8Array(32)] = DEVELOPMENT_SEEDS;
  const timestampMs = Date.now();
  const author = (
    ready: readonly Uint8Array[],
    budgetMs: number,
  ): { readonly built: BuiltBlock; readonly cpuMs: number; readonly wallMs: number } => {
    const [begun, begunCpu] = [performance.now(), process.threadCpuUsage()];
    const built = buildBlock({
      parent: chain.best,
      slot: Math.floor(timestampMs / 1_000),
      timestampMs: timestampMs + chain.best.header.number,
      key: authorKey(seed),
      ready: ready.map(pooled),
      outOfTime: () => performance.now() - begun > budgetMs,
      checkRuntime: (code) => chain.checkRuntime(code),
      hash: hashing.blake2b256,
    });
    return { built, cpuMs: cpuMsSince(begunCpu), wallMs: performance.now() - begun };
  };
  const first = author(before, Number.POSITIVE_INFINITY).built;
  if (first.included.length !== before.length) throw new Error('the block before was refused');
  await chain.adopt({ ...first, state: first.storage.applied() }, []).stored;
  const limited = author(extrinsics, BLOCK_BUDGET_MS);
  const { built, cpuMs: authorMs } = author(extrinsics, Number.POSITIVE_INFINITY);
  if (!built.full || built.failed.length > 0)
    throw new Error(`the block is not full: ${built.included.length} in it, ${built.failed.length} refused`);
  const begun = process.threadCpuUsage();
  reexecute(chain.best.runtime.executor, chain.best.state, built.header, built.extrinsics, hashing.blake2b256);
  const importMs = cpuMsSince(begun);
  return { fitting: built.included.length, authorMs, importMs, limitedMs: limited.wallMs, limitedFitting: limited.built.included.length };
}

function cpuMsSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(begun);
  return (user + system) / 1_000;
}

/** One account's, so each requires the one before it. */
function pooled(extrinsic: Uint8Array, arrival: number): Pooled {
  const requires = arrival === 0 ? [] : [String(arrival - 1)];
  const provides = [String(arrival)];
  return { hash: String(arrival), extrinsic, priority: 0n, requires, provides, validTill: Number.MAX_SAFE_INTEGER, arrival };
}
