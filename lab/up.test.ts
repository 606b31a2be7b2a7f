import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startTee } from '@tea/cli';
import { temporaryDirectory } from '@tea/platform';
import { sha256 } from '@tea/protocol';
import { startTestNetwork } from './test-network.ts';

const CLI = fileURLToPath(new URL('../client/cli/main.ts', import.meta.url));
const ANOTHER = sha256(Uint8Array.of(1)).toHex();

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

async function tea(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const [stdout, stderr] = await Promise.all([child.stdout, child.stderr].map(async (stream) => (await Array.fromAsync(stream, String)).join('')));
  if (child.exitCode === null) await once(child, 'close');
  return { code: child.exitCode, stdout: stdout ?? '', stderr: stderr ?? '' };
}

/** Keeps `tea up` running for `use`, then presses Ctrl-C. */
async function whileUp(stateDir: string, use: (node: string, web: string) => Promise<void>): Promise<void> {
  const child = spawn(process.execPath, [CLI, 'up', '--json', '--state', stateDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      const event = JSON.parse(line) as { event: string; node?: string; web?: string };
      if (event.event !== 'up') continue;
      await use(event.node ?? '', event.web ?? '');
      break;
    }
  } finally {
    child.kill('SIGINT');
  }
  assert.deepEqual(await closed, [130, null]);
  assert.deepEqual(await processesOf(stateDir), []);
}

async function processesOf(directory: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const lines = await Promise.all(ids.map((id) => readFile(join('/proc', id, 'cmdline'), 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(directory));
}

test('tea up stays up until Ctrl-C, leaves nothing behind, and the next one goes on with its node and chain', async () => {
  await using directory = await temporaryDirectory('up');
  const seen: { readonly node: string; readonly genesis: string; readonly block: number }[] = [];
  const look = () =>
    whileUp(directory.path, async (node, web) => {
      const status = await tea(['chain', 'status', '--json', '--dir', directory.path]);
      assert.equal(status.code, 0, status.stderr);
      const { genesisHash, number } = JSON.parse(status.stdout) as { genesisHash: string; number: number };
      seen.push({ node, genesis: genesisHash, block: number });
      const pinned = await tea(['chain', 'status', '--json', '--dir', directory.path, '--genesis', genesisHash]);
      assert.equal(pinned.code, 0, pinned.stderr);
      const elsewhere = await tea(['chain', 'status', '--json', '--at', `http://127.0.0.1:1,${web}`, '--genesis', genesisHash]);
      assert.equal(elsewhere.code, 0, elsewhere.stderr);
      assert.equal((JSON.parse(elsewhere.stdout) as { genesisHash: string }).genesisHash, genesisHash);
      const otherChain = await tea(['chain', 'status', '--at', web, '--genesis', ANOTHER]);
      assert.equal(otherChain.code, 1);
      assert.match(otherChain.stderr, /another chain/);
      for (const command of [
        ['chain', 'status'],
        ['explain', '1'],
        ['inspect', node],
      ]) {
        const { code, stderr } = await tea([...command, '--dir', directory.path, '--genesis', ANOTHER]);
        assert.equal(code, 1, command.join(' '));
        assert.match(stderr, /another chain/);
      }
    });
  await look();
  await look();
  const [first, second] = seen;
  assert.ok(first && second);
  assert.match(first.node, /^[0-9a-f]{64}$/);
  assert.deepEqual([second.node, second.genesis], [first.node, first.genesis]);
  assert.ok(second.block > first.block);
});

test('tea up takes no other chain than the one it was told, and leaves nothing behind', async () => {
  await using directory = await temporaryDirectory('up');
  const { code, stderr } = await tea(['up', '--state', directory.path, '--genesis', ANOTHER]);
  assert.equal(code, 1);
  assert.match(stderr, /another chain/);
  assert.deepEqual(await processesOf(directory.path), []);
});

test('a TEE that was told its chain joins no other that its host shows it', async () => {
  await using network = await startTestNetwork();
  const options = { stateDir: join(network.stateDir, 'second'), credentials: network.host.credentials.tee };
  await assert.rejects(startTee({ ...options, genesis: Uint8Array.fromHex(ANOTHER) }), /another chain/);
  await using welcome = await startTee({ ...options, genesis: network.tea.ledger.genesis });
  assert.equal(welcome.node.length, 32);
});

test('tea up names what it lacks: a node that nobody built, a node that isn’t there, a chain that is none', async () => {
  await using directory = await temporaryDirectory('up');
  const options = ['--state', join(directory.path, 'state')];
  const unbuilt = await tea(['up', '--chain', 'node', ...options], { ...process.env, XDG_CACHE_HOME: directory.path });
  assert.equal(unbuilt.code, 1);
  assert.match(unbuilt.stderr, /tea chain node build/);
  const absent = await tea(['up', '--chain', 'ws://127.0.0.1:1', ...options]);
  assert.equal(absent.code, 1);
  assert.match(absent.stderr, /no chain at this address/);
  for (const args of [
    ['--chain', 'polkadot'],
    ['--genesis', '0x12'],
  ])
    assert.equal((await tea(['up', ...args, ...options])).code, 64);
  assert.deepEqual(await processesOf(directory.path), []);
});
