import { TeaError } from '@tea/protocol';

/** First come, first served: whoever has the turn has the TPM to itself, and nobody overtakes. */
export type Turns = {
  /**
   * Waits for the turn. The caller must release it.
   * @throws TeaError `limit` when too many wait already, `timeout`, or `cancelled` by `signal`; never gets the turn then
   */
  take(signal?: AbortSignal): Promise<{ release(): void }>;
};

export function createTurns({ maxWaiting, timeoutMs }: { readonly maxWaiting: number; readonly timeoutMs: number }): Turns {
  const waiting = new Set<() => void>();
  let taken = false;

  const turn = (): { release(): void } => {
    let released = false;
    return {
      release() {
        if (released) return;
        released = true;
        const [next] = waiting;
        if (next) next();
        else taken = false;
      },
    };
  };

  return {
    take(signal) {
      if (signal?.aborted) return Promise.reject(cancelled());
      if (!taken) {
        taken = true;
        return Promise.resolve(turn());
      }
      if (waiting.size >= maxWaiting) {
        return Promise.reject(
          new TeaError('limit', 'Too many callers wait for the TPM', {
            expected: `at most ${maxWaiting}`,
            actual: `${waiting.size + 1}`,
            next: 'try again later',
          }),
        );
      }
      const { promise, resolve, reject } = Promise.withResolvers<{ release(): void }>();
      const leave = (): void => {
        waiting.delete(start);
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      const start = (): void => {
        leave();
        resolve(turn());
      };
      const abort = (): void => {
        leave();
        reject(cancelled());
      };
      const timer = setTimeout(() => {
        leave();
        reject(new TeaError('timeout', 'The TPM was busy for too long', { expected: `a turn within ${timeoutMs} ms`, next: 'try again later' }));
      }, timeoutMs);
      signal?.addEventListener('abort', abort, { once: true });
      waiting.add(start);
      return promise;
    },
  };
}

export function cancelled(): TeaError {
  return new TeaError('cancelled', 'The TPM call was cancelled by its caller');
}
