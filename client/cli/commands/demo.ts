import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isTeaError, TeaError } from '@tea/protocol';
import { openAcceptedConcerns } from '../accepted-concerns.ts';
import { parseChain } from '../chain-choice.ts';
import { terminalConsent } from '../demo/consent.ts';
import { startDemoNetwork } from '../demo/demo-network.ts';
import { fileInput, parseGas } from '../demo/demo-input.ts';
import { showResult } from '../demo/show-result.ts';
import { playErrand } from '../demo/story.ts';
import { keepUp } from '../demo/keep-up.ts';
import { describeError } from '../screen.ts';
import { makeStateFolder } from '../state-folder.ts';
import { TEE_OPTIONS, TEE_OPTIONS_HELP, teeOptions } from '../tee-options.ts';
import { EXIT, type Command } from './command.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const EXAMPLE = join(ROOT, 'examples/breast-cancer');

export const demo: Command = {
  name: 'demo',
  summary: 'the main job, end to end on this machine, every step shown',
  help: `  tea demo [--yes | --ask] [--code FILE.wasm --data FILE] [--gas N] [--keep] [--dir DIR] [--json]

A developer seals a program, a hospital seals its data, a node neither of them trusts runs one on the other, and both see the node's
attestation result before their key leaves them. Ends with the result, who was paid, and a proof file that verifies offline.

  --ask         wait for a yes at each release (the default in a terminal), and once for what the policy lets pass about a node, such as a
                simulated TPM: DIR/accepted.json remembers that (tea node forget NODE)
  --yes         release without asking, if the attestation result is affirming
  --code FILE   your own WebAssembly (WASI preview 1) program; it finds the data at /data/0 and may write to /out
  --data FILE   your own data
  --gas N       gas limit (default 10000000000, at most 17000000000: the demo pays no more)
  --keep        leave the network up until Ctrl-C, and say how to reach it
  --chain CHAIN embedded (the default), node or ws://HOST:PORT, as tea up takes it
${TEE_OPTIONS_HELP}
  --dir DIR     where state and results go (default .tea/demo-<time>-<process>)

Exit codes: 0 done; 1 something failed; 64 wrong usage; 130 stopped by Ctrl-C. Nothing it started outlives it.`,
  options: {
    yes: { type: 'boolean' },
    ask: { type: 'boolean' },
    code: { type: 'string' },
    data: { type: 'string' },
    gas: { type: 'string' },
    keep: { type: 'boolean' },
    dir: { type: 'string' },
    chain: { type: 'string' },
    ...TEE_OPTIONS,
  },
  operands: [0, 0],
  async run({ values, screen, signal }) {
    if (values['yes'] === true && values['ask'] === true) throw new TeaError('badInput', '--yes and --ask exclude each other');
    const ask = values['ask'] === true || (values['yes'] !== true && process.stdin.isTTY === true && !screen.json);
    const stateDir = resolve(
      String(values['dir'] ?? join(ROOT, '.tea', `demo-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}-${process.pid}`)),
    );
    const code = await fileInput(String(values['code'] ?? join(EXAMPLE, 'classifier.wasm')), 'program');
    const data = await fileInput(String(values['data'] ?? join(EXAMPLE, 'data/breast_cancer.csv')), 'data');
    const gasLimit = parseGas(values['gas']);
    const chain = parseChain(values['chain']);
    const tee = await teeOptions(values);
    await makeStateFolder(stateDir);
    const consent = terminalConsent(ask);
    const memory = ask ? await openAcceptedConcerns(stateDir) : undefined;
    screen.heading('TEA demo: an encrypted program on encrypted data, on a machine neither owner trusts', stateDir);
    const started = performance.now();
    await using network = await startDemoNetwork({ screen, signal, stateDir, chain, tee });
    const keep = values['keep'] === true;
    const played = await playErrand(network, { screen, signal, stateDir, code, data, gasLimit, consent, memory }).catch((error: unknown) => {
      if (!isTeaError(error) || signal.aborted) throw error;
      if (!keep) throw withoutNetwork(error);
      process.stderr.write(`${describeError(error)}\n`);
      return null;
    });
    const exitCode = played === null ? EXIT.failed : await showResult(played, { screen, stateDir, gasLimit, startedMs: started });
    if (keep) await keepUp(network, { screen, signal, stateDir, next: played === null ? './tea chain status' : `./tea explain ${played.id}` });
    return exitCode;
  },
};

/** What to type next asks a network that ends with the demo. */
function withoutNetwork(error: TeaError): TeaError {
  const { code, summary, next, details, expected, actual } = error;
  if (next?.startsWith('tea explain') !== true) return error;
  return new TeaError(code, summary, {
    ...(expected !== undefined && { expected }),
    ...(actual !== undefined && { actual }),
    next: 'tea demo --keep leaves the network up, and tea explain asks it',
    details,
    cause: error,
  });
}
