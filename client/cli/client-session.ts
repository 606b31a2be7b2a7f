import { connect } from '@nats-io/transport-node';
import { fromHex, TeaError } from '@tea/protocol';
import { busError, connectionOptions } from '@tea/protocol/bus';
import { developmentAccount, DEVELOPMENT_ACCOUNTS, openTea, type Account, type Tea } from '@tea/sdk';
import type { Invocation } from './commands/command.ts';
import { genesisPin } from './genesis-pin.ts';
import { findNetwork } from './running-network.ts';

/** A session with the network that `--dir` and `--genesis` name. @throws TeaError `notFound` when none runs */
export async function clientSession(values: Invocation['values'], name: string): Promise<Tea> {
  const { client } = await findNetwork(values['dir'] === undefined ? undefined : String(values['dir']));
  await using parts = new AsyncDisposableStack();
  const connection = await connect(connectionOptions(client, name)).catch((error: unknown) => {
    throw busError(error, 'Connecting to the bus');
  });
  parts.defer(() => connection.close());
  const tea = parts.use(await openTea({ connection, inboxPrefix: client.inboxPrefix, genesis: genesisPin(values['genesis']) }));
  const all = parts.move();
  return { ...tea, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** Whom `--as` names: other keys than the development accounts' the CLI does not hold yet. Default Bob, the consumer of the demo. @throws TeaError `badInput` */
export function accountNamed(value: string | boolean | undefined): Account {
  const name = DEVELOPMENT_ACCOUNTS.find((each) => each.toLowerCase() === String(value ?? 'Bob').toLowerCase());
  if (name !== undefined) return developmentAccount(name);
  throw new TeaError('badInput', 'There is no such account', { expected: DEVELOPMENT_ACCOUNTS.join(', '), actual: String(value) });
}

/** @throws TeaError `badInput` */
export function nodeNamed(value: string | boolean | undefined, next: string): Uint8Array {
  if (/^(0x)?[0-9a-f]{64}$/.test(String(value))) return fromHex(String(value), 32);
  throw new TeaError('badInput', 'This is no node', { expected: 'its 64 hexadecimal digits', actual: String(value ?? 'none'), next });
}

/** @throws TeaError `badInput` */
export function numberNamed(value: string | boolean | undefined, what: string, next: string): bigint {
  if (/^[0-9]{1,19}$/.test(String(value))) return BigInt(String(value));
  throw new TeaError('badInput', `This is no ${what}`, { expected: 'a number', actual: String(value ?? 'none'), next });
}
