import type { NatsConnection } from '@nats-io/nats-core';
import { throwIfCancelled } from '../cancellation.ts';
import { TeaError } from '../errors.ts';
import { busError } from './bus-error.ts';

export type BusRequest = {
  /** For messages, e.g. `'Fetching a block'`. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
};

/** Asks on the bus; the answer is a stranger's bytes. */
export type Ask = (subject: string, payload: Uint8Array, request: BusRequest) => Promise<Uint8Array>;

/**
 * Request and reply that never hangs: a request ends with its answer, its deadline, its cancellation, or the connection, whichever is first. A
 * request that was under way when the connection broke may or may not have been served; it is not repeated.
 *
 * One per connection is enough: it watches the connection until that is closed.
 * @throws (when asking) TeaError `timeout`, `cancelled`, `unavailable` without a service or a bus, `refused` without permission
 */
export function busRequests(connection: NatsConnection): Ask {
  let lost = new AbortController();
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type !== 'disconnect') continue;
      lost.abort();
      lost = new AbortController();
    }
    lost.abort();
  })();

  return async (subject, payload, { what, timeoutMs, signal }) => {
    throwIfCancelled(signal, what);
    const gone = lost.signal;
    const given = signal === undefined ? gone : AbortSignal.any([signal, gone]);
    const answer = connection.request(subject, payload, { timeout: timeoutMs }).then((message) => message.data);
    try {
      return await untilAborted(answer, given);
    } catch (error) {
      throwIfCancelled(signal, what);
      if (gone.aborted) {
        throw new TeaError('unavailable', `${what} was cut off`, {
          expected: 'a connection to the bus until the answer is here',
          actual: 'the connection broke',
          next: 'try again once the bus is back',
        });
      }
      throw busError(error, what);
    }
  };
}

async function untilAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = (): void => aborted.reject(signal.reason as Error);
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  answer.catch(() => undefined); // when it loses the race
  try {
    return await Promise.race([answer, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
