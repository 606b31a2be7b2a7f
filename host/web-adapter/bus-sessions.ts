import type { NatsConnection } from '@nats-io/transport-node';
import { randomBytes } from 'node:crypto';

export type BusSession = {
  send(frame: Uint8Array): void;
  /** Tells the service that the session is over. */
  end(): void;
};

/**
 * A session with a service that answers one inbox many times, as `docs/nats-protocol.md` has it for JSON-RPC: an empty frame, either way, ends it.
 * @param hear what the service says; null when it ended the session, or nobody serves the subject
 */
export function openBusSession(
  connection: NatsConnection,
  inboxPrefix: string,
  subject: string,
  hear: (frame: Uint8Array | null) => void,
): BusSession {
  const inbox = `${inboxPrefix}.${randomBytes(16).toString('hex')}`;
  const subscription = connection.subscribe(inbox, {
    callback(error, message) {
      if (error === null && message.data.length > 0) return hear(message.data);
      subscription.unsubscribe();
      hear(null);
    },
  });
  return {
    send: (frame) => connection.publish(subject, frame, { reply: inbox }),
    end() {
      if (subscription.isClosed()) return;
      subscription.unsubscribe();
      if (!connection.isClosed()) connection.publish(subject, '', { reply: inbox });
    },
  };
}
