import * as v from 'valibot';

/**
 * JSON-RPC over NATS: the frames that are not the chain's.
 *
 * A client picks an inbox, subscribes to it and publishes each JSON-RPC request, as UTF-8 text, to `tea.layer1.rpc` with that inbox as reply.
 * The gateway keeps one chain session per inbox and publishes every response and notification there. An empty frame, either way, ends the
 * session: its subscriptions are gone. A session in which no frame arrives for `idleMs` ends too, so a client asks `tea_session` now and then;
 * an answer with another session name tells it that the gateway started anew in between.
 */
export const SESSION_METHOD = 'tea_session';

const sessionSchema = v.object({
  /** Random, 16 bytes in hex. The same for the life of one session. */
  session: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  idleMs: v.pipe(v.number(), v.minValue(1)),
  maxFrameBytes: v.pipe(v.number(), v.minValue(1)),
});

export type SessionInfo = v.InferOutput<typeof sessionSchema>;

/** @returns null when `value` is not what a gateway says of a session */
export function parseSessionInfo(value: unknown): SessionInfo | null {
  const parsed = v.safeParse(sessionSchema, value);
  return parsed.success ? parsed.output : null;
}

/** JSON-RPC error codes of the gateway (JSON-RPC 2.0 section 5.1 keeps -32000 to -32099 for servers). */
export const GATEWAY_ERRORS = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotAllowed: -32601,
  frameTooLarge: -32001,
  tooManySessions: -32002,
  tooManyPending: -32003,
  answerTooLarge: -32004,
} as const;
