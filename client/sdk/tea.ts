import type { NatsConnection } from '@nats-io/nats-core';
import { ipfsClient, type IpfsClient } from '@tea/protocol/ipfs';
import { openLedger, type Ledger } from '@tea/protocol/ledger';
import { layer1Provider } from '@tea/protocol/layer1';
import { nodeClient, type NodeClient } from './ask-node.ts';

/** One session with the network: ledger, content and nodes, over one connection to a host nobody trusts. */
export type Tea = AsyncDisposable & {
  readonly ledger: Ledger;
  readonly ipfs: IpfsClient;
  node(id: Uint8Array): NodeClient;
};

/** @throws TeaError `timeout` when the chain does not answer. The connection stays its owner's to close. */
export async function openTea(options: { readonly connection: NatsConnection; readonly inboxPrefix: string }): Promise<Tea> {
  const { connection } = options;
  const ledger = await openLedger(layer1Provider(options));
  return {
    ledger,
    ipfs: ipfsClient(connection),
    node: (id) => nodeClient(connection, id),
    [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
  };
}
