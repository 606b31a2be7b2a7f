import { connect } from '@nats-io/transport-node';
import { TeaError } from '@tea/protocol';
import { busError, connectionOptions } from '@tea/protocol/bus';
import { explainErrand, openTea, readErrand } from '@tea/sdk';
import { printable } from '../printable.ts';
import { findNetwork } from '../running-network.ts';
import { EXIT, type Command } from './command.ts';

export const explain: Command = {
  name: 'explain',
  summary: 'what happened to an errand, who must act, and by when',
  help: `  tea explain ERRAND [--dir DIR] [--json]

Asks layer 1 of a network that runs on this machine (tea demo --keep).

  --dir DIR   which one, by its state directory, when several run

  tea explain 1`,
  options: { dir: { type: 'string' } },
  operands: [1, 1],
  async run({ values, positionals: [operand = ''], screen }) {
    if (!/^[0-9]{1,19}$/.test(operand))
      throw new TeaError('badInput', 'This is not an errand', { expected: 'its number', actual: operand, next: 'tea explain 1' });
    const { client } = await findNetwork(values['dir'] === undefined ? undefined : String(values['dir']));
    await using parts = new AsyncDisposableStack();
    const connection = await connect(connectionOptions(client, 'explain')).catch((error: unknown) => {
      throw busError(error, 'Connecting to the bus');
    });
    parts.defer(() => connection.close());
    const tea = parts.use(await openTea({ connection, inboxPrefix: client.inboxPrefix }));
    const explanation = explainErrand(await readErrand(tea.ledger, BigInt(operand)));
    screen.heading(`Errand ${operand}: ${explanation.state}`, `layer 1 is at block ${tea.ledger.blockNumber()}`);
    for (const line of explanation.happened) screen.note(`  ${printable(line)}`);
    screen.note(`\n${explanation.next}`);
    screen.emit('explained', { errand: operand, ...explanation, block: tea.ledger.blockNumber() });
    return EXIT.done;
  },
};
