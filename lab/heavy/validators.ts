import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';
import { connectWebSocketChain, rawGenesis, type WebSocketChain } from '@tea/layer1-chain';
import { type Child, requireTool, spawnChild, temporaryDirectory } from '@tea/platform';
import { concatBytes } from '@tea/protocol';
import { decodeHeader } from '@tea/protocol/layer1';
import { type Ledger, openLedger } from '@tea/protocol/ledger';
import { collectFinality } from '../../client/sdk/finality-proof.ts';
import { portProvider } from '../../host/layer1/chain/testing/port-client.ts';
import { reexecuteFixture, type ValidatorsFixture } from '../../host/layer1/chain/testing/validators-fixture.ts';
import { buildNode } from '../../host/layer1/node/build-node.ts';
import { exerciseCalls } from './exercise-calls.ts';

/**
 * A heavy job, not part of `tea test`: a network of three real validators, in a network namespace of its own, where nothing can reach
 * another network. Builds the node (half an hour, then cached), checks its sources with cargo fmt and clippy when asked to, then
 *
 * 1. holds a node to the contract of `ChainPort`, as the embedded chain is in every test,
 * 2. puts the calls of every pallet through the network,
 * 3. executes all blocks again on the embedded chain, which must come to the same state roots,
 * 4. prints the figures that docs/PERFORMANCE.md quotes, one JSON row each.
 *
 *     node lab/heavy/validators.ts [--blocks 240] [--lint] [--out DIRECTORY]
 *
 * `--out` writes the fixture of the differential test: see host/layer1/chain/fixtures/validators/README.md.
 * Needs unshare, ip, cargo and protoc; about eight minutes beside the build.
 */
const { values } = parseArgs({
  options: {
    blocks: { type: 'string', default: '240' },
    out: { type: 'string' },
    lint: { type: 'boolean', default: false },
    inside: { type: 'string' },
  },
});
const PRESET = 'local';
const RUNTIME = new URL('../../host/layer1/runtime/runtime.wasm', import.meta.url);
const NODE_CRATE = fileURLToPath(new URL('../../host/layer1/node', import.meta.url));
/** libp2p's key of 1, 2, 3: only so that the first node's peer id is known before it starts. */
const NETWORK_KEYS = ['Alice', 'Bob', 'Charlie'].map((name, index) => ({ name, key: (index + 1).toString(16).padStart(64, '0') }));
const FIRST_PEER = '12D3KooWEyoppNCUx8Yx66oV9fJnriXwCcXwDDUA2kj6vnc6iDEp';
/** Keeps every state: `archive_v1_*` and proofs about genesis need it. */
const ARCHIVE = ['--state-pruning', 'archive', '--blocks-pruning', 'archive'];
const FIRST_P2P_PORT = 30_333;
const FIRST_RPC_PORT = 9_944;

const print = (row: Readonly<Record<string, unknown>>): void => void process.stdout.write(`${JSON.stringify(row)}\n`);

if (values.inside === undefined) await outside();
else await inside(values.inside);

/** Builds, then starts this script again where there is no network but loopback. */
async function outside(): Promise<void> {
  if (values.lint) {
    for (const args of [
      ['fmt', '--check'],
      // The errors that are large are the SDK's own.
      ['clippy', '--release', '--locked', '--', '-D', 'warnings', '-A', 'clippy::result_large_err'],
    ]) {
      const { status } = spawnSync(requireTool('cargo', 'cargo'), args, { cwd: NODE_CRATE, stdio: ['ignore', 'inherit', 'inherit'] });
      if (status !== 0) process.exit(1);
    }
  }
  const begun = performance.now();
  const program = await buildNode();
  print({ program, mib: mib((await stat(program)).size), buildSeconds: Math.round((performance.now() - begun) / 1000) });
  const again = ['--inside', program, '--blocks', values.blocks, ...(values.out === undefined ? [] : ['--out', values.out])];
  const script = `${requireTool('ip', 'iproute2')} link set lo up && exec "$0" "$@"`;
  const { status } = spawnSync(
    requireTool('unshare', 'util-linux'),
    ['--net', '--map-root-user', '--', 'sh', '-c', script, process.execPath, import.meta.filename, ...again],
    { stdio: 'inherit' },
  );
  process.exit(status ?? 1);
}

async function inside(program: string): Promise<void> {
  await using parts = new AsyncDisposableStack();
  const directory = parts.use(await temporaryDirectory('validators'));
  const runtimeWasm = new Uint8Array(await readFile(RUNTIME));
  const spec = join(directory.path, 'spec.json');
  const genesis = await writeSpec(spec, runtimeWasm);

  const begun = performance.now();
  const validators: Child[] = [];
  for (const [index, { name, key }] of NETWORK_KEYS.entries()) {
    const p2p = `/ip4/127.0.0.1/tcp/${FIRST_P2P_PORT + index}`;
    const args = [
      ...['--chain', spec, '--base-path', join(directory.path, name), '--node-key', key, `--${name.toLowerCase()}`, '--validator'],
      ...['--listen-addr', p2p, '--rpc-port', String(FIRST_RPC_PORT + index), '--no-telemetry', '--no-prometheus', '--no-mdns'],
      ...ARCHIVE,
      ...(index === 0 ? [] : ['--bootnodes', `/ip4/127.0.0.1/tcp/${FIRST_P2P_PORT}/p2p/${FIRST_PEER}`]),
    ];
    validators.push(parts.use(await startValidator(name, program, args)));
  }
  print({ validators: validators.length, startMs: Math.round(performance.now() - begun), genesis });

  const chain = parts.use(await connectWebSocketChain({ url: `ws://127.0.0.1:${FIRST_RPC_PORT}` }));
  if (chain.genesisHash !== genesis) throw new Error(`the node's genesis is ${chain.genesisHash}`);
  const ledger = parts.use(await openLedger(portProvider(chain), { deadlineMs: 60_000 }));
  const timing = watchBlocks(ledger);

  const exercised = await exerciseCalls(ledger, otherBytes(runtimeWasm));
  for (const [call, outcomes] of [...exercised].toSorted(([a], [b]) => a.localeCompare(b))) print({ call, ...Object.fromEntries(outcomes) });
  await ledger.waitFor(
    'enough blocks',
    async () => ledger.blockNumber(),
    (number) => number >= Number(values.blocks),
    { deadlineMs: 3_600_000 },
  );
  print({ ...timing.figures(), rssMib: await Promise.all(validators.map(({ pid }) => rssMib(pid))) });

  const fixture = await exportBlocks(chain, ledger);
  if (values.out !== undefined) await writeOut(values.out, fixture, runtimeWasm);
  print({ reexecuted: await reexecuteFixture(fixture, runtimeWasm) });

  const contract = await spawnChild({
    name: 'contract',
    command: process.execPath,
    args: ['--test', '--test-reporter=spec', fileURLToPath(new URL('chain-port-of-node.ts', import.meta.url))],
    env: { TEA_NODE_URL: `ws://127.0.0.1:${FIRST_RPC_PORT + 2}` },
  });
  parts.use(contract);
  contract.stdout.pipe(process.stdout, { end: false });
  const exit = await contract.exited;
  if (exit.kind !== 'exited' || exit.code !== 0) process.exitCode = 1;
}

async function writeSpec(path: string, runtimeWasm: Uint8Array): Promise<string> {
  const { hash, state } = await rawGenesis({ runtimeWasm, preset: PRESET });
  const top = Object.fromEntries(state.map(([key, value]) => [hex(key), hex(value)]));
  const spec = { name: 'TEA validators', id: 'tea_validators', chainType: 'Local', bootNodes: [], properties: {} };
  await writeFile(path, JSON.stringify({ ...spec, genesis: { raw: { top, childrenDefault: {} } } }));
  return hash;
}

/** @returns once the node answers JSON-RPC */
async function startValidator(name: string, program: string, args: readonly string[]): Promise<Child> {
  const answers = new EventTarget();
  let log = '';
  const child = await spawnChild({
    name,
    command: program,
    args,
    onStderr: (text) => {
      log = (log + text).slice(-100_000);
      if (/Running JSON-RPC server/.test(log)) answers.dispatchEvent(new Event('ready'));
    },
  });
  const ended = child.exited.then(() => {
    throw new Error(`${name} ended:\n${log}`);
  });
  await Promise.race([once(answers, 'ready'), ended]);
  ended.catch(() => {});
  return child;
}

/** When blocks came and when they became final, as a client of one node sees it. */
function watchBlocks(ledger: Ledger): { figures(): Readonly<Record<string, unknown>> } {
  const best = new Map<number, number>();
  const lags: number[] = [];
  const delays: number[] = [];
  let finalised = 0;
  ledger.client.bestBlocks$.subscribe((blocks) => {
    for (const { number } of blocks) if (!best.has(number)) best.set(number, performance.now());
    const [head] = blocks;
    if (head !== undefined && finalised > 0) lags.push(head.number - finalised);
  });
  ledger.client.finalizedBlock$.subscribe(({ number }) => {
    finalised = number;
    const seen = best.get(number);
    if (seen !== undefined) delays.push(performance.now() - seen);
  });
  return {
    figures: () => {
      const times = [...best].toSorted(([a], [b]) => a - b).map(([, at]) => at);
      const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
      return { blocks: best.size, blockMs: quantiles(gaps), finalityLagBlocks: quantiles(lags), bestToFinalMs: quantiles(delays) };
    },
  };
}

async function exportBlocks(chain: WebSocketChain, ledger: Ledger): Promise<ValidatorsFixture> {
  const { _request: ask } = ledger.client;
  const count = Number(values.blocks);
  const blocks: { header: string; extrinsics: string[] }[] = [];
  let hash = '';
  for (let number = 1; number <= count; number++) {
    [hash = ''] = await ask<string[], [number]>('archive_v1_hashByHeight', [number]);
    blocks.push({ header: await ask('archive_v1_header', [hash]), extrinsics: await ask('archive_v1_body', [hash]) });
  }
  const some = blocks.flatMap(({ extrinsics }) => extrinsics).find((extrinsic) => extrinsic.length > 200) ?? '0x';
  const account = '0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d';
  const questions: [string, string][] = [
    ['Core_version', '0x'],
    ['Metadata_metadata_versions', '0x'],
    ['AuraApi_authorities', '0x'],
    ['AuraApi_slot_duration', '0x'],
    ['GrandpaApi_grandpa_authorities', '0x'],
    ['GrandpaApi_current_set_id', '0x'],
    ['AccountNonceApi_account_nonce', account],
    ['TransactionPaymentApi_query_info', `${some}${littleEndian(some.length / 2 - 1)}`],
    ['TransactionPaymentApi_query_fee_details', `${some}${littleEndian(some.length / 2 - 1)}`],
    ['GenesisBuilder_preset_names', '0x'],
  ];
  const calls = [];
  for (const [method, params] of questions) calls.push({ method, params, result: await ask<string, string[]>('state_call', [method, params, hash]) });
  return { preset: PRESET, genesisHash: chain.genesisHash, blocks, calls, finality: await exportFinality(chain, ledger) };
}

/** What the network's voters signed: every tenth block's proof of finality, as a proof file has it, each verified when it was put together. */
async function exportFinality(chain: WebSocketChain, { client }: Ledger): Promise<ValidatorsFixture['finality']> {
  const proofs: { block: number; proof: string }[] = [];
  let head = { genesisHeader: '', authoritiesProof: [] as string[] };
  for (let number = 1; number <= Number(values.blocks); number += 10) {
    const [hash = ''] = await client._request<string[], [number]>('archive_v1_hashByHeight', [number]);
    const header = decodeHeader(bytes(await client._request<string, [string]>('archive_v1_header', [hash])));
    const finality = await collectFinality((method, params) => client._request(method, [...params]), bytes(chain.genesisHash), header);
    if (finality === undefined) throw new Error(`the node keeps no justification of block ${number} or one after it`);
    head = { genesisHeader: hex(finality.genesisHeader), authoritiesProof: finality.authoritiesProof.map(hex) };
    proofs.push({ block: number, proof: hex(finality.proof) });
  }
  return { ...head, proofs };
}

/** The same rules in other bytes: a custom section of one letter and no content. */
function otherBytes(runtimeWasm: Uint8Array): Uint8Array {
  return concatBytes(runtimeWasm, Uint8Array.of(0, 2, 1, 0x74));
}

async function writeOut(directory: string, fixture: ValidatorsFixture, runtimeWasm: Uint8Array): Promise<void> {
  await mkdir(directory, { recursive: true });
  const pack = (data: Uint8Array | string) =>
    brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS } });
  const [blocks, runtime] = [pack(JSON.stringify(fixture)), pack(runtimeWasm)];
  await writeFile(join(directory, 'blocks.json.br'), blocks);
  await writeFile(join(directory, 'runtime.wasm.br'), runtime);
  print({ wrote: directory, blocksKib: Math.round(blocks.length / 1024), runtimeKib: Math.round(runtime.length / 1024) });
}

async function rssMib(pid: number): Promise<number> {
  const [, kib = '0'] = /^VmRSS:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kib) / 1024);
}

function quantiles(figures: readonly number[]): { readonly p50: number; readonly p95: number } {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);
  return { p50: at(0.5), p95: at(0.95) };
}

function mib(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

function littleEndian(value: number): string {
  const data = new Uint8Array(4);
  new DataView(data.buffer).setUint32(0, value, true);
  return data.toHex();
}

function bytes(text: string): Uint8Array {
  return Uint8Array.fromHex(text.slice(2));
}

function hex(data: Uint8Array): string {
  return `0x${data.toHex()}`;
}
