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

export type TeaOptions = {
  /** Stays its owner's to close. */
  readonly connection: NatsConnection;
  readonly inboxPrefix: string;
  /** The chain to expect, 32 bytes; without it, which chain this is is the host's word. */
  readonly genesis?: Uint8Array | undefined;
  /** Ends whatever waits for an answer of the chain. */
  readonly signal?: AbortSignal | undefined;
};

/** @throws TeaError `timeout` when the chain does not answer, `refused` when it is another one than expected */
export async function openTea({ connection, inboxPrefix, genesis, signal }: TeaOptions): Promise<Tea> {
  const ledger = await openLedger(layer1Provider({ connection, inboxPrefix }), { ...(genesis && { genesis }), ...(signal && { signal }) });
  return {
    ledger,
    ipfs: ipfsClient(connection),
    node: (id) => nodeClient(connection, id),
    [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
  };
}
