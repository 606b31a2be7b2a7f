import type { NatsConnection } from '@nats-io/nats-core';
import { pause, throwIfCancelled, untilAborted } from '../cancellation.ts';
import { TeaError } from '../errors.ts';
import { busError } from './bus-error.ts';
import { watchLink } from './link-state.ts';

export type BusRequest = {
  /** For messages, e.g. `'Fetching a block'`. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
};

/** Asks on the bus; the answer is a stranger's bytes. */
export type Ask = (subject: string, payload: Uint8Array, request: BusRequest) => Promise<Uint8Array>;

/** After a break the services come back in their own time: for about two seconds "nobody serves this" is not believed. */
const RETURN_ATTEMPTS = 20;
const RETURN_WAIT_MS = 75;
const RETURN_JITTER_MS = 50;

/**
 * Request and reply that never hangs: a request ends with its answer, its deadline, its cancellation, or the connection, whichever is first. While the
 * bus is away a new request waits for it within its deadline. One that was under way when the connection broke may or may not have been served, and
 * is not repeated; one that nobody received is.
 *
 * One for each connection is enough: it watches the connection until that is closed.
 * @throws (when asking) TeaError `timeout`, `cancelled`, `unavailable` without a service or a bus, `refused` without permission
 */
export function busRequests(connection: NatsConnection): Ask {
  const link = watchLink(connection);

  return async (subject, payload, { what, timeoutMs, signal }) => {
    throwIfCancelled(signal, what);
    for (let attempt = 0; ; attempt++) {
      if (!link().isConnected) await comeBack(link().connected, { what, timeoutMs, ...(signal && { signal }) });
      const { lost, hasBroken } = link();
      const answer = connection.request(subject, payload, { timeout: timeoutMs }).then((message) => message.data);
      try {
        return await untilAborted(answer, signal === undefined ? [lost] : [lost, signal]);
      } catch (error) {
        throwIfCancelled(signal, what);
        if (lost.aborted) throw away(what, error);
        const told = busError(error, what);
        if (told.code !== 'unavailable' || !hasBroken || attempt >= RETURN_ATTEMPTS) throw told;
      }
      await pause(RETURN_WAIT_MS + Math.random() * RETURN_JITTER_MS);
    }
  };
}

async function comeBack(connected: Promise<void>, { what, timeoutMs, signal }: BusRequest): Promise<void> {
  const deadline = AbortSignal.timeout(timeoutMs);
  await untilAborted(connected, signal === undefined ? [deadline] : [deadline, signal]).catch((error: unknown) => {
    throwIfCancelled(signal, what);
    throw away(what, error);
  });
}

function away(what: string, cause: unknown): TeaError {
  return new TeaError('unavailable', `${what} was cut off`, {
    expected: 'a connection to the bus until the answer is here',
    actual: 'the connection broke',
    next: 'try again once the bus is back',
    cause,
  });
}
