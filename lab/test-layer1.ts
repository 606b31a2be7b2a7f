import type { NatsConnection } from '@nats-io/transport-node';
import { createClient, type PolkadotClient, type TypedApi } from 'polkadot-api';
import { tea } from '@polkadot-api/descriptors';
import { connectNats, type NatsServer, startNats } from '@tea/host-nats';
import { type Chain, startChain, type StartChainOptions } from '@tea/layer1-chain';
import { type Gateway, startGateway } from '@tea/layer1-gateway';
import { temporaryDirectory } from '@tea/platform';
import { natsBus } from '@tea/protocol/bus';
import { layer1Provider, type Layer1ProviderOptions } from '@tea/protocol/layer1';

export type Layer1Client = AsyncDisposable & {
  readonly client: PolkadotClient;
  readonly api: TypedApi<typeof tea>;
  readonly connection: NatsConnection;
};

export type TestLayer1 = AsyncDisposable & {
  readonly dataDir: string;
  readonly nats: NatsServer;
  readonly chain: Chain;
  readonly gateway: Gateway;
  /** Ends the gateway's connection under it: no client is told. */
  crashGateway(): void;
  /** polkadot-api over NATS, as TEE and client use it. */
  open(options?: Partial<Layer1ProviderOptions>): Promise<Layer1Client>;
};

/** Bus, embedded chain and gateway on real parts, in a directory of their own. */
export async function startTestLayer1(options: Partial<StartChainOptions> = {}): Promise<TestLayer1> {
  await using stack = new AsyncDisposableStack();
  const directory = stack.use(await temporaryDirectory('layer1'));
  const nats = stack.use(await startNats({ dataDir: `${directory.path}/nats` }));
  const dataDir = options.dataDir ?? `${directory.path}/chain`;
  const chain = stack.use(await startChain({ preset: 'development', ...options, dataDir }));
  const service = await connectNats(nats.credentials('gateway'));
  stack.defer(() => service.close());
  const gateway = stack.use(await startGateway({ chain, connection: service }));
  const parts = stack.move();
  return {
    dataDir,
    nats,
    chain,
    gateway,
    crashGateway: () => void service.close(),
    open: (provider) => openClient(nats, provider),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

async function openClient(nats: NatsServer, options: Partial<Layer1ProviderOptions> = {}): Promise<Layer1Client> {
  const credentials = nats.credentials('client');
  const connection = await connectNats(credentials);
  const client = createClient(layer1Provider({ bus: natsBus(connection, credentials.inboxPrefix), ...options }));
  const close = async (): Promise<void> => {
    client.destroy();
    await connection.close();
  };
  return { client, api: client.getTypedApi(tea), connection, [Symbol.asyncDispose]: close };
}
