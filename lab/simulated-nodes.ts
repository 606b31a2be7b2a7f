import { activeNodes, type ActiveNodes } from '@tea/actors/active-nodes';

/** What the actor under test sees of a network on a virtual clock: no time passes but what `run` lets pass. */
export type SimulatedNodes = {
  run(ms: number): void;
  counts(): ReturnType<ActiveNodes['counts']>;
  /** Length of the list that is given now. */
  listed(): number;
  /** The list's length, or why there is none. */
  ask(): number | string;
  kill(count: number): void;
  revive(): void;
  /** So many nodes leave layer 1, as many others join. */
  replace(count: number): void;
  breakLayer1(): void;
  mendLayer1(): void;
  rewindLayer1(): void;
  /** The longest time, within the last `ms`, that a living node was without a ping. */
  longestSilence(ms: number): number;
  /** Pings a second to nodes that are dead, over the last `ms`. */
  toTheDead(ms: number): number;
  readsLately(ms: number): number;
  /** Since this was asked last. */
  traffic(): { readonly perSecond: number; readonly inFlight: number; readonly mean: number };
  logs(): readonly string[];
  trace(): string;
};

type Node = { readonly id: Uint8Array; alive: boolean; readonly pingsMs: number[] };
const PING_DEADLINE_MS = 2_000;
const ENTRY_BYTES = 40;

export function simulate({ nodes: count, seed }: { readonly nodes: number; readonly seed: number }): SimulatedNodes {
  const random = seeded(seed);
  let nowMs = 1_000_000_000;
  let nextId = 0;
  let nodes = new Map<string, Node>();
  const everyone = new Map<string, Node>();
  const events: { atMs: number; order: number; run: () => void }[] = [];
  let order = 0;
  let wake = 0;
  let broken = false;
  let rewound = 0;
  const reads: number[] = [];
  const logs: string[] = [];
  const trace: string[] = [];
  const answers = new Map<number, number | string>();
  const seconds = new Map<number, number>();
  let inFlight = 0;
  let mostInFlight = 0;
  let sinceMs = nowMs;
  let deadPings: number[] = [];

  const add = (): void => {
    const id = new Uint8Array(32);
    new DataView(id.buffer).setUint32(0, nextId++);
    const node: Node = { id, alive: true, pingsMs: [] };
    nodes.set(id.toHex(), node);
    everyone.set(id.toHex(), node);
  };
  for (let index = 0; index < count; index++) add();

  // A binary heap would be the same: events are few at a time, and this one keeps the order of equals.
  const at = (afterMs: number, run: () => void): void => {
    const event = { atMs: nowMs + afterMs, order: order++, run };
    let low = 0;
    let high = events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = events[middle];
      if (other !== undefined && (other.atMs > event.atMs || (other.atMs === event.atMs && other.order > event.order))) low = middle + 1;
      else high = middle;
    }
    events.splice(low, 0, event);
  };

  const actor = activeNodes(
    {
      log: (line) => void logs.push(line),
      answer: (request, bytes) => void answers.set(request, bytes.length / ENTRY_BYTES),
      refuse: (request, why) => void answers.set(request, why),
      wake(afterMs) {
        const own = ++wake;
        at(afterMs, () => own === wake && actor.wake(nowMs));
      },
      activeNodes(call) {
        reads.push(nowMs);
        at(50, () => {
          if (broken) return actor.failed(nowMs, call, 'it can’t prove what it says');
          const bytes = new Uint8Array(4 + 32 * nodes.size);
          new DataView(bytes.buffer).setUint32(0, Math.floor(nowMs / 6_000) - rewound, true);
          for (const [index, { id }] of [...nodes.values()].entries()) bytes.set(id, 4 + 32 * index);
          actor.done(nowMs, call, bytes);
        });
      },
      ping(call, id) {
        mostInFlight = Math.max(mostInFlight, ++inFlight);
        const second = Math.floor(nowMs / 1_000);
        seconds.set(second, (seconds.get(second) ?? 0) + 1);
        const node = everyone.get(id.toHex());
        trace.push(`${nowMs} ${id.toHex().slice(0, 8)}`);
        if (trace.length > 100_000) trace.splice(0, 50_000);
        node?.pingsMs.push(nowMs);
        if (node !== undefined && node.pingsMs.length > 64) node.pingsMs.splice(0, 32);
        if (node?.alive === true)
          at(1 + Math.floor(random() * 200), () => {
            inFlight--;
            actor.done(nowMs, call, new Uint8Array());
          });
        else {
          deadPings.push(nowMs);
          at(PING_DEADLINE_MS, () => {
            inFlight--;
            actor.failed(nowMs, call, 'no answer');
          });
        }
      },
      signActiveList: (call, _request, _block, entries) => at(1, () => actor.done(nowMs, call, entries)),
    },
    random,
  );
  actor.start(nowMs);

  function run(ms: number): void {
    const untilMs = nowMs + ms;
    for (let event = events.at(-1); event !== undefined && event.atMs <= untilMs; event = events.at(-1)) {
      events.pop();
      nowMs = event.atMs;
      event.run();
    }
    nowMs = untilMs;
    deadPings = deadPings.filter((sentMs) => sentMs > nowMs - 3_600_000);
  }
  function ask(): number | string {
    const request = ++order;
    actor.request(nowMs, request);
    run(2);
    return answers.get(request) ?? 'no answer';
  }

  return {
    run,
    counts: actor.counts,
    ask,
    listed: () => Number(ask()),
    kill(dying) {
      for (const node of [...nodes.values()].filter(({ alive }) => alive).slice(0, dying)) node.alive = false;
    },
    revive() {
      for (const node of nodes.values()) node.alive = true;
    },
    replace(leaving) {
      nodes = new Map([...nodes].slice(leaving));
      for (let index = 0; index < leaving; index++) add();
    },
    breakLayer1: () => void (broken = true),
    mendLayer1: () => void (broken = false),
    rewindLayer1: () => void (rewound = 1_000),
    longestSilence(ms) {
      const fromMs = nowMs - ms;
      const silences = [...nodes.values()]
        .filter(({ alive }) => alive)
        .map(({ pingsMs }) => {
          const times = [...pingsMs.filter((sentMs) => sentMs >= fromMs), nowMs];
          return Math.max(...times.map((sentMs, index) => sentMs - (times[index - 1] ?? fromMs)));
        });
      return silences.reduce((most, silence) => Math.max(most, silence), 0);
    },
    toTheDead: (ms) => deadPings.filter((sentMs) => sentMs > nowMs - ms).length / (ms / 1_000),
    readsLately: (ms) => reads.filter((readMs) => readMs > nowMs - ms).length,
    traffic() {
      const counted = [...seconds.values()];
      const seen = {
        perSecond: counted.reduce((most, each) => Math.max(most, each), 0),
        inFlight: mostInFlight,
        mean: Math.round(counted.reduce((sum, each) => sum + each, 0) / ((nowMs - sinceMs) / 1_000)),
      };
      seconds.clear();
      mostInFlight = 0;
      sinceMs = nowMs;
      return seen;
    },
    logs: () => logs,
    trace: () => trace.join('\n'),
  };
}

/** mulberry32: the same sequence for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
