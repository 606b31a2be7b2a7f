import type { NatsConnection } from '@nats-io/transport-node';
import type { ChainPort } from '@tea/protocol/layer1';

export type GatewayOptions = {
  readonly chain: ChainPort;
  readonly connection: NatsConnection;
};
export type Gateway = AsyncDisposable & { readonly sessions: number };
export declare function startGateway(options: GatewayOptions): Promise<Gateway>;
