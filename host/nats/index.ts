import type { NatsConnection } from '@nats-io/transport-node';
import type { BusUser, NatsCredentials } from '@tea/protocol';
export type StartNatsOptions = {
  /** Where the generated config and the server's log go (created 0700). No password is ever written there. */
  readonly dataDir: string;
  readonly users?: readonly BusUser[];
  /** Default: a free one, chosen by the system and kept over `restart()`. */
  readonly port?: number;
  readonly signal?: AbortSignal;
};
export type NatsServer = AsyncDisposable & {
  readonly port: number;
  readonly pid: number;
  readonly logFile: string;
  credentials(user: BusUser): NatsCredentials;
  /** Kills the server (SIGKILL) and starts it again on the same port with the same users. */
  restart(): Promise<void>;
  /** Ends the server as a crash would. */
  kill(): Promise<void>;
  /** Aborts with a TeaError `unavailable` when the server ends without having been asked to. */
  readonly failed: AbortSignal;
};
export declare function startNats(options: StartNatsOptions): Promise<NatsServer>;
/** @throws TeaError `unavailable` | `refused` (bad password) | `timeout` | `cancelled` */
export declare function connectNats(credentials: NatsCredentials, options?: { readonly name?: string; readonly signal?: AbortSignal }): Promise<NatsConnection>;
