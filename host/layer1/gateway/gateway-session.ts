import { type ChainConnection, type ChainPort, GATEWAY_ERRORS, SESSION_METHOD, type SessionInfo } from '@tea/protocol/layer1';
import { answeredId, errorFrame, type FrameId, judgeRequest } from './request-frame.ts';

export type SessionLimits = {
  /** Of one request. */
  readonly maxFrameBytes: number;
  /** Of one answer or notification: what the bus carries. */
  readonly maxAnswerBytes: number;
  /** Requests of one session that are not answered yet. */
  readonly maxPending: number;
  readonly idleMs: number;
};

export type SessionOptions = {
  readonly chain: ChainPort;
  readonly name: string;
  readonly limits: SessionLimits;
  readonly send: (frame: string) => void;
  /** The chain ended the session, or it can't go on. */
  readonly onEnd: (reason: string) => void;
  readonly now: () => number;
};

/** One inbox's session with the chain. */
export class GatewaySession {
  readonly #options: SessionOptions;
  readonly #chain: ChainConnection;
  readonly #pending = new Set<string>();
  #lastHeardAt: number;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#lastHeardAt = options.now();
    this.#chain = options.chain.connect(
      (frame) => this.#answer(frame),
      (reason) => options.onEnd(reason),
    );
  }

  get idleSinceMs(): number {
    return this.#options.now() - this.#lastHeardAt;
  }

  receive(data: Uint8Array): void {
    const { limits, name, send } = this.#options;
    this.#lastHeardAt = this.#options.now();
    const verdict = judgeRequest(data, limits.maxFrameBytes, SESSION_METHOD);
    if (!verdict.ok) return send(verdict.error);
    if (verdict.method === SESSION_METHOD) {
      const result: SessionInfo = { session: name, idleMs: limits.idleMs, maxFrameBytes: limits.maxFrameBytes };
      return send(JSON.stringify({ jsonrpc: '2.0', id: verdict.id, result }));
    }
    if (this.#pending.size >= limits.maxPending) {
      return send(
        errorFrame(verdict.id, GATEWAY_ERRORS.tooManyPending, `expected at most ${limits.maxPending} unanswered requests; wait for answers`),
      );
    }
    this.#pending.add(key(verdict.id));
    this.#chain.send(verdict.frame);
  }

  close(): void {
    this.#chain.close();
  }

  #answer(frame: string): void {
    const { limits, send, onEnd } = this.#options;
    const id = answeredId(frame);
    if (id !== undefined) this.#pending.delete(key(id));
    // A JavaScript string of n characters is at most 3n bytes of UTF-8; only near the limit is it worth counting.
    if (frame.length * 3 <= limits.maxAnswerBytes || Buffer.byteLength(frame) <= limits.maxAnswerBytes) return send(frame);
    if (id === undefined) return onEnd(`the chain sent a notification of more than ${limits.maxAnswerBytes} bytes`);
    send(
      errorFrame(
        id,
        GATEWAY_ERRORS.answerTooLarge,
        `the answer has more than the ${limits.maxAnswerBytes} bytes that the bus carries; ask for less at once`,
      ),
    );
  }
}

/** 1 and "1" are two ids. */
function key(id: FrameId): string {
  return JSON.stringify(id);
}
