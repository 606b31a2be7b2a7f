/** What one adapter bears of strangers. Each is configurable; over it a stranger is told so, and when to try again. */
export type AdapterLimits = {
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
  /** Sessions with the chain, of which its gateway has few, and the TEE beside it needs some. */
  readonly maxSessions: number;
  readonly maxSessionsPerAddress: number;
  /** Requests on the bus without an answer, also those whose client is gone. */
  readonly maxRequests: number;
  readonly maxRequestsPerAddress: number;
  /** Requests a link may begin a second, and how many at once after a rest. */
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
  /** Bytes a link may send a second, and at once after a rest. */
  readonly bytesPerSecond: number;
  readonly byteBurst: number;
  /** Payload of one frame. */
  readonly maxPieceBytes: number;
  readonly maxMessageBytes: number;
  readonly windowBytes: number;
  readonly maxStreams: number;
  /** Until the first frame, and for a request to be there whole. */
  readonly handshakeMs: number;
  readonly slowestRequestMs: number;
  /** Without a frame from the client. */
  readonly idleMs: number;
  /** Longest that a client may have an answer waited for. */
  readonly maxTimeoutMs: number;
  /** What waits for a client that doesn't read, before it is cut off. */
  readonly maxUnreadBytes: number;
  /** For how long, and how much of, an answer is kept for a client that asks again under the same key. */
  readonly answersKeptMs: number;
  readonly answersKeptBytes: number;
};

const MIB = 1024 * 1024;

export const DEFAULT_LIMITS: AdapterLimits = {
  maxConnections: 4_096,
  maxConnectionsPerAddress: 64,
  maxSessions: 192,
  maxSessionsPerAddress: 16,
  maxRequests: 8_192,
  maxRequestsPerAddress: 512,
  requestsPerSecond: 200,
  requestBurst: 400,
  bytesPerSecond: 16 * MIB,
  byteBurst: 32 * MIB,
  maxPieceBytes: 64 * 1024,
  maxMessageBytes: 4 * MIB,
  windowBytes: 256 * 1024,
  maxStreams: 64,
  handshakeMs: 5_000,
  slowestRequestMs: 15_000,
  idleMs: 60_000,
  maxTimeoutMs: 120_000,
  maxUnreadBytes: 8 * MIB,
  answersKeptMs: 120_000,
  answersKeptBytes: 8 * MIB,
};
