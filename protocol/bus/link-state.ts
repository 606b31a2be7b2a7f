import type { NatsConnection } from '@nats-io/nats-core';

export type LinkState = {
  /** Aborts at the next break. */
  readonly lost: AbortSignal;
  readonly isConnected: boolean;
  /** Resolves once connected; at once when it is. */
  readonly connected: Promise<void>;
  /** Whether there was a break before now: services may still be on their way back. */
  readonly hasBroken: boolean;
};

/** Watches a connection until it is closed. nats.js drops what is published while it is away, so one has to know. */
export function watchLink(connection: NatsConnection): () => LinkState {
  let lost = new AbortController();
  let back = Promise.withResolvers<void>();
  let hasBroken = false;
  let isConnected = true;
  back.resolve();
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') {
        hasBroken = true;
        isConnected = false;
        back = Promise.withResolvers<void>();
        lost.abort();
      } else if (status.type === 'reconnect') {
        lost = new AbortController();
        isConnected = true;
        back.resolve();
      }
    }
    lost.abort();
    back.resolve(); // closed: the next request is told so by the client itself
  })();
  return () => ({ lost: lost.signal, isConnected, connected: back.promise, hasBroken });
}
