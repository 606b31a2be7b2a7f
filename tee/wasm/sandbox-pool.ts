import type { ChildProcess } from 'node:child_process';
import type { GuestLimits, IsolationLevel, RunGuestOptions } from './guest-job.ts';
import { chooseIsolation } from './isolation.ts';
import { killSandbox, type SandboxOptions, spawnSandbox } from './sandbox.ts';

/** What a sandbox that waits must be large enough for: the limits of the jobs to come, and the bytes of module, stdin and data together. */
export type SpareSize = Omit<GuestLimits, 'gas'> & { readonly inputBytes: number };

export type SandboxPool = AsyncDisposable & {
  /**
   * The sandbox that waits, if it is alive and does for this job; it is gone from the pool for ever, and another is started a moment later.
   * Null when there is none: then the job starts its own.
   */
  take(needed: SandboxOptions & { readonly isolation: IsolationLevel }): ChildProcess | null;
  /** Resolves when a sandbox waits, or when none could be started. */
  ready(): Promise<void>;
};

/** So that starting the next one doesn't take the processor from the job that just got the last. */
const REFILL_AFTER_MS = 100;

/**
 * Keeps one sandbox started and waiting for its job on stdin, as empty of anything as a fresh one: it has seen no tenant, and sees one only.
 * Like every sandbox it ends with its starter.
 */
export async function openSandboxPool(size: SpareSize, options: Omit<RunGuestOptions, 'signal' | 'pool'> = {}): Promise<SandboxPool> {
  const { isolation, sandbox } = await chooseIsolation(size, size.inputBytes, options);
  let spare: ChildProcess | null = null;
  let starting: Promise<void> = Promise.resolve();
  let underWay = false;
  let refill: NodeJS.Timeout | undefined;
  let closed = false;

  /** One at a time, and only where none waits: whoever is started here is taken or killed, never forgotten. */
  const start = (): void => {
    if (underWay || closed || spare !== null) return;
    underWay = true;
    starting = spawnSandbox({ ...sandbox, isolation, waits: true }).then(
      (child) => {
        underWay = false;
        child.stdin?.on('error', () => {}); // it died while it waited: the next job starts its own
        child.on('error', () => {});
        child.once('exit', () => {
          if (spare === child) spare = null;
        });
        spare = child;
        if (closed) killSandbox(child);
      },
      () => void (underWay = false), // what keeps a sandbox from starting is told to the job that starts its own
    );
  };
  start();

  return {
    ready: () => starting,
    take: (needed) => {
      const child = spare;
      if (closed || child === null || child.exitCode !== null || child.signalCode !== null) {
        if (!closed && child === null) scheduleRefill();
        return null;
      }
      const fits =
        needed.isolation === isolation &&
        needed.runnerPath === sandbox.runnerPath &&
        needed.runnerSource === sandbox.runnerSource &&
        needed.nodePath === sandbox.nodePath &&
        needed.nodeFlags.join() === sandbox.nodeFlags.join() &&
        needed.processMemoryBytes <= sandbox.processMemoryBytes &&
        needed.cpuSeconds <= sandbox.cpuSeconds;
      if (!fits) return null;
      spare = null;
      scheduleRefill();
      return child;
    },
    [Symbol.asyncDispose]: async () => {
      closed = true;
      clearTimeout(refill);
      await starting;
      const last = spare;
      if (last === null || last.exitCode !== null || last.signalCode !== null) return;
      const gone = new Promise((resolve) => last.once('close', resolve));
      killSandbox(last);
      await gone;
    },
  };

  function scheduleRefill(): void {
    clearTimeout(refill);
    refill = setTimeout(start, REFILL_AFTER_MS);
    refill.unref();
  }
}
