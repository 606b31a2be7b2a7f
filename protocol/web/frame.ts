import * as v from 'valibot';
import { ByteReader } from '../byte-reader.ts';
import { bytesOf } from '../bytes.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { TeaError } from '../errors.ts';
import { wireError, type WireError } from '../wire-error.ts';

/**
 * What a client and a web adapter say to each other, over WebSocket and over NKN alike: one binary message is one frame. `docs/web-protocol.md`
 * specifies it. Every frame begins with u8 kind ‖ u8 flags ‖ u32 big-endian stream; the stream is 0 for what concerns the whole link.
 */
export const WEB_PROTOCOL = 1;

/** WebSocket subprotocol (RFC 6455, 1.9). */
export const WEB_SUBPROTOCOL = 'tea.1';

const KINDS = { hello: 1, welcome: 2, open: 3, data: 4, credit: 5, fail: 6, ping: 7, pong: 8 } as const;

/** Flags of `open` and `data`. */
const FIN = 1; // the payload ends a message
const LAST = 2; // and nothing follows on this stream from this side
const SESSION = 4; // `open` only: many messages both ways, instead of one answer to one request

export const HEAD_BYTES = 6;
export const MAX_SUBJECT_LETTERS = 128;
/** kind, flags, stream, key, timeout, length of the subject; the subject and the payload follow. */
const OPEN_HEAD_BYTES = HEAD_BYTES + 16 + 4 + 1;

const count = v.pipe(v.number(), v.integer(), v.minValue(1));

/** The client begins: the versions it speaks, and a secret name of its own, under which an adapter knows a repeated request after a break. */
const hello = v.strictObject({ versions: v.pipe(v.array(count), v.minLength(1), v.maxLength(16)), client: bytesOf(16) });

/** The adapter's limits for this link. */
const welcome = v.strictObject({
  version: count,
  /** Payload bytes of one frame. */
  maxPieceBytes: count,
  maxMessageBytes: count,
  /** Payload bytes that may be under way on a stream before `credit` comes. */
  windowBytes: count,
  maxStreams: count,
  /** A link without a frame from the client for so long is closed. */
  idleMs: count,
});
export type Welcome = v.InferOutput<typeof welcome>;

export type Piece = {
  readonly stream: number;
  readonly fin: boolean;
  readonly last: boolean;
  readonly payload: Uint8Array;
};

export type OpenFrame = Piece & {
  readonly kind: 'open';
  readonly mode: 'ask' | 'session';
  /** Names the request: the same key asks for the same answer, never for a second execution. 16 bytes. */
  readonly key: Uint8Array;
  /** After it the client no longer waits. */
  readonly timeoutMs: number;
  readonly subject: string;
};

export type Frame =
  | ({ readonly kind: 'hello' } & v.InferOutput<typeof hello>)
  | ({ readonly kind: 'welcome' } & Welcome)
  | OpenFrame
  | ({ readonly kind: 'data' } & Piece)
  | { readonly kind: 'credit'; readonly stream: number; readonly bytes: number }
  | { readonly kind: 'fail'; readonly stream: number; readonly error: WireError }
  | { readonly kind: 'ping' | 'pong' };

export function encodeWebFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  switch (frame.kind) {
    case 'hello':
      return withBody(KINDS.hello, 0, 0, encodeCbor({ versions: frame.versions, client: frame.client }));
    case 'welcome': {
      const { version, maxPieceBytes, maxMessageBytes, windowBytes, maxStreams, idleMs } = frame;
      return withBody(KINDS.welcome, 0, 0, encodeCbor({ version, maxPieceBytes, maxMessageBytes, windowBytes, maxStreams, idleMs }));
    }
    case 'open':
      return encodeOpen(frame);
    case 'data':
      return withBody(KINDS.data, pieceFlags(frame), frame.stream, frame.payload);
    case 'credit': {
      const bytes = head(KINDS.credit, 0, frame.stream, 4);
      new DataView(bytes.buffer).setUint32(HEAD_BYTES, frame.bytes);
      return bytes;
    }
    case 'fail':
      return withBody(KINDS.fail, 0, frame.stream, encodeCbor({ ...frame.error }));
    case 'ping':
    case 'pong':
      return head(KINDS[frame.kind], 0, 0, 0);
  }
}

/**
 * Decodes a stranger's frame. The payload is a view of `bytes`.
 * @throws TeaError `badMessage` for anything that `encodeWebFrame` would not have written
 */
export function decodeWebFrame(bytes: Uint8Array): Frame {
  const reader = new ByteReader(bytes, 'web frame', 'big-endian');
  const kind = reader.uint8();
  const flags = reader.uint8();
  const stream = reader.uint32();
  const allowed = kind === KINDS.open ? FIN | LAST | SESSION : kind === KINDS.data ? FIN | LAST : 0;
  if ((flags & ~allowed) !== 0) throw reader.refuse(`flags within ${allowed} for kind ${kind}`, String(flags));
  const onStream = kind >= KINDS.open && kind <= KINDS.fail;
  if (!onStream && stream !== 0) throw reader.refuse('stream 0', String(stream));
  if (onStream && kind !== KINDS.fail && stream === 0) throw reader.refuse('a stream', '0');
  switch (kind) {
    case KINDS.hello:
      return { kind: 'hello', ...decodeCbor(reader.view(reader.remaining), hello, 'hello') };
    case KINDS.welcome:
      return { kind: 'welcome', ...decodeCbor(reader.view(reader.remaining), welcome, 'welcome') };
    case KINDS.open:
      return decodeOpen(reader, flags, stream);
    case KINDS.data:
      return { kind: 'data', stream, ...pieceOf(flags), payload: reader.view(reader.remaining) };
    case KINDS.credit: {
      const granted = reader.uint32();
      reader.end();
      if (granted === 0) throw reader.refuse('a grant above 0', '0');
      return { kind: 'credit', stream, bytes: granted };
    }
    case KINDS.fail:
      return { kind: 'fail', stream, error: decodeCbor(reader.view(reader.remaining), wireError, 'failure') };
    case KINDS.ping:
    case KINDS.pong:
      reader.end();
      return { kind: kind === KINDS.ping ? 'ping' : 'pong' };
    default:
      throw reader.refuse('a kind from 1 to 8', String(kind));
  }
}

function encodeOpen(frame: OpenFrame): Uint8Array<ArrayBuffer> {
  const { key, subject, timeoutMs, payload, stream } = frame;
  if (key.length !== 16 || subject.length === 0 || subject.length > MAX_SUBJECT_LETTERS) {
    throw new TeaError('badInput', 'This request has no frame', {
      expected: `a key of 16 bytes and a subject of 1 to ${MAX_SUBJECT_LETTERS} letters`,
      actual: `${key.length} bytes and ${subject.length} letters`,
    });
  }
  const bytes = head(KINDS.open, pieceFlags(frame) | (frame.mode === 'session' ? SESSION : 0), stream, 21 + subject.length + payload.length);
  bytes.set(key, HEAD_BYTES);
  new DataView(bytes.buffer).setUint32(HEAD_BYTES + 16, timeoutMs);
  bytes[HEAD_BYTES + 20] = subject.length;
  for (let index = 0; index < subject.length; index++) bytes[OPEN_HEAD_BYTES + index] = subject.charCodeAt(index);
  bytes.set(payload, OPEN_HEAD_BYTES + subject.length);
  return bytes;
}

function decodeOpen(reader: ByteReader, flags: number, stream: number): OpenFrame {
  const key = reader.view(16);
  const timeoutMs = reader.uint32();
  const letters = reader.view(reader.uint8());
  if (timeoutMs === 0) throw reader.refuse('a timeout above 0', '0');
  if (letters.length === 0 || letters.length > MAX_SUBJECT_LETTERS || letters.some((letter) => letter <= 0x20 || letter >= 0x7f)) {
    throw reader.refuse(`a subject of 1 to ${MAX_SUBJECT_LETTERS} printable letters`, `${letters.length} others`);
  }
  const mode = (flags & SESSION) === 0 ? 'ask' : 'session';
  const subject = String.fromCharCode(...letters);
  return { kind: 'open', stream, ...pieceOf(flags), mode, key, timeoutMs, subject, payload: reader.view(reader.remaining) };
}

function pieceFlags({ fin, last }: Pick<Piece, 'fin' | 'last'>): number {
  return (fin ? FIN : 0) | (last ? LAST : 0);
}

function pieceOf(flags: number): Pick<Piece, 'fin' | 'last'> {
  return { fin: (flags & FIN) !== 0, last: (flags & LAST) !== 0 };
}

function withBody(kind: number, flags: number, stream: number, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = head(kind, flags, stream, body.length);
  bytes.set(body, HEAD_BYTES);
  return bytes;
}

function head(kind: number, flags: number, stream: number, bodyBytes: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD_BYTES + bodyBytes);
  bytes[0] = kind;
  bytes[1] = flags;
  new DataView(bytes.buffer).setUint32(2, stream);
  return bytes;
}
