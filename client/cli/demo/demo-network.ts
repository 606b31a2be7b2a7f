import { connect } from '@nats-io/transport-node';
import { decodeImageRelease, equalBytes, TeaError, type NatsCredentials, type ReferenceValues } from '@tea/protocol';
import { busError, connectionOptions } from '@tea/protocol/bus';
import { parseCid } from '@tea/protocol/ipfs';
import { readNode } from '@tea/protocol/ledger';
import { openTea, registerNode, type Tea } from '@tea/sdk';
import { type ChainChoice, localReferenceValues, startChainNode, startHost, startTee, type Host, type Tee } from '../network.ts';
import type { TeeOptions } from '../tee-options.ts';
import { shortHex, type Screen } from '../screen.ts';
import { machineImage } from './machine-image.ts';
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
  /** Default: the host executes it. */
  readonly chain?: ChainChoice | undefined;
  /** Its genesis hash, where it is known beforehand: TEE and client take no other. */
  readonly genesis?: Uint8Array | undefined;
  readonly tee?: TeeOptions;
  /** Where clients of other machines may come in. */
  readonly web?: { readonly host: string; readonly port: number };
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
    () => join(tea, tee, signal),
    ({ founding }) => ({ line: `node Active on layer 1${founding ? ', admitted by its own appraisal as a founding node' : ''}` }),
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

/** Registers the node, or waits for the one that an earlier demo in this folder registered. */
async function join(tea: Tea, { node, account }: Tee, signal: AbortSignal): Promise<{ readonly founding: boolean }> {
  const known = await readNode(tea.ledger, node);
  if (known === null) {
    return registerNode(tea, node, {
      operator: PEOPLE.operator,
      hostAccount: PEOPLE.host.publicKey,
      gasPrice: PRICES.gasPerMillion,
      allowance: 10n * TEA,
      signal,
    });
  }
  if (!equalBytes(known.teeAccount, account)) {
    throw new TeaError('conflict', 'The node in this folder ran other software before', {
      expected: `the TEE with account ${known.teeAccount.toHex()}`,
      actual: `one with ${account.toHex()}: its keys are bound to what was measured`,
      next: 'choose another folder with --dir DIR',
    });
  }
  // The TEE has started anew and renews its evidence: while that is judged, the node gets no errands.
  await tea.ledger.waitFor(
    'the node to be Active again, on evidence of this start',
    () => Promise.all([readNode(tea.ledger, node), tea.node(node).info()]),
    ([record, info]) => record?.status === 'Active' && equalBytes(record.evidenceCid, parseCid(info.evidenceCid).bytes),
    { signal },
  );
  return { founding: known.founding };
}
