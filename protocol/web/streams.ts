import { TeaError } from '../errors.ts';
import { teaErrorOf, wireErrorOf } from '../wire-error.ts';
import { encodeWebFrame, type Frame, type OpenFrame, type Piece, type Welcome } from './frame.ts';
import { type Incoming, incoming } from './incoming.ts';
import { outgoing } from './outgoing.ts';

/**
 * Many requests and sessions over one link, each a stream with its own flow control: who sends stays within what the other side granted, who
 * receives holds no more than it granted. The client opens streams; a stream is gone once both sides said `last`, or one said `fail`.
 */
export type StreamLimits = Pick<Welcome, 'maxPieceBytes' | 'maxMessageBytes' | 'windowBytes' | 'maxStreams'>;

export type StreamEvents = {
  /** A whole message, to be read only. The other side may send more once the promise is resolved; a rejection fails the stream. */
  message(payload: Uint8Array): void | Promise<void>;
  /** The other side sends nothing more. */
  ended(): void;
  /** The other side gave the stream up, or the link is lost. Nothing follows. */
  failed(error: TeaError): void;
};

export type WebStream = {
  /** Resolves once the link has taken all of it; never, if the stream ends before. @param last nothing follows */
  send(message: Uint8Array, last?: boolean): Promise<void>;
  /** Nothing follows. */
  end(): void;
  /** Gives the stream up and tells the other side why. */
  fail(error: unknown, correlation?: string): void;
  /** Given to `send` and not taken by the link yet. */
  readonly unsentBytes: number;
};

export type StreamRequest = Pick<OpenFrame, 'mode' | 'key' | 'timeoutMs' | 'subject'>;

export type StreamsOptions = {
  readonly limits: StreamLimits;
  /** What may be held of unfinished messages, all streams together. Default four messages. */
  readonly maxHeldBytes?: number;
  send(frame: Uint8Array<ArrayBuffer>): void;
  /** What the other side opens; a client's other side opens nothing. @throws TeaError, which fails the stream */
  readonly accept?: (request: StreamRequest, stream: WebStream) => StreamEvents;
};

export type StreamFrame = Extract<Frame, { readonly stream: number }>;

export type Streams = {
  /** @throws TeaError `limit` when `maxStreams` are open */
  open(request: StreamRequest, events: StreamEvents, message: Uint8Array, last: boolean): WebStream;
  /** @throws TeaError `badMessage` when the other side breaks the protocol: the link is of no use any more */
  receive(frame: StreamFrame): void;
  /** Fails all streams, without telling the other side. */
  abandon(error: TeaError): void;
  readonly size: number;
};

/** A stream that isn't over. */
type Entry = {
  readonly stream: WebStream;
  events: StreamEvents;
  readonly into: Incoming;
  grant(bytes: number): void;
  /** Nothing goes either way any more. */
  stop(): void;
  received: boolean;
};

const UNHEARD: StreamEvents = { message: () => undefined, ended: () => undefined, failed: () => undefined };

export function webStreams({ limits, maxHeldBytes = 4 * limits.maxMessageBytes, send, accept }: StreamsOptions): Streams {
  const entries = new Map<number, Entry>();
  let lastId = 0;
  let heldBytes = 0;
  const say = (frame: Frame): void => send(encodeWebFrame(frame));

  function start(id: number, request: StreamRequest | undefined, eventsOf: (stream: WebStream) => StreamEvents): Entry {
    let sent = false;
    const out = outgoing(limits, (piece, isFirst) => {
      if (isFirst && request !== undefined) say({ kind: 'open', stream: id, ...request, ...piece });
      else say({ kind: 'data', stream: id, ...piece });
      if (!piece.last) return;
      sent = true;
      if (entry.received) entries.delete(id);
    });
    const stream: WebStream = {
      send: (message, last = false) => out.send(message, last),
      end: () => out.end(),
      fail(error, correlation = '') {
        if (entries.get(id) !== entry) return;
        entry.stop();
        send(failFrame(id, error, correlation));
      },
      get unsentBytes() {
        return out.unsentBytes;
      },
    };
    const into = incoming(limits, {
      message: (payload) => entry.events.message(payload),
      grant(bytes) {
        if (entries.get(id) === entry && !entry.received) say({ kind: 'credit', stream: id, bytes });
      },
      failed: (error) => stream.fail(error),
      hold,
    });
    const entry: Entry = {
      stream,
      events: UNHEARD,
      into: {
        ...into,
        take(piece) {
          if (piece.last) {
            entry.received = true;
            if (sent) entries.delete(id);
          }
          into.take(piece);
        },
      },
      grant: (bytes) => out.grant(bytes),
      stop() {
        entries.delete(id);
        out.stop();
        into.stop();
      },
      received: false,
    };
    // Its owner may use the stream, or fail it, as soon as it is told.
    entries.set(id, entry);
    entry.events = eventsOf(stream);
    return entry;
  }

  function hold(bytes: number): void {
    if (heldBytes + bytes > maxHeldBytes) {
      throw new TeaError('limit', 'Too much is sent at once', {
        expected: `at most ${maxHeldBytes} bytes of unfinished messages`,
        actual: 'more',
        next: 'finish one before the next',
      });
    }
    heldBytes += bytes;
  }

  function mayOpen(): void {
    if (entries.size < limits.maxStreams) return;
    throw new TeaError('limit', 'Too much is asked at once', {
      expected: `at most ${limits.maxStreams} requests under way`,
      actual: 'one more',
      next: 'wait for an answer',
    });
  }

  function take(entry: Entry, piece: Piece): void {
    if (entry.received) throw protocolBroken('nothing after the end of the stream', `${piece.payload.length} bytes`);
    try {
      entry.into.take(piece);
    } catch (error) {
      // A message that breaks a limit costs its stream; a frame that breaks the protocol costs the link.
      if (!(error instanceof TeaError) || error.code === 'badMessage') throw error;
      entry.stream.fail(error);
      return entry.events.failed(error);
    }
    if (piece.last) entry.events.ended();
  }

  return {
    open(request, events, message, last) {
      mayOpen();
      const { stream } = start(++lastId, request, () => events);
      void stream.send(message, last);
      return stream;
    },
    receive(frame) {
      if (frame.kind === 'open') {
        const { stream: id, mode, key, timeoutMs, subject } = frame;
        if (accept === undefined || id <= lastId) throw protocolBroken(`a new stream, above ${lastId}`, String(id));
        lastId = id;
        let entry: Entry;
        try {
          mayOpen();
          entry = start(id, undefined, (stream) => accept({ mode, key, timeoutMs, subject }, stream));
        } catch (error) {
          entries.get(id)?.stop();
          return send(failFrame(id, error));
        }
        return take(entry, frame);
      }
      if (frame.stream > lastId) throw protocolBroken(`a stream that was opened, at most ${lastId}`, String(frame.stream));
      const entry = entries.get(frame.stream);
      // It may have ended here while this frame was on its way.
      if (entry === undefined) return;
      if (frame.kind === 'credit') return entry.grant(frame.bytes);
      if (frame.kind === 'data') return take(entry, frame);
      entry.stop();
      entry.events.failed(teaErrorOf(frame.error));
    },
    abandon(error) {
      for (const entry of [...entries.values()]) {
        entry.stop();
        entry.events.failed(error);
      }
    },
    get size() {
      return entries.size;
    },
  };
}

function protocolBroken(expected: string, actual: string): TeaError {
  return new TeaError('badMessage', 'This frame breaks the protocol', { expected, actual });
}

/** Tells why a stream ends; on stream 0, why the link does. */
export function failFrame(stream: number, error: unknown, correlation = ''): Uint8Array<ArrayBuffer> {
  return encodeWebFrame({ kind: 'fail', stream, error: wireErrorOf(error, correlation) });
}
