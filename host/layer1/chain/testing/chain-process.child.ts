import { startChain } from '../index.ts';

/**
 * What the tests kill: a chain in a process of its own. `node chain-process.child.ts DATA_DIR BLOCK_TIME_MS` prints one line of JSON for
 * every finalised block it hears of, and when the chain fails, why.
 */
const [, , dataDir = '', blockTimeMs = '50'] = process.argv;
const chain = await startChain({ preset: 'development', dataDir, blockTimeMs: Number(blockTimeMs) });
chain.failed.addEventListener('abort', () => {
  const { code, message } = chain.failed.reason as { code: string; message: string };
  process.stdout.write(`${JSON.stringify({ failed: { code, message } })}\n`, () => process.exit(3));
});
const session = chain.connect((frame) => {
  const { params } = JSON.parse(frame) as { params?: { result: { event: string; blockHash: string; finalizedBlockHashes: string[] } } };
  if (params?.result.event !== 'finalized') return;
  for (const hash of params.result.finalizedBlockHashes) process.stdout.write(`${JSON.stringify({ finalised: hash })}\n`);
});
session.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'chainHead_v1_follow', params: [false] }));
