import { connect, type NatsConnection } from '@nats-io/transport-node';
import { type NatsCredentials, throwIfCancelled } from '@tea/protocol';
import { busError, connectionOptions } from '@tea/protocol/bus';

export type ConnectOptions = {
  /** Who connects, for the server's log. */
  readonly name?: string;
  /** Gives the attempt up; it doesn't close an established connection. */
  readonly signal?: AbortSignal;
};

/** @throws TeaError `unavailable` when nobody listens there, `refused` when the password is wrong, `timeout`, `cancelled` */
export async function connectNats(credentials: NatsCredentials, options: ConnectOptions = {}): Promise<NatsConnection> {
  const what = `Connecting to the bus as ${credentials.user}`;
  throwIfCancelled(options.signal, what);
  let connection: NatsConnection;
  try {
    connection = await connect(connectionOptions(credentials, options.name ?? credentials.user));
  } catch (error) {
    throw busError(error, what);
  }
  if (options.signal?.aborted) await connection.close();
  throwIfCancelled(options.signal, what);
  return connection;
}
