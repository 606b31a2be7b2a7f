/**
 * Tells the thread outside whether a call into the runtime goes on for too long: a worker in an endless call answers nothing, but the two
 * counters it shares can be read. [0] calls under way (a runtime may ask for another's version), [1] calls begun ever.
 */
export function newCallClock(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
}

export class CallClock {
  readonly #counters: Int32Array;

  constructor(shared: SharedArrayBuffer) {
    this.#counters = new Int32Array(shared);
  }

  begin(): void {
    Atomics.add(this.#counters, 1, 1);
    Atomics.add(this.#counters, 0, 1);
  }

  end(): void {
    Atomics.sub(this.#counters, 0, 1);
  }

  /** Which call is under way; null when none is. */
  current(): number | null {
    return Atomics.load(this.#counters, 0) > 0 ? Atomics.load(this.#counters, 1) : null;
  }
}

/** Calls back once a call has been under way for `limitMs` (and up to a quarter longer). */
export function watchCalls(clock: CallClock, limitMs: number, onOverdue: () => void): Disposable {
  let seen: { readonly call: number; readonly since: number } | null = null;
  const timer = setInterval(() => {
    const call = clock.current();
    if (call === null) seen = null;
    else if (seen?.call !== call) seen = { call, since: performance.now() };
    else if (performance.now() - seen.since >= limitMs) onOverdue();
  }, limitMs / 4);
  timer.unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
