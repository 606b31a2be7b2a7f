import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import * as v from 'valibot';
import { TeaError } from '@tea/protocol';
import { chainState } from '@tea/sdk';
import { chainDirectoryIn, findChainDirectory } from '../chain-directory.ts';
import { clientSession, SESSION_HELP, SESSION_OPTIONS } from '../client-session.ts';
import { startChainHistory } from '../network.ts';
import { EXIT, type Command, type Invocation } from './command.ts';

export const chain: Command = {
  name: 'chain',
  summary: 'layer 1 itself: its state, and its history to take along and check',
  help: `  tea chain status [--dir DIR | --at URL] [--genesis HASH] [--json]
  tea chain export [--dir DIR] [--out FILE]
  tea chain import FILE --dir DIR [--json]

status asks the chain of a network that runs here (tea demo --keep) or elsewhere, and checks what it can: the newest block's seal and descent.
export writes every final block as JSON lines (format tea/chain-export/1), from a network that runs or from its state directory.
import makes a chain in DIR by executing every block of an export again; it fails at the first that does not come to its state root.

${SESSION_HELP}
  --out FILE      where the export goes (default: standard output)

  tea chain export --out history.jsonl && tea explain 1 --from history.jsonl`,
  options: { out: { type: 'string' }, ...SESSION_OPTIONS },
  operands: [1, 2],
  async run(invocation) {
    const [verb = '', file] = invocation.positionals;
    if (verb === 'status' && file === undefined) return status(invocation);
    if (verb === 'export' && file === undefined) return exportHistory(invocation);
    if (verb === 'import' && file !== undefined) return importHistory(invocation, file);
    throw new TeaError('badInput', 'tea chain does not do this', {
      expected: 'status, export, or import FILE',
      actual: verb,
      next: 'tea chain --help',
    });
  },
};

async function status({ values, screen }: Invocation): Promise<number> {
  await using tea = await clientSession(values, 'chain');
  const state = await chainState(tea);
  screen.heading(state.name, values['at'] === undefined ? 'of this machine' : String(values['at']));
  screen.table([
    ['genesis', state.genesisHash],
    ['final', `block ${state.number}, ${state.hash}`],
    ['runtime', `${state.runtime} version ${state.runtimeVersion}`],
    ['checked', state.checked],
    ['not checked', state.unchecked],
  ]);
  screen.emit('chain', state);
  return EXIT.done;
}

async function exportHistory({ values, screen, signal }: Invocation): Promise<number> {
  const dataDir = await findChainDirectory(values['dir'] === undefined ? undefined : String(values['dir']));
  await using child = await startChainHistory({ op: 'export', dataDir }, signal);
  if (values['out'] === undefined) {
    for await (const piece of child.stdout) if (!process.stdout.write(piece as Uint8Array)) await once(process.stdout, 'drain');
    await child.ended();
    return EXIT.done;
  }
  const path = resolve(String(values['out']));
  const out = createWriteStream(path);
  child.stdout.pipe(out);
  await finished(out).catch((cause: Error) => {
    throw new TeaError('storage', 'The export could not be written', { expected: 'a file that can be written', actual: cause.message, cause });
  });
  await child.ended();
  screen.note(`${path}\nCheck it by executing it again: tea chain import ${path} --dir NEW`);
  screen.emit('exported', { file: path, bytes: out.bytesWritten });
  return EXIT.done;
}

const imported = v.strictObject({ genesisHash: v.string(), blocks: v.number(), extrinsics: v.number(), stateRoot: v.string() });

async function importHistory({ values, screen, signal }: Invocation, file: string): Promise<number> {
  if (values['dir'] === undefined)
    throw new TeaError('badInput', 'tea chain import makes a new chain', { expected: '--dir DIR', actual: 'no directory' });
  if (!existsSync(file)) throw new TeaError('badInput', `${file} can't be read`, { expected: 'an export', next: 'tea chain export --out FILE' });
  await using child = await startChainHistory({ op: 'import', dataDir: chainDirectoryIn(String(values['dir'])), file: resolve(file) }, signal);
  const text = (await Array.fromAsync(child.stdout, String)).join('');
  await child.ended();
  const { blocks, extrinsics, genesisHash, stateRoot } = v.parse(imported, JSON.parse(text));
  screen.note(`${blocks} blocks with ${extrinsics} extrinsics came to their state roots again, each sealed by who might; the last is ${stateRoot}.`);
  screen.note(`What is left to believe is the genesis hash: ${genesisHash}`);
  screen.emit('imported', { blocks, extrinsics, genesisHash, stateRoot });
  return EXIT.done;
}
