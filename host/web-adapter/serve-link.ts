import { randomUUID } from 'node:crypto';
import { isTeaError, TeaError } from '@tea/protocol';
import type { Bus } from '@tea/protocol/bus';
import {
  decodeWebFrame,
  encodeWebFrame,
  failFrame,
  type StreamEvents,
  type StreamRequest,
  type Streams,
  WEB_PROTOCOL,
  webStreams,
  type WebStream,
} from '@tea/protocol/web';
import { Allowance } from './allowance.ts';
import { ensureAllowed } from './allowed-subjects.ts';
import type { KeptAnswers } from './kept-answers.ts';
import type { AdapterLimits } from './limits.ts';
import type { Shares } from './shares.ts';

const LEAST_PAUSE_MS = 50;

/** A way to one client: it carries frames whole and in order, and tells nothing of what it is. */
export type Link = {
  /** Whom it leads to; see `peerOf`. */
  readonly peer: string;
  send(frame: Uint8Array): void;
  /** Sent and not read by the client yet. */
  readonly unreadBytes: number;
  /** Takes nothing more from the client for so long. */
  pause(ms: number): void;
  close(why: 'protocol' | 'limit' | 'idle'): void;
};

export type LinkService = {
  receive(frame: Uint8Array): void;
  /** The link is gone. */
  lost(): void;
  /** To be called now and then: ends what takes too long. */
  sweep(): void;
};

export type LinkOptions = {
  readonly limits: AdapterLimits;
  readonly bus: Pick<Bus, 'ask' | 'openSession'>;
  readonly kept: KeptAnswers;
  /** Shared by all links. */
  readonly places: { readonly sessions: Shares; readonly requests: Shares };
  /** Milliseconds, never going back. */
  readonly now: () => number;
  /** Told of failures that are nobody else's business, with the correlation id that the client was given. */
  readonly onFailure?: (error: unknown, correlation: string) => void;
};

/** Serves one client: its frames become requests and sessions on the bus. Everything from it is hostile. */
export function serveLink(link: Link, options: LinkOptions): LinkService {
  const { limits, now } = options;
  const requests = new Allowance(limits.requestsPerSecond, limits.requestBurst, now);
  const bytes = new Allowance(limits.bytesPerSecond, limits.byteBurst, now);
  const unfinished = new Map<WebStream, number>();
  const began = now();
  let heardAt = began;
  let streams: Streams | undefined;
  let closed = false;

  function send(frame: Uint8Array): void {
    if (closed) return;
    link.send(frame);
    if (link.unreadBytes > limits.maxUnreadBytes) close('limit');
  }
  function close(why: Parameters<Link['close']>[0], error?: TeaError): void {
    if (closed) return;
    if (error !== undefined) link.send(failFrame(0, error));
    end();
    link.close(why);
  }
  function end(): void {
    closed = true;
    streams?.abandon(new TeaError('unavailable', 'The link is lost'));
    unfinished.clear();
  }

  function accept(client: string, { mode, key, timeoutMs, subject }: StreamRequest, stream: WebStream): StreamEvents {
    const waitMs = requests.take(1);
    if (waitMs > 0) {
      // Who goes on asking is not even heard for a while, or refusing would cost as much as serving.
      link.pause(Math.max(waitMs, LEAST_PAUSE_MS));
      throw new TeaError('limit', 'You ask too often', {
        expected: `${limits.requestsPerSecond} requests a second`,
        actual: 'more',
        next: `try again in ${waitMs} ms`,
      });
    }
    ensureAllowed(subject, mode);
    unfinished.set(stream, now() + limits.slowestRequestMs);
    const events =
      mode === 'ask' ? answerOnce(stream, `${client}${key.toHex()}`, subject, Math.min(timeoutMs, limits.maxTimeoutMs)) : converse(stream, subject);
    return {
      message(payload) {
        unfinished.delete(stream);
        return events.message(payload);
      },
      ended: () => events.ended(),
      failed(error) {
        unfinished.delete(stream);
        events.failed(error);
      },
    };
  }

  function answerOnce(stream: WebStream, name: string, subject: string, timeoutMs: number): StreamEvents {
    let asked = false;
    return {
      message(payload) {
        if (asked) return fail(stream, new TeaError('badInput', 'A request is one message', { expected: 'no second', actual: 'one' }));
        asked = true;
        options.kept
          .once(name, subject, payload, () => askBus(subject, payload, timeoutMs))
          .then(
            (answer) => void stream.send(answer, true),
            (error: unknown) => fail(stream, error),
          );
      },
      ended() {
        if (!asked) fail(stream, new TeaError('badInput', 'Nothing was asked', { expected: 'a message', actual: 'none' }));
      },
      failed: () => undefined,
    };
  }

  /** Has its place until it is answered, whether anybody waits for it or not. */
  async function askBus(subject: string, payload: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    const leave = options.places.requests.take(link.peer);
    try {
      return await options.bus.ask(subject, payload, { what: `Asking ${subject}`, timeoutMs });
    } finally {
      leave();
    }
  }

  function converse(stream: WebStream, subject: string): StreamEvents {
    const leave = options.places.sessions.take(link.peer);
    const session = options.bus.openSession(subject, (frame) => {
      if (frame === null) leave();
      if (frame === null) return fail(stream, new TeaError('unavailable', 'The service ended the session', { next: 'open another' }));
      void stream.send(frame);
      if (stream.unsentBytes <= limits.maxUnreadBytes) return;
      over();
      fail(stream, new TeaError('limit', 'The answers are not read', { expected: `at most ${limits.maxUnreadBytes} bytes waiting`, actual: 'more' }));
    });
    const over = (): void => {
      leave();
      session.end();
    };
    return {
      message: (payload) => session.send(payload),
      ended() {
        over();
        stream.end();
      },
      failed: over,
    };
  }

  function fail(stream: WebStream, error: unknown): void {
    const correlation = randomUUID();
    if (!isTeaError(error) || error.code === 'internal') options.onFailure?.(error, correlation);
    stream.fail(error, correlation);
  }

  function greet(versions: readonly number[], client: Uint8Array): void {
    if (!versions.includes(WEB_PROTOCOL)) {
      throw new TeaError('badMessage', 'There is no common version', {
        expected: `version ${WEB_PROTOCOL}`,
        actual: versions.join(', '),
        next: 'update the client',
      });
    }
    const name = client.toHex();
    streams = webStreams({ limits, send, accept: (request, stream) => accept(name, request, stream) });
    const { maxPieceBytes, maxMessageBytes, windowBytes, maxStreams, idleMs } = limits;
    send(encodeWebFrame({ kind: 'welcome', version: WEB_PROTOCOL, maxPieceBytes, maxMessageBytes, windowBytes, maxStreams, idleMs }));
  }

  function take(message: Uint8Array): void {
    const frame = decodeWebFrame(message);
    if (streams === undefined) {
      if (frame.kind !== 'hello') throw new TeaError('badMessage', 'This frame comes too early', { expected: 'hello', actual: frame.kind });
      return greet(frame.versions, frame.client);
    }
    if ('stream' in frame) return streams.receive(frame);
    if (frame.kind === 'ping') return send(encodeWebFrame({ kind: 'pong' }));
    if (frame.kind !== 'pong') throw new TeaError('badMessage', 'This frame is not for an adapter', { expected: 'a request', actual: frame.kind });
  }

  return {
    receive(message) {
      if (closed) return;
      heardAt = now();
      const waitMs = bytes.spend(message.length);
      if (waitMs > 0) link.pause(waitMs);
      try {
        take(message);
      } catch (error) {
        if (!isTeaError(error)) options.onFailure?.(error, '');
        close('protocol', isTeaError(error) ? error : new TeaError('internal', 'The adapter failed'));
      }
    },
    lost: end,
    sweep() {
      const at = now();
      if (streams === undefined && at - began > limits.handshakeMs) {
        return close(
          'idle',
          new TeaError('timeout', 'The link was not used', { expected: `a hello within ${limits.handshakeMs} ms`, actual: 'none' }),
        );
      }
      if (at - heardAt > limits.idleMs) {
        return close(
          'idle',
          new TeaError('timeout', 'The link was idle', { expected: `a frame within ${limits.idleMs} ms`, actual: 'none', next: 'connect again' }),
        );
      }
      for (const [stream, until] of unfinished) {
        if (at < until) continue;
        unfinished.delete(stream);
        stream.fail(
          new TeaError('timeout', 'The request came too slowly', { expected: `all of it within ${limits.slowestRequestMs} ms`, actual: 'a part' }),
        );
      }
    },
  };
}
