import { TeaError, teaErrorOf, throwIfCancelled } from '@tea/protocol';
import type { Ask } from '@tea/protocol/bus';
import { decodeWebFrame, encodeWebFrame, type StreamEvents, type Streams, WEB_PROTOCOL, WEB_SUBPROTOCOL, webStreams } from '@tea/protocol/web';

export type WebLinkOptions = {
  /** `ws:` or `wss:`, ending in the adapter's `/v1/link`. */
  readonly url: string;
  /** This client's secret name, 16 bytes: an adapter that knows it gives the answers of before a break, instead of executing again. */
  readonly client: Uint8Array;
  /** Gives the attempt up. */
  readonly signal?: AbortSignal;
  /** Default 5,000. */
  readonly connectTimeoutMs?: number;
};

export type LinkRequest = Parameters<Ask>[2] & {
  /** The same key asks for the same execution. 16 bytes, default new ones. */
  readonly key?: Uint8Array;
};

/** Frames of a session; each is one message. */
export type LinkSession = { send(frame: Uint8Array): void; end(): void };

export type WebLink = AsyncDisposable & {
  ask(subject: string, payload: Uint8Array, request: LinkRequest): Promise<Uint8Array>;
  /** @param hear null when the session is over, for whatever reason */
  openSession(subject: string, hear: (frame: Uint8Array | null, why?: TeaError) => void): LinkSession;
  /** Aborted, with the reason as a TeaError, once the link is no more. */
  readonly lost: AbortSignal;
  /** Gives the link up. */
  drop(why: TeaError): void;
};

const SESSION_TIMEOUT_MS = 60_000;

/**
 * A link to a web adapter over WebSocket, as browsers and Node have it. The adapter is a stranger: answers are its word.
 * @throws TeaError `unavailable` when there is no adapter, `timeout`, `cancelled`, what the adapter says when it lets nobody in
 */
export async function openWebLink({ url, client, signal, connectTimeoutMs = 5_000 }: WebLinkOptions): Promise<WebLink> {
  throwIfCancelled(signal, 'Connecting to a web adapter');
  const socket = new WebSocket(url, [WEB_SUBPROTOCOL]);
  socket.binaryType = 'arraybuffer';
  const lost = new AbortController();
  const greeted = Promise.withResolvers<Streams>();
  greeted.promise.catch(() => undefined); // a link that breaks later than this is told by `lost`
  let streams: Streams | undefined;
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  let isAlive = true;

  const lose = (error: TeaError): void => {
    if (lost.signal.aborted) return;
    clearInterval(heartbeat);
    lost.abort(error);
    greeted.reject(error);
    streams?.abandon(error);
    socket.close();
  };
  const send = (frame: Uint8Array<ArrayBuffer>): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(frame);
  };
  const receive = (bytes: Uint8Array): void => {
    const frame = decodeWebFrame(bytes);
    isAlive = true;
    if (frame.kind === 'fail' && frame.stream === 0) return lose(teaErrorOf(frame.error));
    if (streams !== undefined && 'stream' in frame) return streams.receive(frame);
    if (frame.kind === 'welcome' && streams === undefined && frame.version === WEB_PROTOCOL) {
      streams = webStreams({ limits: frame, send });
      heartbeat = setInterval(() => {
        if (!isAlive) return lose(gone(url, 'no sign of life'));
        isAlive = false;
        send(encodeWebFrame({ kind: 'ping' }));
      }, frame.idleMs / 3);
      return greeted.resolve(streams);
    }
    if (frame.kind !== 'pong') throw new TeaError('badMessage', 'This is not what an adapter says', { expected: 'an answer', actual: frame.kind });
  };
  socket.addEventListener('open', () => send(encodeWebFrame({ kind: 'hello', versions: [WEB_PROTOCOL], client })));
  socket.addEventListener('message', ({ data }: MessageEvent<ArrayBuffer>) => {
    try {
      receive(new Uint8Array(data));
    } catch (cause) {
      lose(cause instanceof TeaError ? cause : new TeaError('badMessage', 'This is not an adapter', { cause }));
    }
  });
  socket.addEventListener('error', () => lose(gone(url, 'none')));
  socket.addEventListener('close', ({ reason }) => lose(gone(url, reason || 'the connection is closed')));
  const deadline = setTimeout(
    () => lose(new TeaError('timeout', 'The web adapter does not answer', { expected: `within ${connectTimeoutMs} ms`, actual: url })),
    connectTimeoutMs,
  );
  const onAbort = (): void => lose(new TeaError('cancelled', 'Connecting was cancelled'));
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return linkOver(await greeted.promise, lost.signal, lose);
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', onAbort);
  }
}

function linkOver(streams: Streams, lost: AbortSignal, lose: (error: TeaError) => void): WebLink {
  return {
    lost,
    drop: lose,
    ask(subject, payload, { what, timeoutMs, signal, key = crypto.getRandomValues(new Uint8Array(16)) }) {
      return new Promise((resolve, reject) => {
        const settle = (act: () => void): void => {
          clearTimeout(deadline);
          signal?.removeEventListener('abort', onAbort);
          act();
        };
        const give = (error: TeaError): void =>
          settle(() => {
            stream?.fail(error);
            reject(error);
          });
        const onAbort = (): void => give(new TeaError('cancelled', `${what} was cancelled`));
        const deadline = setTimeout(() => give(new TeaError('timeout', `${what} got no answer in time`, { next: 'try again' })), timeoutMs);
        const events: StreamEvents = {
          message: (answer) => settle(() => resolve(answer)),
          ended: () => give(new TeaError('badMessage', `${what} got no answer`, { expected: 'a message', actual: 'the end' })),
          failed: (error) => settle(() => reject(error)),
        };
        let stream: { fail(error: unknown): void } | undefined;
        try {
          throwIfCancelled(signal, what);
          lost.throwIfAborted();
          signal?.addEventListener('abort', onAbort, { once: true });
          stream = streams.open({ mode: 'ask', key, timeoutMs, subject }, events, payload, true);
        } catch (error) {
          settle(() => reject(error));
        }
      });
    },
    openSession(subject, hear) {
      let stream: ReturnType<Streams['open']> | undefined;
      const request = { mode: 'session', key: crypto.getRandomValues(new Uint8Array(16)), timeoutMs: SESSION_TIMEOUT_MS, subject } as const;
      const events: StreamEvents = { message: (frame) => hear(frame), ended: () => hear(null), failed: (error) => hear(null, error) };
      return {
        send(frame) {
          if (stream === undefined) stream = streams.open(request, events, frame, false);
          else void stream.send(frame);
        },
        end: () => stream?.end(),
      };
    },
    async [Symbol.asyncDispose]() {
      lose(new TeaError('cancelled', 'The link is closed'));
    },
  };
}

function gone(url: string, actual: string): TeaError {
  return new TeaError('unavailable', 'The web adapter is not there', { expected: `one that answers at ${url}`, actual, next: 'try another node' });
}
