import { connect } from '@nats-io/transport-node';
import { fromHex, TeaError } from '@tea/protocol';
import { busError, connectionOptions } from '@tea/protocol/bus';
import type { NodeRecord } from '@tea/protocol/layer1';
import { readNode } from '@tea/protocol/ledger';
import { openTea, renewEvidence, type Account } from '@tea/sdk';
import { developmentAccountOf } from '../development-account.ts';
import { genesisPin } from '../genesis-pin.ts';
import { findNetwork } from '../running-network.ts';
import { EXIT, type Command } from './command.ts';

export const node: Command = {
  name: 'node',
  summary: 'renew a node’s evidence, when its TEE does not do it by itself',
  help: `  tea node renew NODE [--dir DIR] [--genesis HASH] [--json]

A running TEE renews its evidence by itself: before it expires, after a restart, when layer 1 changed its mind about its software. One whose
evidence was found wanting is Inactive and waits for its operator: tea inspect NODE says what failed. Mend that, then renew: others
appraise it again, paid by the operator. NODE is its 64 hexadecimal digits.

  --dir DIR        which network, by its state directory, when several run
  --genesis HASH   the chain it must be

Signs as the node's operator, as far as that is one of the development accounts: other keys this command does not hold yet.

Exit codes: 0 the node is Active again; 1 it is not, and why; 64 wrong usage.`,
  options: { dir: { type: 'string' }, genesis: { type: 'string' } },
  operands: [2, 2],
  async run({ values, positionals: [action = '', subject = ''], screen, signal }) {
    if (action !== 'renew') throw new TeaError('badInput', `There is no tea node ${action}`, { expected: 'renew', next: 'tea node --help' });
    if (!/^(0x)?[0-9a-f]{64}$/.test(subject))
      throw new TeaError('badInput', 'This is no node', { expected: 'its 64 hexadecimal digits', actual: subject, next: 'tea node --help' });
    const id = fromHex(subject, 32);
    const { client } = await findNetwork(values['dir'] === undefined ? undefined : String(values['dir']));
    await using parts = new AsyncDisposableStack();
    const connection = await connect(connectionOptions(client, 'node')).catch((error: unknown) => {
      throw busError(error, 'Connecting to the bus');
    });
    parts.defer(() => connection.close());
    const tea = parts.use(await openTea({ connection, inboxPrefix: client.inboxPrefix, genesis: genesisPin(values['genesis']) }));
    const before = await readNode(tea.ledger, id);
    if (before === null) throw new TeaError('notFound', `Layer 1 knows no node ${subject}`, { next: 'register it first' });
    screen.note(`It is ${standing(before)}.`);
    await renewEvidence(tea, id, { operator: operatorOf(before), signal });
    const after = await readNode(tea.ledger, id);
    if (after !== null) screen.note(`It is ${standing(after)}, until block ${after.expiresAt}.`);
    screen.emit('renewed', { node: id, before: before.status, reason: before.reason, status: after?.status, expiresAt: after?.expiresAt });
    return EXIT.done;
  },
};

function standing({ status, reason }: NodeRecord): string {
  return `${status} (${reason})`;
}

function operatorOf({ operator }: NodeRecord): Account {
  return developmentAccountOf(operator, 'this node’s operator', 'have its operator sign Nodes.update_evidence, as renewEvidence of the SDK does');
}
