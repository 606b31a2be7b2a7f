import type { ConnectionOptions } from '@nats-io/nats-core';
import type { NatsCredentials } from '../subjects.ts';

const RECONNECT_ATTEMPTS = 300;
const RECONNECT_WAIT_MS = 100;
const RECONNECT_JITTER_MS = 100;

/**
 * How every part of TEA connects to the bus, for `connect` of whichever transport it runs on. A connection outlives a bus that was away for up to
 * about 45 s. What nats.js is given to publish while the bus is away is lost without a word: ask through `busRequests`, which waits.
 * @param name who connects, for the server's log
 */
export function connectionOptions({ servers, user, pass, inboxPrefix }: NatsCredentials, name: string): ConnectionOptions {
  return {
    servers: [...servers],
    user,
    pass,
    inboxPrefix,
    name,
    timeout: 5_000,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    maxReconnectAttempts: RECONNECT_ATTEMPTS,
    ignoreClusterUpdates: true, // the bus never tells us to go elsewhere
    noAsyncTraces: true,
  };
}
