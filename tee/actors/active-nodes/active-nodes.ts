import { DueNodes } from './due-nodes.ts';
import { decodeActiveNodes, encodeEntries } from './entries.ts';
import { isAlive, type KnownNode, waitOf } from './known-node.ts';

/** All that the actor does. Whatever takes a `call` comes back as `done` or `failed` with that number. */
export type Outbox = {
  log(line: string): void;
  answer(request: number, bytes: Uint8Array): void;
  refuse(request: number, why: string): void;
  /** One wake at a time: the last one counts. */
  wake(afterMs: number): void;
  activeNodes(call: number): void;
  ping(call: number, node: Uint8Array): void;
  signActiveList(call: number, forRequest: number, block: number, entries: Uint8Array): void;
};

export type ActiveNodes = {
  start(nowMs: number): void;
  wake(nowMs: number): void;
  request(nowMs: number, request: number): void;
  done(nowMs: number, call: number, bytes: Uint8Array): void;
  failed(nowMs: number, call: number, why: string): void;
  /** For whoever watches it. */
  counts(): { readonly known: number; readonly alive: number; readonly inFlight: number; readonly held: number };
};

type Call =
  | { readonly kind: 'nodes' }
  | { readonly kind: 'ping'; readonly node: KnownNode; readonly sentMs: number }
  | { readonly kind: 'sign'; readonly request: number };

/** Were nobody to answer, each place would be free again after the 2 s that a ping has: 10,000 nodes are asked twice, and known to be dead, in 40 s. */
export const MOST_PINGS = 1_000;
/** In one turn, so that a start with many nodes is no storm. */
const PINGS_A_TURN = 64;
/** Nodes found at once get their first pings one such step after the other, in the order of chance. */
const FIRST_PING_STEP_MS = 4;
const SHORTEST_WAKE_MS = 100;
const REREAD_MS = 30_000;
const LONGEST_REREAD_MS = 60_000;
const FIRST_REREAD_MS = 1_000;
/** Without a verified read for so long the list would be of nodes that may be Active no more. */
export const STALE_MS = 300_000;
const MOST_SIGNING = 256;
const ENTRIES_KEPT_MS = 1_000;
const NOT_READ = 'layer 1 could not be read lately: ask again in a minute';

/**
 * Which nodes are Active by layer 1 and answer: a state machine without clock, randomness or transport of its own. It holds one record for each Active
 * node, and no more calls than `MOST_PINGS` pings, one read and 256 signatures.
 * @param fraction random, 0 to 1
 */
export function activeNodes(outbox: Outbox, fraction: () => number): ActiveNodes {
  let nodes = new Map<string, KnownNode>();
  const due = new DueNodes();
  const calls = new Map<number, Call>();
  let lastCall = 0;
  let inFlight = 0;
  let signing = 0;
  let block = 0;
  let readMs: number | undefined;
  let reading = false;
  let rereadMs = 0;
  let failedReads = 0;
  let kept: { readonly atMs: number; readonly entries: Uint8Array } | undefined;
  let waiting: number[] = [];

  function open(call: Call): number {
    lastCall = (lastCall + 1) >>> 0;
    calls.set(lastCall, call);
    return lastCall;
  }

  /** What is due now, and when to look again. */
  function go(nowMs: number): void {
    if (!reading && nowMs >= rereadMs) {
      reading = true;
      outbox.activeNodes(open({ kind: 'nodes' }));
    }
    for (let sent = 0; sent < PINGS_A_TURN && inFlight < MOST_PINGS;) {
      const node = due.take(nowMs);
      if (node === undefined) break;
      if (node.gone) continue;
      outbox.ping(open({ kind: 'ping', node, sentMs: nowMs }), node.id);
      inFlight++;
      sent++;
    }
    const nextMs = Math.min(inFlight < MOST_PINGS ? (due.firstMs ?? Infinity) : Infinity, reading ? Infinity : rereadMs, nowMs + REREAD_MS);
    outbox.wake(Math.ceil(Math.max(SHORTEST_WAKE_MS, nextMs - nowMs)));
  }

  function takeNodes(nowMs: number, bytes: Uint8Array): void {
    const read = decodeActiveNodes(bytes);
    if (read === undefined) return failRead(nowMs, 'no list of nodes');
    if (read.block < block) return failRead(nowMs, `a list of block ${read.block}, after one of block ${block}`);
    const before = nodes;
    nodes = new Map();
    for (const id of read.ids) {
      const key = String.fromCharCode(...id);
      const node = before.get(key) ?? { id, dueMs: -1, seenMs: undefined, roundTripMs: 0, failures: 0, gone: false };
      nodes.set(key, node);
    }
    for (const [key, node] of before) if (!nodes.has(key)) node.gone = true;
    const found = [...nodes.values()].filter(({ dueMs }) => dueMs < 0);
    for (const node of found) {
      node.dueMs = nowMs + fraction() * found.length * FIRST_PING_STEP_MS;
      due.add(node);
    }
    [block, readMs, reading, failedReads, kept] = [read.block, nowMs, false, 0, undefined];
    rereadMs = nowMs + REREAD_MS * (0.8 + 0.4 * fraction());
    const asked = waiting;
    waiting = [];
    for (const request of asked) answerRequest(nowMs, request);
  }

  function failRead(nowMs: number, why: string): void {
    reading = false;
    rereadMs = nowMs + Math.min(FIRST_REREAD_MS * 2 ** failedReads++, LONGEST_REREAD_MS) * (0.8 + 0.4 * fraction());
    outbox.log(`layer 1 was not read: ${why}`);
    const asked = waiting;
    waiting = [];
    for (const request of asked) outbox.refuse(request, NOT_READ);
  }

  function pinged(nowMs: number, node: KnownNode, sentMs: number, answered: boolean): void {
    inFlight--;
    const wasAlive = isAlive(node);
    if (answered) [node.seenMs, node.roundTripMs, node.failures] = [nowMs, nowMs - sentMs, 0];
    else node.failures++;
    if (wasAlive !== isAlive(node)) kept = undefined;
    if (node.gone) return;
    node.dueMs = nowMs + waitOf(node, fraction());
    due.add(node);
  }

  function answerRequest(nowMs: number, request: number): void {
    if (readMs === undefined && waiting.length < MOST_SIGNING) return void waiting.push(request);
    if (readMs === undefined || nowMs - readMs > STALE_MS) return outbox.refuse(request, NOT_READ);
    if (signing >= MOST_SIGNING) return outbox.refuse(request, 'too many requests wait: ask again in a second');
    if (kept === undefined || nowMs - kept.atMs > ENTRIES_KEPT_MS)
      kept = { atMs: nowMs, entries: encodeEntries([...nodes.values()].filter(isAlive), nowMs) };
    signing++;
    outbox.signActiveList(open({ kind: 'sign', request }), request, block, kept.entries);
  }

  function ended(nowMs: number, number: number, bytes: Uint8Array | null, why: string): void {
    const call = calls.get(number);
    if (call === undefined) return;
    calls.delete(number);
    if (call.kind === 'ping') pinged(nowMs, call.node, call.sentMs, bytes !== null);
    else if (call.kind === 'nodes') {
      if (bytes === null) failRead(nowMs, why);
      else takeNodes(nowMs, bytes);
    } else {
      signing--;
      if (bytes === null) outbox.refuse(call.request, why);
      else outbox.answer(call.request, bytes);
    }
    go(nowMs);
  }

  return {
    start: go,
    wake: go,
    request: answerRequest,
    done: (nowMs, call, bytes) => ended(nowMs, call, bytes, ''),
    failed: (nowMs, call, why) => ended(nowMs, call, null, why),
    counts: () => ({
      known: nodes.size,
      alive: [...nodes.values()].filter(isAlive).length,
      inFlight,
      held: due.size + calls.size + nodes.size + waiting.length,
    }),
  };
}
