import { createHash } from 'node:crypto';
import { METER_VERSION } from './gas-schedule.ts';
import type { GuestJob, GuestResult, MeteredForm, RunGuestOptions } from './guest-job.ts';
import { decodeForm } from './metered-form.ts';

export type RunGuest = (job: GuestJob, options: RunGuestOptions) => Promise<GuestResult>;

export type MeterCache = {
  /** As `runGuest`; a `isPublic` module that ran before isn't metered again. */
  readonly run: RunGuest;
  /** Resolves when what was begun beside the runs is done. */
  idle(): Promise<void>;
};

/** Smaller modules are metered in a few ms. */
const LEAST_BYTES = 256 * 1024;
const METERING_MS = 60_000;

/**
 * Keeps the metered form of public code, by digest, in this process's memory alone. It is made after the first run, in a sandbox that gets the code and
 * nothing else, no tenant's input: so nothing of one run can reach another by it. A form is data to us, as any output of a sandbox, and it is validated again
 * where it runs; whoever wrote code that breaks the engine while it is metered could have run as much at once.
 * Sealed code isn't kept: it was released for one run.
 *
 * @param maxBytes of all forms together; the one used longest ago goes first
 * @param ending ends what is metered beside the runs
 */
export function openMeterCache(runGuest: RunGuest, maxBytes: number, ending?: AbortSignal): MeterCache {
  const forms = new Map<string, MeteredForm>();
  const underWay = new Map<string, Promise<void>>();
  const sizeOf = (): number => [...forms.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);

  async function meter(key: string, { module, limits, ...job }: GuestJob, options: RunGuestOptions): Promise<void> {
    const outputBytes = Math.min(8 * module.length, 2 ** 30);
    const nothing = { stdin: new Uint8Array(0), data: [], args: [], env: {}, seed: new Uint8Array(32), clockMs: job.clockMs };
    const { signal: _, pool: __, ...own } = options;
    const metering = { ...nothing, module, meterOnly: true, limits: { ...limits, outputBytes, wallMs: METERING_MS } } as const;
    const { outcome, stdout, stderr } = await runGuest(metering, { ...own, ...(ending && { signal: ending }) });
    const form = outcome === 'ok' ? decodeForm(stdout, stderr) : null;
    if (form === null || form.bytes.length > maxBytes) return;
    forms.set(key, form);
    for (const oldest of forms.keys()) if (sizeOf() > maxBytes) forms.delete(oldest);
  }

  return {
    async run(job, options) {
      if (job.isPublic !== true || job.module.length < LEAST_BYTES) return runGuest(job, options);
      const digest = createHash('sha256').update(job.module).digest('hex');
      const key = `${METER_VERSION} ${job.limits.memoryBytes} ${digest}`;
      const metered = forms.get(key);
      if (metered !== undefined) {
        forms.delete(key); // and in again, as the one used last
        forms.set(key, metered);
        return runGuest({ ...job, metered }, options);
      }
      const result = await runGuest(job, options);
      if (result.instrumentedSha256 !== null && !underWay.has(key)) {
        const done = meter(key, job, options)
          .catch(() => undefined) // then it is tried after the next run
          .finally(() => underWay.delete(key));
        underWay.set(key, done);
      }
      return result;
    },
    idle: async () => void (await Promise.all(underWay.values())),
  };
}
