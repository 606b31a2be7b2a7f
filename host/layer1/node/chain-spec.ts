import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { rawGenesis } from '@tea/layer1-chain';
import { TeaError } from '@tea/protocol';

const RUNTIME = fileURLToPath(new URL('../runtime/runtime.wasm', import.meta.url));
const CHAIN_TYPES = new Map([
  ['development', 'Development'],
  ['local', 'Local'],
]);

/**
 * Writes a raw chain spec, the file that says to a node which network it belongs to, made from the runtime's WebAssembly alone:
 *
 *     ./tea chain node spec PRESET [--patch genesis.json] [--boot-node MULTIADDR]… [--name NAME] [--id ID] [--out FILE]
 *
 * Presets: `development` (one authority), `local` (three), `production`, which starts with nobody's keys: its patch names them. For example
 *
 *     { "aura": { "authorities": ["5…"] }, "grandpa": { "authorities": [["5…", 1]] }, "sudo": { "key": "5…" },
 *       "balances": { "balances": [["5…", 1000000000000000000]] }, "nodes": { "foundingOperators": ["5…"] } }
 *
 * The same runtime, preset and patch give the same genesis hash on every machine; it is printed on stderr.
 * @throws TeaError `badInput` for arguments or a genesis that can't be
 */
export async function writeChainSpec(args: readonly string[]): Promise<void> {
  const { values, positionals } = parse(args);
  const [preset, ...others] = positionals;
  if (preset === undefined || others.length > 0) throw new TeaError('badInput', 'Name one preset', { expected: 'development, local or production' });
  const patch = values.patch === undefined ? undefined : await readJson(values.patch);
  if (preset === 'production' && patch === undefined) {
    throw new TeaError('badInput', 'The production preset has no authorities, so nobody could make a block', {
      expected: '--patch FILE with aura, grandpa, balances and sudo',
      next: 'see the first lines of host/layer1/node/chain-spec.ts',
    });
  }
  const { name, id, 'boot-node': bootNodes } = values;
  const runtimeWasm = new Uint8Array(await readFile(values.runtime));
  const { text, hash, stateRoot } = await makeChainSpec({ preset, patch, name, id, bootNodes, runtimeWasm });
  if (values.out === undefined) process.stdout.write(text);
  else await writeFile(values.out, text);
  process.stderr.write(`genesis ${hash}, state root ${stateRoot}\n`);
}

export type ChainSpecOptions = {
  readonly preset: string;
  /** Genesis as JSON, laid over the preset's. */
  readonly patch?: Uint8Array | undefined;
  readonly name?: string | undefined;
  readonly id?: string | undefined;
  readonly bootNodes?: readonly string[];
  /** Default: the committed runtime. */
  readonly runtimeWasm?: Uint8Array;
};

/** @returns the raw chain spec as JSON text, with the genesis hash and state root it comes to @throws TeaError `badInput` */
export async function makeChainSpec({ preset, patch, name, id, bootNodes = [], runtimeWasm }: ChainSpecOptions) {
  const { state, hash, stateRoot } = await rawGenesis({
    runtimeWasm: runtimeWasm ?? new Uint8Array(await readFile(RUNTIME)),
    preset,
    ...(patch && { patch }),
  });
  const spec = {
    name: name ?? `TEA ${preset}`,
    id: id ?? `tea_${preset}`,
    chainType: CHAIN_TYPES.get(preset) ?? 'Live',
    bootNodes,
    telemetryEndpoints: null,
    protocolId: null,
    properties: { ss58Format: 42, tokenDecimals: 12, tokenSymbol: 'TEA' },
    codeSubstitutes: {},
    genesis: { raw: { top: Object.fromEntries(state.map(([key, value]) => [hex(key), hex(value)])), childrenDefault: {} } },
  };
  return { text: `${JSON.stringify(spec, null, 2)}\n`, hash, stateRoot };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        patch: { type: 'string' },
        'boot-node': { type: 'string', multiple: true, default: [] },
        name: { type: 'string' },
        id: { type: 'string' },
        runtime: { type: 'string', default: RUNTIME },
        out: { type: 'string' },
      },
    });
  } catch (cause) {
    throw new TeaError('badInput', 'These arguments make no chain spec', { actual: (cause as Error).message, cause });
  }
}

async function readJson(path: string): Promise<Uint8Array> {
  try {
    const bytes = new Uint8Array(await readFile(path));
    JSON.parse(new TextDecoder().decode(bytes));
    return bytes;
  } catch (cause) {
    throw new TeaError('badInput', 'The patch of the genesis could not be read', {
      expected: 'a file of JSON',
      actual: (cause as Error).message,
      cause,
    });
  }
}

function hex(bytes: Uint8Array): string {
  return `0x${bytes.toHex()}`;
}
