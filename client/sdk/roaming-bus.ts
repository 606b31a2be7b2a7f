import { pause, TeaError, throwIfCancelled, untilAborted } from '@tea/protocol';
import type { Bus } from '@tea/protocol/bus';
import { openWebLink, type WebLink } from './web-link.ts';

export type RoamingBusOptions = {
  /** Links of adapters that may serve, best first, e.g. `ws://host:port/v1/link`. */
  readonly urls: readonly string[];
  /** Told of every move, for one line to a person. */
  readonly onMove?: (
    event: { readonly kind: 'connected'; readonly url: string } | { readonly kind: 'lost'; readonly url: string; readonly why: TeaError },
  ) => void;
  /** How long an adapter that failed is left alone, at first; it doubles up to a minute. Default 500. */
  readonly backOffMs?: number;
  readonly connectTimeoutMs?: number;
};

export type RoamingBus = Bus &
  AsyncDisposable & {
    /** Leaves the adapter that serves now, because it lied or is of no use, for another. */
    leave(why: TeaError): void;
    readonly url: string | null;
  };

type Candidate = { readonly url: string; failures: number; restsUntil: number };

const MAX_BACK_OFF_MS = 60_000;
/** The next best is tried beside one that hasn't answered yet (RFC 8305). */
const STAGGER_MS = 150;

/**
 * A bus over whichever adapter answers. When that one dies or goes silent the next one serves: requests under way are asked again there under the
 * same key, so an adapter that has executed one already gives its answer; sessions end, and whoever holds one opens another.
 *
 * Asked again at another adapter a request may be executed a second time. What TEA asks for can bear that: reading, adding content under its own
 * CID, an extrinsic with its nonce, a release of the same key, a call under its number.
 */
export function openRoamingBus({ urls, onMove, backOffMs = 500, connectTimeoutMs = 5_000 }: RoamingBusOptions): RoamingBus {
  if (urls.length === 0) throw new TeaError('badInput', 'There is no node to connect to', { expected: 'at least one address', actual: 'none' });
  const client = crypto.getRandomValues(new Uint8Array(16));
  const candidates: Candidate[] = urls.map((url) => ({ url, failures: 0, restsUntil: 0 }));
  const closed = new AbortController();
  const upWaiters = new Set<() => void>();
  let current: { readonly link: WebLink; readonly candidate: Candidate } | null = null;
  let connecting: Promise<WebLink> | null = null;

  const rest = (candidate: Candidate): void => {
    candidate.restsUntil = Date.now() + Math.min(backOffMs * 2 ** candidate.failures++, MAX_BACK_OFF_MS);
  };

  function linked(): Promise<WebLink> {
    if (current !== null) return Promise.resolve(current.link);
    connecting ??= connect().finally(() => (connecting = null));
    return connecting;
  }

  /** Until one answers: who was said to be best first, then who has rested longest. */
  async function connect(): Promise<WebLink> {
    for (;;) {
      throwIfCancelled(closed.signal, 'Connecting to a node');
      const now = Date.now();
      const rested = candidates.filter(({ restsUntil }) => restsUntil <= now).toSorted((a, b) => a.failures - b.failures);
      const first = await firstToAnswer(rested);
      if (first !== null) {
        adopt(first.link, first.candidate);
        return first.link;
      }
      const until = Math.min(...candidates.map(({ restsUntil }) => restsUntil));
      await pause(Math.max(until - Date.now(), 1), closed.signal);
    }
  }

  async function firstToAnswer(rested: readonly Candidate[]): Promise<{ link: WebLink; candidate: Candidate } | null> {
    const others = new AbortController();
    const signal = AbortSignal.any([others.signal, closed.signal]);
    const tries = rested.map(async (candidate, index) => {
      await pause(index * STAGGER_MS, signal);
      try {
        return { candidate, link: await openWebLink({ url: candidate.url, client, signal, connectTimeoutMs }) };
      } catch (error) {
        if (!signal.aborted) rest(candidate);
        throw error;
      }
    });
    const winner = await Promise.any(tries).catch(() => null);
    others.abort();
    for (const attempt of tries) {
      attempt
        .then(async ({ link }) => {
          if (link !== winner?.link) await link[Symbol.asyncDispose]();
        })
        .catch(() => undefined);
    }
    return winner;
  }

  function adopt(link: WebLink, candidate: Candidate): void {
    candidate.failures = 0;
    current = { link, candidate };
    onMove?.({ kind: 'connected', url: candidate.url });
    link.lost.addEventListener('abort', () => {
      if (current?.link !== link) return;
      current = null;
      rest(candidate);
      if (closed.signal.aborted) return;
      onMove?.({ kind: 'lost', url: candidate.url, why: link.lost.reason as TeaError });
      // So that whoever waits is called even if nobody asks.
      linked().catch(() => undefined);
    });
    for (const waiter of [...upWaiters]) waiter();
    upWaiters.clear();
  }

  return {
    get url() {
      return current?.candidate.url ?? null;
    },
    async ask(subject, payload, { what, timeoutMs, signal }) {
      const key = crypto.getRandomValues(new Uint8Array(16));
      const until = Date.now() + timeoutMs;
      const stop = [AbortSignal.timeout(timeoutMs), closed.signal, ...(signal ? [signal] : [])];
      for (;;) {
        const link = await untilAborted(linked(), stop).catch((cause: unknown) => {
          throwIfCancelled(signal, what);
          throw new TeaError('unavailable', `${what} failed`, {
            expected: 'a node that answers',
            actual: `none of ${urls.length}`,
            next: 'try again later, or name another node',
            cause,
          });
        });
        try {
          return await link.ask(subject, payload, { what, timeoutMs: Math.max(until - Date.now(), 1), key, ...(signal && { signal }) });
        } catch (error) {
          if (!link.lost.aborted || closed.signal.aborted) throw error;
        }
      }
    },
    openSession(subject, hear) {
      if (current === null) {
        queueMicrotask(() => hear(null, 'there is no node to talk to'));
        return { send: () => undefined, end: () => undefined };
      }
      const session = current.link.openSession(subject, (frame, why) => hear(frame, why?.message));
      const encoder = new TextEncoder();
      return { send: (frame) => session.send(typeof frame === 'string' ? encoder.encode(frame) : frame), end: () => session.end() };
    },
    whenUp(callback) {
      if (current !== null) {
        callback();
        return () => undefined;
      }
      upWaiters.add(callback);
      linked().catch(() => undefined);
      return () => void upWaiters.delete(callback);
    },
    leave(why) {
      current?.link.drop(why);
    },
    async [Symbol.asyncDispose]() {
      closed.abort();
      await current?.link[Symbol.asyncDispose]();
    },
  };
}
