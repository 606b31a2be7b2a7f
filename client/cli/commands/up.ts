import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseChain } from '../chain-choice.ts';
import { startDemoNetwork } from '../demo/demo-network.ts';
import { keepUp } from '../demo/keep-up.ts';
import { genesisPin } from '../genesis-pin.ts';
import { parseWeb } from '../web-place.ts';
import { makeStateFolder } from '../state-folder.ts';
import { operatorLog } from '../operator-log.ts';
import { TEE_OPTIONS, TEE_OPTIONS_HELP, teeOptions } from '../tee-options.ts';
import { EXIT, type Command } from './command.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

export const up: Command = {
  name: 'up',
  summary: 'run a node in the foreground: host, TEE and layer 1, until Ctrl-C',
  help: `  tea up [--chain embedded|node|ws://HOST:PORT] [--web HOST:PORT] [--state DIR] [--genesis HASH] [TEE OPTIONS] [--json]

Starts the bus, the content store, a chain or the way to one, and a TEE in process mode (trust class simulated), and registers the node. The
next start with the same state goes on where this one ended. A node that its committee does not admit goes on running, without errands:
tea node status says why and what to do (docs/operating.md).

  --chain CHAIN   embedded (the default): this host executes the chain, alone and without consensus
                  node: a real Substrate node beside it, the only validator of its network (tea chain node build, half an hour, once)
                  ws://HOST:PORT: a node that runs already; its network must have development accounts with money
  --web HOST:PORT where clients of other machines come in, by HTTP and WebSocket (default 127.0.0.1:0: this machine only, any free port)
  --state DIR     where everything is kept (default .tea/up)
  --genesis HASH  the genesis hash of the network you mean: the TEE and this command take no other
${TEE_OPTIONS_HELP}

Exit codes: 130 when it was stopped by Ctrl-C and everything has ended; 1 when it could not start or a part failed; 64 wrong usage.`,
  options: { chain: { type: 'string' }, web: { type: 'string' }, state: { type: 'string' }, genesis: { type: 'string' }, ...TEE_OPTIONS },
  operands: [0, 0],
  async run({ values, screen, signal }) {
    const chain = parseChain(values['chain']);
    const web = parseWeb(values['web']);
    const genesis = genesisPin(values['genesis']);
    const stateDir = resolve(String(values['state'] ?? join(ROOT, '.tea/up')));
    const tee = await teeOptions(values);
    await makeStateFolder(stateDir);
    screen.heading('TEA node', stateDir);
    await using network = await startDemoNetwork({
      screen,
      signal,
      stateDir,
      chain,
      genesis,
      tee: { ...tee, onLog: operatorLog() },
      web,
      stay: true,
    });
    screen.note(
      `\n  genesis  0x${network.tea.ledger.genesis.toHex()}\n  node     ${network.node.toHex()}\n  web      ${network.host.web?.url ?? 'none'}`,
    );
    await keepUp(network, { screen, signal, stateDir, next: './tea node status' });
    return EXIT.interrupted;
  },
};
