/** One Active node of layer 1, and what its pings came to. */
export type KnownNode = {
  /** 32 bytes */
  readonly id: Uint8Array;
  /** When it is pinged next. */
  dueMs: number;
  /** When it last answered; undefined while it never did. */
  seenMs: number | undefined;
  roundTripMs: number;
  /** Pings in a row that it did not answer. */
  failures: number;
  /** Layer 1 calls it Active no more. */
  gone: boolean;
};

/** Between two pings of a node that answers. With its jitter, and a wait for a free place, a cycle over all nodes stays under a minute. */
export const PING_EVERY_MS = 42_000;
/** Each wait is up to so much shorter or longer, so that nodes that were found together are not pinged together for ever. */
const JITTER = 0.2;
/** One lost ping is looked at again soon; a second makes a node dead. */
export const DEAD_AFTER = 2;
const FIRST_RETRY_MS = 3_000;
const LONGEST_RETRY_MS = 300_000;

/** @param fraction random, 0 to 1 @returns ms until the next ping */
export function waitOf({ failures }: KnownNode, fraction: number): number {
  const waitMs = failures === 0 ? PING_EVERY_MS : Math.min(FIRST_RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
  return waitMs * (1 - JITTER + 2 * JITTER * fraction);
}

export function isAlive({ seenMs, failures, gone }: KnownNode): boolean {
  return !gone && seenMs !== undefined && failures < DEAD_AFTER;
}
