import type { NatsConnection } from '@nats-io/nats-core';
import { type Bus, natsBus } from '@tea/protocol/bus';
import { type IpfsClient, ipfsClientOver } from '@tea/protocol/ipfs';
import { openLedger, type Ledger } from '@tea/protocol/ledger';
import { layer1Provider } from '@tea/protocol/layer1';
import { nodeClient, type NodeClient } from './ask-node.ts';
import { askCalls, type AskCall } from './calls/call-handshake.ts';

/** One session with the network: ledger, content and nodes, over one connection to a host nobody trusts. */
export type Tea = AsyncDisposable & {
  readonly ledger: Ledger;
  readonly ipfs: IpfsClient;
  node(id: Uint8Array): NodeClient;
  /** What a node's TEE answers on `call`; `openCalls` speaks it. */
  calls(id: Uint8Array): AskCall;
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
export async function openTea({ connection, inboxPrefix, ...options }: TeaOptions): Promise<Tea> {
  return openTeaOver(natsBus(connection, inboxPrefix), options);
}

/** The same over a bus that is reached in any way, e.g. by a link to a web adapter. The bus stays its owner's to close. */
export async function openTeaOver(bus: Bus, { genesis, signal }: Pick<TeaOptions, 'genesis' | 'signal'> = {}): Promise<Tea> {
  const ledger = await openLedger(layer1Provider({ bus }), { ...(genesis && { genesis }), ...(signal && { signal }) });
  return {
    ledger,
    ipfs: ipfsClientOver(bus.ask),
    node: (id) => nodeClient(bus.ask, id),
    calls: (id) => askCalls(bus.ask, id),
    [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
  };
}
