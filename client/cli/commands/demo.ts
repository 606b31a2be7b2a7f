import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';
import { TeaError } from '@tea/protocol';
import { terminalConsent } from '../demo/consent.ts';
import { startDemoNetwork } from '../demo/demo-network.ts';
import { printable } from '../demo/printable.ts';
import { playErrand, type DemoInput } from '../demo/story.ts';
import { saveResult } from '../demo/save-result.ts';
import { offerNetwork } from '../running-network.ts';
import { formatDuration } from '../screen.ts';
import { EXIT, type Command } from './command.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const EXAMPLE = join(ROOT, 'examples/breast-cancer');

export const demo: Command = {
  name: 'demo',
  summary: 'the main job, end to end on this machine, every step shown',
  help: `  tea demo [--yes | --ask] [--code FILE.wasm --data FILE] [--gas N] [--keep] [--dir DIR] [--json]

A developer seals a program, a hospital seals its data, a node neither of them trusts runs one on the other, and both see the node's
attestation result before their key leaves them. Ends with the result, who was paid, and a proof file that verifies offline.

  --ask         wait for a yes at each release (the default in a terminal)
  --yes         release without asking, if the attestation result is affirming
  --code FILE   your own WebAssembly (WASI preview 1) program; it finds the data at /data/0 and may write to /out
  --data FILE   your own data
  --gas N       gas limit (default 10000000000)
  --keep        leave the network up until Ctrl-C, and say how to reach it
  --dir DIR     where state and results go (default .tea/demo-<time>)

Exit codes: 0 done; 1 something failed; 64 wrong usage; 130 stopped by Ctrl-C. Nothing it started outlives it.`,
  options: {
    yes: { type: 'boolean' },
    ask: { type: 'boolean' },
    code: { type: 'string' },
    data: { type: 'string' },
    gas: { type: 'string' },
    keep: { type: 'boolean' },
    dir: { type: 'string' },
  },
  operands: [0, 0],
  async run({ values, screen, signal }) {
    if (values['yes'] === true && values['ask'] === true) throw new TeaError('badInput', '--yes and --ask exclude each other');
    const ask = values['ask'] === true || (values['yes'] !== true && process.stdin.isTTY === true && !screen.json);
    const stateDir = resolve(String(values['dir'] ?? join(ROOT, '.tea', `demo-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}`)));
    const code = await fileInput(String(values['code'] ?? join(EXAMPLE, 'classifier.wasm')), 'program');
    const data = await fileInput(String(values['data'] ?? join(EXAMPLE, 'data/breast_cancer.csv')), 'data');
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
    const gasLimit = parseGas(values['gas']);
    const consent = terminalConsent(ask);
    screen.heading('TEA demo: an encrypted program on encrypted data, on a machine neither owner trusts', stateDir);
    const started = performance.now();
    await using network = await startDemoNetwork({ screen, signal, stateDir });
    const { id, errand, result, proof, report } = await playErrand(network, { screen, signal, stateDir, code, data, gasLimit, consent });
    const saved = await saveResult(stateDir, result.output, proof);
    const counted = (outcome: 'ok' | 'cannotTell'): number => report.claims.filter((claim) => claim.outcome === outcome).length;
    screen.note(`\n${styleText('bold', 'What the program found')}\n\n${indent(printable(result.output))}`);
    for (const file of saved.files) screen.note(`  ${file}`);
    screen.note(
      `\n${styleText('bold', 'The proof')}: ${counted('ok')} claims hold, ${counted('cannotTell')} can't be told from the file alone. Check it yourself, offline:`,
    );
    screen.note(`\n  ./tea verify ${saved.proof}\n`);
    screen.note(
      styleText(
        'dim',
        `errand ${id} ${errand.state} in ${formatDuration(performance.now() - started)}; trust class simulated: this TPM is software, and protects nothing from this machine's owner`,
      ),
    );
    screen.emit('done', {
      errand: id,
      state: errand.state,
      outcome: result.receipt.outcome,
      proof: saved.proof,
      files: saved.files,
      verdict: report.verdict,
    });
    if (values['keep'] === true) {
      await using _ = await offerNetwork({ stateDir, client: network.client });
      screen.note(`\nThe network stays up until Ctrl-C. In another terminal: ./tea explain ${id}`);
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    }
    return report.verdict === 'fails' || result.receipt.outcome !== 'ok' ? EXIT.failed : EXIT.done;
  },
};

async function fileInput(path: string, what: string): Promise<DemoInput> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw new TeaError('badInput', `The ${what} ${path} can't be read`, {
      expected: 'a readable file',
      actual: cause.message,
      next: 'tea demo --help',
    });
  });
  if (!found.isFile() || found.size === 0) {
    throw new TeaError('badInput', `The ${what} ${path} can't be used`, {
      expected: 'a file with something in it',
      actual: found.isFile() ? 'an empty file' : 'no file',
    });
  }
  return { name: basename(path), sizeBytes: found.size, open: () => createReadStream(path) };
}

function parseGas(value: string | boolean | undefined): bigint {
  if (value === undefined) return 10_000_000_000n;
  if (typeof value === 'string' && /^[1-9][0-9]{0,18}$/.test(value)) return BigInt(value);
  throw new TeaError('badInput', 'This is not a gas limit', { expected: 'a whole number from 1', actual: String(value) });
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ').trimEnd();
}
