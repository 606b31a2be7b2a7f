import { concatBytes, IPFS_STAT, LAYER1_RPC } from '@tea/protocol';
import { decodeWebFrame, encodeWebFrame, type Frame, HEAD_BYTES } from '@tea/protocol/web';
import { KeptAnswers } from '../../host/web-adapter/kept-answers.ts';
import { DEFAULT_LIMITS } from '../../host/web-adapter/limits.ts';
import { serveLink } from '../../host/web-adapter/serve-link.ts';
import { Shares } from '../../host/web-adapter/shares.ts';
import { structure, type FuzzTarget } from './target.ts';

/** What anybody on the internet sends to a web adapter: single frames, and whole conversations. */
const key = new Uint8Array(16);
const open: Frame = {
  kind: 'open',
  mode: 'ask',
  stream: 1,
  fin: true,
  last: true,
  key,
  timeoutMs: 1_000,
  subject: IPFS_STAT,
  payload: new Uint8Array(9),
};
const FRAMES: readonly Frame[] = [
  { kind: 'hello', versions: [1], client: key },
  open,
  { ...open, stream: 2, mode: 'session', subject: LAYER1_RPC, last: false },
  { kind: 'data', stream: 2, fin: false, last: false, payload: new Uint8Array(5) },
  { kind: 'credit', stream: 2, bytes: 70 },
  { kind: 'data', stream: 2, fin: true, last: true, payload: new Uint8Array(5) },
  { kind: 'fail', stream: 1, error: { code: 'cancelled', summary: 's', next: 'n', correlation: 'c' } },
  { kind: 'ping' },
  { kind: 'welcome', version: 1, maxPieceBytes: 1, maxMessageBytes: 1, windowBytes: 1, maxStreams: 1, idleMs: 1 },
];
const [hello, ...others] = FRAMES.map(encodeWebFrame) as [Uint8Array, ...Uint8Array[]];

/** Small enough that a conversation of a kilobyte meets every one of them. */
const LIMITS = { ...DEFAULT_LIMITS, maxPieceBytes: 64, maxMessageBytes: 128, windowBytes: 96, maxStreams: 3, requestBurst: 6 };

export const WEB_TARGETS: readonly FuzzTarget[] = [
  structure('web frame', [hello, ...others], decodeWebFrame),
  structure('web conversation', concatBytes(...[hello, ...others].map(withLength)), converse, { codes: [], share: 2 }),
];

function withLength(frame: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(frame.length >> 8, frame.length), frame);
}

/** Frames, each after its length of two bytes, at an adapter whose services answer at once. What it says must decode, and stay within what it may say. */
function converse(bytes: Uint8Array): void {
  let toClient = 0;
  const link = {
    peer: 'p',
    unreadBytes: 0,
    pause: () => undefined,
    close: () => undefined,
    send(frame: Uint8Array) {
      const { length } = encodeWebFrame(decodeWebFrame(frame));
      if (length !== frame.length || length > LIMITS.maxPieceBytes + HEAD_BYTES + 1_200)
        throw new Error(`the adapter says a frame of ${frame.length} bytes`);
      toClient++;
    },
  };
  const service = serveLink(link, {
    limits: LIMITS,
    kept: new KeptAnswers({ keptMs: 1, keptBytes: 1, now: () => 0 }),
    places: { sessions: new Shares('sessions', 2, 2), requests: new Shares('requests', 2, 2) },
    now: () => 0,
    bus: {
      ask: (_, payload) => Promise.resolve(payload),
      openSession: (_, hear) => ({ send: (frame) => void (frame.length > 0 && hear(new Uint8Array(200))), end: () => undefined }),
    },
  });
  let frames = 0;
  for (let at = 0; at + 2 <= bytes.length; frames++) {
    const length = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    service.receive(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  service.sweep();
  service.lost();
  // Pieces of a session's answers are as many as its window holds; nothing multiplies without end.
  if (toClient > 16 * (frames + 1)) throw new Error(`${frames} frames made the adapter say ${toClient}`);
}
