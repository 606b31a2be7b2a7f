import { TeaError } from '@tea/protocol';

export type FairQueue = {
  /**
   * Does the work when a place is free. Of the tenants who wait, whoever has had the least time of places goes first, whatever number of works each of
   * them has brought; works of one tenant go in their order.
   * @throws TeaError `unavailable` when too many wait already
   */
  run<T>(tenant: string, work: () => Promise<T>): Promise<T>;
};

type Tenant = {
  readonly waiting: (() => void)[];
  running: number;
  /** Time it has had, in ms. It never falls behind those who are served now: who comes late or comes back has saved nothing up. */
  usedMs: number;
};

/** Tenants remembered after their last work, so that nobody is a new one by bringing one work at a time. */
const MAX_REMEMBERED = 4096;

/**
 * @param concurrent works at a time
 * @param waiting works that may wait for a place, all tenants together
 * @param nowMs a clock that never goes back
 */
export function fairQueue(concurrent: number, waiting: number, nowMs: () => number = () => performance.now()): FairQueue {
  const tenants = new Map<string, Tenant>();
  let running = 0;
  let queued = 0;
  /** What whoever was served last had had by then. */
  let servedAtMs = 0;

  function tenantOf(name: string): Tenant {
    const tenant = tenants.get(name) ?? { waiting: [], running: 0, usedMs: 0 };
    tenants.delete(name); // and in again, as the one seen last
    tenants.set(name, tenant);
    if (tenant.running === 0 && tenant.waiting.length === 0) tenant.usedMs = Math.max(tenant.usedMs, servedAtMs);
    for (const [other, { running: works, waiting: more }] of tenants) {
      if (tenants.size <= MAX_REMEMBERED) break;
      if (works === 0 && more.length === 0) tenants.delete(other);
    }
    return tenant;
  }

  function next(): void {
    if (running >= concurrent || queued === 0) return;
    const turn = [...tenants.values()].filter((tenant) => tenant.waiting.length > 0).reduce((least, each) => (isBefore(each, least) ? each : least));
    queued--;
    turn.waiting.shift()?.();
  }

  /** Works under way will take time too: of two that had the same, the one with fewer of them. */
  const isBefore = (a: Tenant, b: Tenant): boolean => a.usedMs < b.usedMs || (a.usedMs === b.usedMs && a.running < b.running);

  return {
    run: async (name, work) => {
      const tenant = tenantOf(name);
      if (running >= concurrent) {
        if (queued >= waiting) {
          throw new TeaError('unavailable', 'Too many errands wait for this node', { expected: `at most ${waiting}`, next: 'try again later' });
        }
        queued++;
        await new Promise<void>((resolve) => {
          tenant.waiting.push(() => {
            begin();
            resolve();
          });
        });
      } else begin();
      const startedMs = nowMs();
      try {
        return await work();
      } finally {
        tenant.usedMs += nowMs() - startedMs;
        tenant.running--;
        running--;
        next();
      }

      function begin(): void {
        running++;
        tenant.running++;
        servedAtMs = Math.max(servedAtMs, tenant.usedMs);
      }
    },
  };
}
