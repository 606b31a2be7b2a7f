import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { describeExit, exitWhenParentGone, runProcess, sayReady, spawnChild, startLine } from '@tea/platform';
import { TeaError } from '@tea/protocol';
import { findNode } from './build-node.ts';
import { makeChainSpec } from './chain-spec.ts';

/**
 * The process behind `tea up --chain node`: one real node, the only validator of a development network in `dataDir`, reachable on loopback alone.
 * Started with one JSON line on stdin; says on stdout where it answers JSON-RPC. The network's genesis is made once and stays with its data.
 */
const settings = v.strictObject({
  dataDir: v.string(),
  /** As `XDG_CACHE_HOME`: below it `tea chain node build` left the node. */ cacheHome: v.optional(v.string()),
});
const PRESET = 'development';
const READY = /Running JSON-RPC server: addr=127\.0\.0\.1:(\d+)/;

await runProcess('node', async (signal) => {
  const { dataDir, cacheHome } = await startLine(settings);
  exitWhenParentGone();
  const program = findNode({ ...process.env, XDG_CACHE_HOME: cacheHome });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const spec = join(dataDir, 'chain-spec.json');
  if (!existsSync(spec)) await writeFile(spec, (await makeChainSpec({ preset: PRESET })).text, { mode: 0o600 });
  const listening = Promise.withResolvers<string>();
  let log = '';
  await using node = await spawnChild({
    name: 'tea-node',
    command: program,
    args: [
      ...['--chain', spec, '--base-path', join(dataDir, 'node'), '--alice', '--validator', '--force-authoring', '--unsafe-force-node-key-generation'],
      ...['--state-pruning', 'archive', '--blocks-pruning', 'archive'], // proofs about genesis need its state
      ...['--listen-addr', '/ip4/127.0.0.1/tcp/0', '--no-mdns', '--reserved-only', '--no-telemetry', '--no-prometheus'],
      ...['--rpc-port', '0', '--rpc-cors', 'all'],
    ],
    signal,
    onStderr: (text) => {
      log = (log + text).slice(-20_000);
      const [, port] = READY.exec(log) ?? [];
      if (port !== undefined) listening.resolve(port);
    },
  });
  const ended = node.exited.then((exit) => {
    throw new TeaError('unavailable', 'The node ended', {
      expected: 'a node that keeps running',
      actual: `${describeExit(exit)}\n${log.slice(-2_000)}`,
    });
  });
  sayReady({ url: `ws://127.0.0.1:${await Promise.race([listening.promise, ended])}`, pid: node.pid });
  await Promise.race([ended, new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))]);
});
