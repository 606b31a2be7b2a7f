import { connect } from '@nats-io/transport-node';
import type { NatsCredentials, ReferenceValues } from '@tea/protocol';
import { busError, connectionOptions } from '@tea/protocol/bus';
import { openTea, registerNode, type Tea } from '@tea/sdk';
import { localReferenceValues, startHost, startTee, type Host, type Tee } from '../network.ts';
import { shortHex, type Screen } from '../screen.ts';
import { PEOPLE, PRICES, TEA } from './people.ts';

/** A network of one node, up until disposed: what the demo plays on, and what `--keep` leaves. */
export type DemoNetwork = AsyncDisposable & {
  readonly tea: Tea;
  readonly node: Uint8Array;
  readonly referenceValues: ReferenceValues;
  readonly client: NatsCredentials;
  readonly host: Host;
  readonly tee: Tee;
};

export type DemoNetworkOptions = {
  readonly screen: Screen;
  readonly signal: AbortSignal;
  readonly stateDir: string;
  /** Sends TEE and client to the bus by another way, for tests that listen. */
  readonly route?: (credentials: NatsCredentials) => Promise<NatsCredentials>;
};

export async function startDemoNetwork({
  screen,
  signal,
  stateDir,
  route = (direct) => Promise.resolve(direct),
}: DemoNetworkOptions): Promise<DemoNetwork> {
  await using started = new AsyncDisposableStack();
  const host = await screen.step(
    'Host',
    async () => started.use(await startHost({ stateDir, signal })),
    ({ nats }) => ({ line: `nats-server on 127.0.0.1:${nats.port}, Helia, and a Substrate chain in V8, untrusted by design` }),
  );
  const [tee, referenceValues] = await screen.step(
    'TEE',
    () =>
      Promise.all([
        route(host.credentials.tee)
          .then((credentials) => startTee({ stateDir, credentials, signal }))
          .then((value) => started.use(value)),
        localReferenceValues(signal),
      ]),
    ([{ node }]) => ({ line: `swtpm measured Node and the TEE bundle, tea-runtime runs: node ${shortHex(node)}` }),
  );
  const connection = await connect(connectionOptions(await route(host.credentials.client), 'demo')).catch((error: unknown) => {
    throw busError(error, 'Connecting to the bus');
  });
  started.defer(() => connection.close());
  const tea = started.use(await openTea({ connection, inboxPrefix: host.credentials.client.inboxPrefix }));
  await screen.step(
    'Join',
    () =>
      registerNode(tea, tee.node, {
        operator: PEOPLE.operator,
        hostAccount: PEOPLE.host.publicKey,
        gasPrice: PRICES.gasPerMillion,
        allowance: 10n * TEA,
        signal,
      }),
    ({ founding }) => ({ line: `node Active on layer 1${founding ? ', admitted by its own appraisal as a founding node' : ''}` }),
  );
  const parts = started.move();
  return { tea, node: tee.node, referenceValues, client: host.credentials.client, host, tee, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
