import { startChain } from '../index.ts';

/** `node chain-start.child.ts DATA_DIR` starts a chain and says what that took: processor time of the process, on all its threads, and its peak memory. */
const [, , dataDir = ''] = process.argv;
await using _chain = await startChain({ preset: 'development', dataDir, blockTimeMs: 60_000 });
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
process.stdout.write(`${JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1_000, peakRssMB: (maxRSS * 1_024) / 1_000_000 })}\n`);
