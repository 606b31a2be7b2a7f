import type { NatsConnection } from '@nats-io/nats-core';
import { toHex } from '../bytes.ts';
import { type Ask, busRequests } from './bus-requests.ts';

/** What of a bus a client needs, whatever carries it: a NATS connection of this machine, or a link to a web adapter of another. */
export type Bus = {
  readonly ask: Ask;
  /**
   * A session with a service that says many things, as `docs/nats-protocol.md` has it for JSON-RPC. It never survives a break of the bus.
   * @param hear what the service says; null, once, when the session is over: the service ended it, isn't there, or the bus is gone
   */
  openSession(subject: string, hear: (frame: Uint8Array | null, why?: string) => void): BusSession;
  /** Calls back once, as soon as the bus is there. @returns a way to stop waiting */
  whenUp(callback: () => void): () => void;
};

export type BusSession = {
  send(frame: Uint8Array | string): void;
  /** Tells the service that the session is over. Nothing is heard after that. */
  end(): void;
};

/**
 * @param connection stays its owner's to close; watched until then
 * @param inboxPrefix the connection's user may subscribe below it, e.g. `_INBOX_tee`
 */
export function natsBus(connection: NatsConnection, inboxPrefix: string): Bus {
  const upWaiters = new Set<() => void>();
  const downListeners = new Set<(reason: string) => void>();
  let isUp = !connection.isClosed();
  void (async () => {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' || type === 'close') {
        isUp = false;
        for (const listener of [...downListeners]) listener(`the bus connection is down (${type})`);
      } else if (type === 'reconnect') {
        isUp = true;
        for (const waiter of [...upWaiters]) waiter();
        upWaiters.clear();
      }
    }
  })();

  return {
    ask: busRequests(connection),
    openSession(subject, hear) {
      const inbox = `${inboxPrefix}.${toHex(crypto.getRandomValues(new Uint8Array(16)))}`;
      const over = (why?: string): void => {
        if (close()) hear(null, why);
      };
      const subscription = connection.subscribe(inbox, {
        callback(error, message) {
          // Empty: the service ended the session, or nats-server found nobody listening (its "no responders" status has no payload).
          if (error === null && message.data.length > 0) return hear(message.data);
          over(error?.message ?? 'the service closed the session or is not there');
        },
      });
      downListeners.add(over);
      return {
        send(frame) {
          try {
            connection.publish(subject, frame, { reply: inbox });
          } catch (cause) {
            // The connection is closed for good; the caller learns it after its own stack is done.
            queueMicrotask(() => over(cause instanceof Error ? cause.message : String(cause)));
          }
        },
        end() {
          close();
          // Also after a break: what was on its way may have opened a session in a service that knew nothing of this one.
          if (!connection.isClosed()) connection.publish(subject, '', { reply: inbox });
        },
      };
      function close(): boolean {
        subscription.unsubscribe();
        return downListeners.delete(over);
      }
    },
    whenUp(callback) {
      if (isUp) {
        callback();
        return () => undefined;
      }
      upWaiters.add(callback);
      return () => void upWaiters.delete(callback);
    },
  };
}
