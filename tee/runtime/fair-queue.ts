import { TeaError } from '@tea/protocol';

export type FairQueue = {
  /**
   * Does the work when a place is free. Tenants who wait take turns, whatever number of works each of them has brought.
   * @throws TeaError `unavailable` when too many wait already
   */
  run<T>(tenant: string, work: () => Promise<T>): Promise<T>;
};

/** @param concurrent works at a time @param waiting works that may wait for a place, all tenants together */
export function fairQueue(concurrent: number, waiting: number): FairQueue {
  /** By tenant, in the order of their turns: who gets one goes to the end. */
  const queues = new Map<string, (() => void)[]>();
  let running = 0;
  let queued = 0;

  const next = (): void => {
    running--;
    const [turn] = queues;
    if (turn === undefined) return;
    const [tenant, works] = turn;
    const begin = works.shift();
    queues.delete(tenant);
    if (works.length > 0) queues.set(tenant, works);
    queued--;
    running++;
    begin?.();
  };

  return {
    run: async (tenant, work) => {
      if (running < concurrent) running++;
      else {
        if (queued >= waiting) {
          throw new TeaError('unavailable', 'Too many errands wait for this node', { expected: `at most ${waiting}`, next: 'try again later' });
        }
        queued++;
        await new Promise<void>((resolve) => {
          const works = queues.get(tenant);
          if (works === undefined) queues.set(tenant, [resolve]);
          else works.push(resolve);
        });
      }
      try {
        return await work();
      } finally {
        next();
      }
    },
  };
}
