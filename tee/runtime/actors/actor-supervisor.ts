import { isTeaError, TeaError } from '@tea/protocol';
import type { ActorProvider } from '@tea/providers';
import type { ActorProcess, Wish } from '@tea/wasm';

/** One version of an actor: measured, then loaded. */
export type ActorVersion = { readonly version: string; readonly start: () => Promise<ActorProcess>; readonly granted: ReadonlySet<string> };

export type SupervisorParts = {
  readonly name: string;
  /** What comes back of one is handed to the actor as `done`, what is thrown as `failed`. By `interface.function`; the manifest's grants say which an actor may use. */
  readonly providers: ReadonlyMap<string, ActorProvider>;
  /** Runs `then` after so many ms, unless `signal` fires before. */
  readonly after: (delayMs: number, then: () => void, signal: AbortSignal) => void;
  readonly log: (line: string, error?: unknown) => void;
};

export type ActorSupervisor = AsyncDisposable & {
  /** @throws TeaError `unavailable` | `limit` | `timeout`: ask again; `refused` with the actor's own reason */
  request(bytes: Uint8Array): Promise<Uint8Array>;
  /**
   * From now on new requests go to another version. What the old one has is answered by it, and it ends when it has none left.
   * @throws what the new one's start throws: the old one goes on as if nothing had been
   */
  upgrade(next: ActorVersion): Promise<void>;
  /** Version that takes new requests, and how many processes there are. */
  state(): { readonly version: string; readonly processes: number; readonly starts: number };
};

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** Whatever ran for so long had come up well: its next end is a first one again. */
const WELL_AFTER_MS = 60_000;
const REQUEST_MS = 15_000;
const MOST_REQUESTS = 512;
const MOST_CALLS = 2_048;
/** Requests of an actor that died are handed to its successor so often. */
const MOST_HANDOVERS = 1;
const NONE = new Uint8Array(0);

type Request = {
  readonly bytes: Uint8Array;
  readonly resolve: (bytes: Uint8Array) => void;
  readonly reject: (error: TeaError) => void;
  handovers: number;
};
type Running = {
  readonly process: ActorProcess;
  readonly version: ActorVersion;
  readonly requests: Map<number, Request>;
  readonly stop: AbortController;
  calls: number;
  wakes: number;
};

/** Keeps one system actor running: hands it events, grants its wishes within its grants, starts it anew when it ends, and changes its version in place. */
export async function superviseActor(first: ActorVersion, { name, providers, after, log }: SupervisorParts): Promise<ActorSupervisor> {
  const closing = new AbortController();
  let current: Running | null = null;
  let version = first;
  const all = new Set<Running>();
  const waiting: Request[] = [];
  let lastRequest = 0;
  let starts = 0;
  let pauseMs = FIRST_PAUSE_MS;

  async function run(wanted: ActorVersion): Promise<Running> {
    const process = await wanted.start();
    starts++;
    const running: Running = { process, version: wanted, requests: new Map(), stop: new AbortController(), calls: 0, wakes: 0 };
    all.add(running);
    void process.ended.then((why) => gone(running, why));
    after(WELL_AFTER_MS, () => void (pauseMs = FIRST_PAUSE_MS), running.stop.signal);
    void event(running, 'start', NONE);
    return running;
  }

  function gone(running: Running, why: string): void {
    all.delete(running);
    running.stop.abort();
    const lost = [...running.requests.values()];
    running.requests.clear();
    for (const request of lost) {
      if (request.handovers++ < MOST_HANDOVERS && !closing.signal.aborted) give(request, running === current ? null : current);
      else request.reject(new TeaError('unavailable', `The actor ${name} ended`, { actual: why, next: 'ask again in a moment' }));
    }
    if (running !== current || closing.signal.aborted) return;
    current = null;
    log(`actor ${name} ${running.version.version} ended (${why}); it starts anew in ${pauseMs} ms`);
    restart();
  }

  function restart(): void {
    after(pauseMs, () => void startAgain(), closing.signal);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
  }

  async function startAgain(): Promise<void> {
    if (current !== null || closing.signal.aborted) return;
    try {
      const running = await run(version);
      if (closing.signal.aborted || current !== null) await running.process[Symbol.asyncDispose]();
      else adopt(running);
    } catch (error) {
      log(`actor ${name} could not be started`, error);
      restart();
    }
  }

  /** New requests go to it; unless it ended before anybody heard that it had begun. */
  function adopt(running: Running): void {
    if (!all.has(running)) return restart();
    current = running;
    for (const request of waiting.splice(0)) give(request, running);
  }

  async function event(running: Running, kind: string, input: Uint8Array): Promise<void> {
    try {
      const { wishes, error } = await running.process.turn(kind, input);
      if (error !== null) log(`actor ${name}: ${error}`);
      for (const wish of wishes) grant(running, wish);
    } catch (error) {
      // An actor that ended: `gone` has heard, or will.
      if (!isTeaError(error, 'unavailable')) log(`actor ${name}: event ${kind}`, error);
    }
  }

  function grant(running: Running, { name: wish, numbers, bytes }: Wish): void {
    const [number = 0] = numbers;
    if (wish === 'host.log') return log(`actor ${name}: ${new TextDecoder().decode(bytes.subarray(0, 500)).replace(/[^\x20-\x7e]/g, '?')}`);
    if (wish === 'host.wake') {
      const own = ++running.wakes;
      return after(Math.max(10, number), () => void (own === running.wakes && event(running, 'wake', NONE)), running.stop.signal);
    }
    if (wish === 'host.answer' || wish === 'host.refuse') {
      const request = running.requests.get(number);
      running.requests.delete(number);
      if (wish === 'host.answer') request?.resolve(bytes);
      else request?.reject(new TeaError('refused', `The actor ${name} did not answer`, { actual: new TextDecoder().decode(bytes).slice(0, 500) }));
      return retire(running);
    }
    const provider = providers.get(wish);
    // Its sandbox may have been taken over: what it may ask for is its manifest's matter, whatever it was loaded with.
    const granted = running.version.granted.has(wish.slice(0, wish.indexOf('.')));
    if (provider === undefined || !granted) return void event(running, 'failed', numbered(number, `${wish} is not granted`));
    if (running.calls >= MOST_CALLS) return void event(running, 'failed', numbered(number, 'too many calls at a time'));
    running.calls++;
    provider(numbers.slice(1), bytes, (asked) => running.requests.get(asked)?.bytes).then(
      (answer) => ended('done', joined(number, answer)),
      (error: unknown) => ended('failed', numbered(number, isTeaError(error) ? error.message : 'an unforeseen failure')),
    );
    function ended(kind: string, input: Uint8Array): void {
      running.calls--;
      if (!running.stop.signal.aborted) void event(running, kind, input);
    }
  }

  function give(request: Request, running: Running | null): void {
    if (running === null) return void waiting.push(request);
    lastRequest = (lastRequest + 1) >>> 0;
    running.requests.set(lastRequest, request);
    void event(running, 'request', joined(lastRequest, request.bytes));
  }

  /** An old version goes when it has answered all. */
  function retire(running: Running): void {
    if (running === current || running.requests.size > 0 || !all.has(running)) return;
    running.stop.abort();
    void running.process[Symbol.asyncDispose]();
  }

  adopt(await run(first));
  return {
    async request(bytes) {
      const pending = waiting.length + [...all].reduce((sum, { requests }) => sum + requests.size, 0);
      if (pending >= MOST_REQUESTS) throw new TeaError('limit', `The actor ${name} has too many requests`, { next: 'ask again in a second' });
      const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
      const request: Request = { bytes, resolve, reject, handovers: 0 };
      const answered = new AbortController();
      after(
        REQUEST_MS,
        () => reject(new TeaError('timeout', `The actor ${name} did not answer`, { expected: `within ${REQUEST_MS} ms` })),
        answered.signal,
      );
      give(request, current);
      return promise.finally(() => {
        answered.abort();
        const place = waiting.indexOf(request);
        if (place >= 0) waiting.splice(place, 1);
        for (const running of all) {
          for (const [number, held] of running.requests) if (held === request) running.requests.delete(number);
          retire(running);
        }
      });
    },
    async upgrade(next) {
      const running = await run(next);
      const before = current;
      [version, pauseMs] = [next, FIRST_PAUSE_MS];
      adopt(running);
      if (before !== null) retire(before);
      log(`actor ${name} is ${next.version} now`);
    },
    state: () => ({ version: version.version, processes: all.size, starts }),
    async [Symbol.asyncDispose]() {
      closing.abort();
      for (const request of waiting.splice(0)) request.reject(new TeaError('cancelled', 'This TEE is stopping'));
      await Promise.all([...all].map(({ process }) => process[Symbol.asyncDispose]()));
    },
  };
}

function joined(number: number, bytes: Uint8Array): Uint8Array {
  const input = new Uint8Array(4 + bytes.length);
  new DataView(input.buffer).setUint32(0, number, true);
  input.set(bytes, 4);
  return input;
}

function numbered(number: number, text: string): Uint8Array {
  return joined(number, new TextEncoder().encode(text));
}
