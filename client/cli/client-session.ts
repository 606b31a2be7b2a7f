import { connect } from '@nats-io/transport-node';
import { equalBytes, fromHex, TeaError } from '@tea/protocol';
import { busError, connectionOptions } from '@tea/protocol/bus';
import { developmentAccount, DEVELOPMENT_ACCOUNTS, fetchBootstrap, openRoamingBus, openTea, openTeaOver, type Account, type Tea } from '@tea/sdk';
import type { Invocation } from './commands/command.ts';
import { genesisPin } from './genesis-pin.ts';
import { findNetwork } from './running-network.ts';

/** How a command names the network it is about; spread them into its options, and the words into its help. */
export const SESSION_OPTIONS = { dir: { type: 'string' }, at: { type: 'string' }, genesis: { type: 'string' } } as const;
export const SESSION_HELP = `  --dir DIR       the network of this machine, by its state directory, when several run
  --at URL        a node elsewhere instead, by the address that its tea up prints; several with commas between, for when one dies
  --genesis HASH  the chain it must be; without it, which chain it is is the host's word`;

/** A session with the network that `--dir`, `--at` and `--genesis` name. @throws TeaError `notFound` when none runs, `unavailable` when none answers */
export async function clientSession(values: Invocation['values'], name: string): Promise<Tea> {
  if (values['at'] !== undefined) return sessionElsewhere(String(values['at']).split(','), genesisPin(values['genesis']));
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

/** Any of the nodes will do, as long as it serves the chain that is meant, or else the first one's. */
async function sessionElsewhere(urls: readonly string[], pin: Uint8Array | undefined): Promise<Tea> {
  const answers = await Promise.allSettled(urls.map((url) => fetchBootstrap(url)));
  const hosts = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []));
  const genesis = pin ?? hosts[0]?.genesis;
  if (genesis === undefined) throw answers.find((answer) => answer.status === 'rejected')?.reason;
  const links = hosts.filter((host) => equalBytes(host.genesis, genesis)).flatMap((host) => host.links);
  if (links.length === 0) {
    throw new TeaError('refused', 'The nodes serve another chain', {
      expected: `0x${genesis.toHex()}`,
      actual: hosts.map((host) => `0x${host.genesis.toHex()}`).join(', '),
    });
  }
  await using parts = new AsyncDisposableStack();
  const tea = parts.use(await openTeaOver(parts.use(openRoamingBus({ urls: links })), { genesis }));
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
