import { concatBytes } from '../bytes.ts';
import { TeaError } from '../errors.ts';
import type { Piece } from './frame.ts';
import type { StreamLimits } from './streams.ts';

export type IncomingEvents = {
  /** A whole message. */
  message(payload: Uint8Array): void | Promise<void>;
  /** The other side may send as much more. */
  grant(bytes: number): void;
  failed(error: unknown): void;
  /** Counts what is held of unfinished messages over the whole link. @throws TeaError `limit` */
  hold(bytes: number): void;
};

export type Incoming = {
  /** @throws TeaError `badMessage` for what breaks the protocol, `limit` for too large a message */
  take(piece: Omit<Piece, 'stream'>): void;
  /** Forgets an unfinished message. */
  stop(): void;
};

/**
 * The receiving half of a stream: puts pieces together, and grants anew what was taken: the pieces of an unfinished message at once, up to the
 * size of a message, its end when whoever it is for has dealt with it.
 */
export function incoming({ windowBytes, maxMessageBytes }: StreamLimits, { message, grant, failed, hold }: IncomingEvents): Incoming {
  let allowance = windowBytes;
  let pieces: Uint8Array[] = [];
  let heldBytes = 0;
  let dueBytes = 0;

  function give(bytes: number): void {
    dueBytes += bytes;
    // A grant for each piece would double the frames; half a window at a time keeps the sender going.
    if (dueBytes * 2 < windowBytes) return;
    allowance += dueBytes;
    grant(dueBytes);
    dueBytes = 0;
  }
  function stop(): void {
    hold(-heldBytes);
    pieces = [];
    heldBytes = 0;
  }

  return {
    stop,
    take({ fin, last, payload }) {
      const { length } = payload;
      if (length > allowance) {
        throw new TeaError('badMessage', 'The other side sends more than it was granted', {
          expected: `at most ${allowance} bytes`,
          actual: String(length),
        });
      }
      if (!fin && last) {
        if (heldBytes + length > 0)
          throw new TeaError('badMessage', 'The stream ends within a message', { expected: 'its end', actual: 'the end of the stream' });
        return;
      }
      allowance -= length;
      if (heldBytes + length > maxMessageBytes) {
        throw new TeaError('limit', 'The message is too large', {
          expected: `at most ${maxMessageBytes} bytes`,
          actual: 'more',
          next: 'send it in several messages, or as content',
        });
      }
      if (!fin) {
        hold(length);
        heldBytes += length;
        pieces.push(payload);
        return give(length);
      }
      const whole = pieces.length === 0 ? payload : concatBytes(...pieces, payload);
      stop();
      const dealtWith = message(whole);
      if (dealtWith === undefined) return give(length);
      dealtWith.then(() => give(length), failed);
    },
  };
}
