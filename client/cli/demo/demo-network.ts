import { connect } from '@nats-io/transport-node';
import { decodeImageRelease, type NatsCredentials, type ReferenceValues } from '@tea/protocol';
import { busError, connectionOptions } from '@tea/protocol/bus';
import { openTea, type Tea } from '@tea/sdk';
import { type ChainChoice, localReferenceValues, startChainNode, startHost, startTee, type Host, type Tee } from '../network.ts';
import type { TeeOptions } from '../tee-options.ts';
import { shortHex, type Screen } from '../screen.ts';
import { machineImage } from './machine-image.ts';
import { join } from './join.ts';

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
  /** Default: the host executes it. */
  readonly chain?: ChainChoice | undefined;
  /** Its genesis hash, where it is known beforehand: TEE and client take no other. */
  readonly genesis?: Uint8Array | undefined;
  readonly tee?: TeeOptions;
  /** Where clients of other machines may come in. */
  readonly web?: { readonly host: string; readonly port: number };
  /** Goes on with a node that is not admitted, for its operator to look at. Default: that is an error. */
  readonly stay?: boolean;
  /** Sends TEE and client to the bus by another way, for tests that listen. */
  readonly route?: (credentials: NatsCredentials) => Promise<NatsCredentials>;
};

export async function startDemoNetwork({
  screen,
  signal,
  stateDir,
  chain = { kind: 'embedded' },
  genesis,
  tee: teeOptions = {},
  stay = false,
  web,
  route = (direct) => Promise.resolve(direct),
}: DemoNetworkOptions): Promise<DemoNetwork> {
  await using started = new AsyncDisposableStack();
  const layer1 = chain.kind === 'node' ? await startNode(started, { screen, stateDir, signal }) : chain;
  const host = await screen.step(
    'Host',
    async () => started.use(await startHost({ stateDir, chain: layer1, web, signal })),
    ({ nats }) => ({ line: `nats-server on 127.0.0.1:${nats.port}, Helia, and ${describeChain(layer1)}, untrusted by design` }),
  );
  const { kind = 'process', imageFile, ...teeSettings } = teeOptions;
  const release = teeOptions.imageRelease && decodeImageRelease(teeOptions.imageRelease);
  const image = kind === 'vm' ? await machineImage({ screen, stateDir, file: imageFile, release, signal }) : undefined;
  const [tee, referenceValues] = await screen.step(
    'TEE',
    () =>
      Promise.all([
        route(host.credentials.tee)
          .then((credentials) => startTee({ ...teeSettings, stateDir, credentials, genesis, image: image?.path, signal }))
          .then((value) => started.use(value)),
        image?.referenceValues ?? localReferenceValues(signal, release),
      ]),
    ([{ node }]) => ({
      line: `${image ? 'firmware measured the image into swtpm, a virtual machine runs it' : 'swtpm measured Node and the TEE bundle, tea-runtime runs'}: node ${shortHex(node)}`,
    }),
  );
  const connection = await connect(connectionOptions(await route(host.credentials.client), 'demo')).catch((error: unknown) => {
    throw busError(error, 'Connecting to the bus');
  });
  started.defer(() => connection.close());
  const tea = started.use(await openTea({ connection, inboxPrefix: host.credentials.client.inboxPrefix, genesis, signal }));
  await screen.step(
    'Join',
    () => join(tea, tee, { signal, stay }),
    ({ founding, active, why }) => ({
      line: active
        ? `node Active on layer 1${founding ? ', admitted by its own appraisal as a founding node' : ''}`
        : `node ${why}: it runs, and gets no errands. In another terminal: ./tea node status ${tee.node.toHex()}`,
      facts: { active, why },
    }),
  );
  const parts = started.move();
  return { tea, node: tee.node, referenceValues, client: host.credentials.client, host, tee, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

async function startNode(
  started: AsyncDisposableStack,
  { screen, stateDir, signal }: Pick<DemoNetworkOptions, 'screen' | 'stateDir' | 'signal'>,
): Promise<Exclude<ChainChoice, { readonly kind: 'node' }>> {
  const { url } = await screen.step(
    'Node',
    async () => started.use(await startChainNode({ stateDir, signal })),
    (node) => ({ line: `a real Substrate node answers at ${node.url}, the only validator of its network`, facts: { url: node.url } }),
  );
  return { kind: 'ws', url };
}

function describeChain(chain: ChainChoice): string {
  return chain.kind === 'ws' ? `a gateway to the node at ${chain.url}` : 'a Substrate chain in V8';
}
