import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Duplex } from 'node:stream';
import { TeaError } from '@tea/protocol';
import { isComponent } from './component/read-component.ts';
import { CONTENT_FD, MAX_PIECE_BYTES } from './content-requests.ts';
import type { Execution } from './execute-guest.ts';
import { isEntropic } from './entropic.ts';
import { decodeExecution, maxExecutionBytes } from './execution-frame.ts';
import { contentsOf, encodeJob } from './frame.ts';
import { METER_VERSION, UNREAD_GAS_PER_MS } from './gas-schedule.ts';
import type { GuestJob, GuestOutcome, GuestResult, RunGuestOptions } from './guest-job.ts';
import { chooseIsolation } from './isolation.ts';
import { interruptSandbox, killSandbox, spawnSandbox } from './sandbox.ts';
import { serveContents } from './serve-contents.ts';

/**
 * Runs one job in a fresh sandbox. However the guest behaves, the answer is a value.
 *
 * A run that is cancelled or out of time is billed what its meter shows, or its processor time (`unmetered-time.ts`). Where neither can be read, time is what counts;
 * a sandbox that died by itself, or flooded us, counts as the whole gas limit.
 *
 * @throws what content that is elsewhere throws; TeaError `missingTool` without bubblewrap or prlimit; `refused` when the kernel denies namespaces and process isolation is not
 *   allowed; `badInput` for a job out of range.
 */
export async function runGuest(asked: GuestJob, options: RunGuestOptions = {}): Promise<GuestResult> {
  checkJob(asked);
  const entropic = isEntropic(asked.module);
  const job = entropic ? { ...asked, seed: new Uint8Array(randomBytes(32)) } : asked;
  const { isolation, sandbox } = await chooseIsolation(job.limits, inputBytes(job), options);
  const without = (outcome: GuestOutcome, explanation: string, gasUsed: bigint): GuestResult => ({
    outcome,
    explanation,
    exitCode: null,
    gasUsed,
    stdout: new Uint8Array(0),
    stderr: new Uint8Array(0),
    out: new Map(),
    meterVersion: METER_VERSION,
    instrumentedSha256: null,
    isolation,
    entropic,
  });
  if (options.signal?.aborted) return without('cancelled', CANCELLED, 0n);

  const child = options.pool?.take({ ...sandbox, isolation }) ?? (await spawnSandbox({ ...sandbox, isolation }));
  const death = await watch(child, job, options.signal);
  switch (death.kind) {
    case 'cancelled':
    case 'outOfTime': {
      const byTime = BigInt(Math.ceil(death.afterMs)) * UNREAD_GAS_PER_MS;
      const gasUsed = death.gasUsed ?? (byTime < job.limits.gas ? byTime : job.limits.gas);
      const explanation = death.kind === 'cancelled' ? CANCELLED : `The program did not end within ${job.limits.wallMs} ms`;
      return without(death.kind, explanation, gasUsed);
    }
    case 'flooded':
      return without('outputTooLarge', 'The sandbox sent more than the program may write', job.limits.gas);
    case 'exited': {
      const execution = readExecution(death, job);
      if (execution !== null) return { ...execution, isolation, entropic };
      if (/out of memory|Allocation failed/i.test(death.stderr) || death.code === 137) {
        return without('outOfMemory', 'The sandbox ran out of memory', job.limits.gas);
      }
      if (death.code === 152 || death.code === 158) return without('outOfTime', 'The program used up its processor time', job.limits.gas);
      return without('trap', `The sandbox died with code ${death.code ?? death.signal ?? 'unknown'} and left no result`, job.limits.gas);
    }
  }
}

const CANCELLED = 'The run was cancelled';

type Death =
  | { readonly kind: 'cancelled' | 'outOfTime'; readonly afterMs: number; /** Null when nobody could say. */ readonly gasUsed: bigint | null }
  | { readonly kind: 'flooded' }
  | { readonly kind: 'exited'; readonly code: number | null; readonly signal: string | null; readonly stdout: Uint8Array; readonly stderr: string };

/** Hands a sandbox its one job. */
export function sendJob(child: ChildProcess, job: GuestJob): void {
  const parts = encodeJob(job);
  const size = new Uint8Array(8);
  new DataView(size.buffer).setBigUint64(0, BigInt(parts.reduce((sum, part) => sum + part.length, 0)), true);
  for (const part of [size, ...parts]) if (part.length > 0) child.stdin?.write(part);
  child.stdin?.end();
}

/** The module counts eight times: it is parsed, rewritten, and compiled by two compilers. Of content that is elsewhere a piece is there, and the one before. */
function inputBytes({ module, metered, stdin, data }: GuestJob): number {
  return (
    module.length * 8 +
    (metered?.bytes.length ?? 0) +
    [stdin, ...data].reduce((sum, input) => sum + (input instanceof Uint8Array ? input.length : 2 * MAX_PIECE_BYTES), 0)
  );
}

/** What a guest that was asked to end has for that, and its runner to say what it used: compiling a large module can't be interrupted. */
const GRACE_MS = 1_000;

/** Feeds the job in, gathers what comes out within bounds, and ends it at the wall limit or on abort. Resolves once the process is gone. */
function watch(child: ChildProcess, job: GuestJob, signal: AbortSignal | undefined): Promise<Death> {
  return new Promise((resolve, reject) => {
    let ending: Exclude<Death['kind'], 'exited'> | null = null;
    const gone = new AbortController();
    const asking = (child.stdio as readonly unknown[])[CONTENT_FD];
    const channel = asking instanceof Duplex ? asking : null;
    const startedMs = performance.now();
    let afterMs = 0;
    let grace: NodeJS.Timeout | undefined;
    const end = (reason: 'cancelled' | 'outOfTime'): void => {
      if (ending !== null) return;
      ending = reason;
      afterMs = performance.now() - startedMs;
      gone.abort();
      if (!interruptSandbox(child)) return killSandbox(child);
      channel?.destroy(); // it may wait for content that never comes
      grace = setTimeout(() => killSandbox(child), GRACE_MS);
    };
    const timer = setTimeout(() => end('outOfTime'), job.limits.wallMs);
    const abort = (): void => end('cancelled');
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();

    const chunks: Buffer[] = [];
    let room = maxExecutionBytes(job.limits.outputBytes);
    child.stdout?.on('data', (chunk: Buffer) => {
      room -= chunk.length;
      if (room >= 0) return void chunks.push(chunk);
      ending ??= 'flooded';
      killSandbox(child);
    });
    let stderr = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      if (stderr.length < 65_536) stderr += chunk.toString('latin1');
    });
    child.stdin?.on('error', () => {}); // the process ended before it read the whole job; its exit tells why
    let broken: { readonly error: unknown } | null = null;
    sendJob(child, job);
    if (channel !== null) {
      void serveContents(channel, contentsOf(job), gone.signal).then((served) => {
        if (served.kind === 'failed' && !gone.signal.aborted) broken = served;
        if (served.kind !== 'closed') killSandbox(child);
      });
    }

    const settle = (): void => {
      clearTimeout(timer);
      clearTimeout(grace);
      signal?.removeEventListener('abort', abort);
      gone.abort();
    };
    child.on('error', (cause) => {
      settle();
      reject(new TeaError('unavailable', 'The sandbox could not be started', { actual: cause.message, cause }));
    });
    child.on('close', (code, exitSignal) => {
      settle();
      if (broken !== null) return reject(broken.error);
      const exited = { kind: 'exited', code, signal: exitSignal, stdout: new Uint8Array(Buffer.concat(chunks)), stderr } as const;
      if (ending === null || ending === 'flooded') return resolve(ending === null ? exited : { kind: ending });
      resolve({ kind: ending, afterMs, gasUsed: readExecution(exited, job)?.gasUsed ?? null });
    });
  });
}

function readExecution(death: { readonly code: number | null; readonly stdout: Uint8Array }, job: GuestJob): Execution | null {
  if (death.code !== 0) return null;
  try {
    return decodeExecution(death.stdout, job.limits);
  } catch {
    return null; // not from our runner: the guest took its process over
  }
}

function checkJob({ limits, seed, clockMs, module, stdin }: GuestJob): void {
  const problem =
    !(stdin instanceof Uint8Array) && isComponent(module)
      ? 'an input that is elsewhere for a handler, which takes it whole'
      : seed.length !== 32
        ? `a seed of ${seed.length} bytes, not 32`
        : limits.gas < 0n || limits.gas > 2n ** 62n
          ? `a gas limit of ${limits.gas}, not 0 to 2^62`
          : !isBetween(limits.memoryBytes, 0, 2 ** 32)
            ? `a memory limit of ${limits.memoryBytes}, not 0 to 2^32`
            : !isBetween(limits.outputBytes, 0, 2 ** 30)
              ? `an output limit of ${limits.outputBytes}, not 0 to 2^30`
              : !isBetween(limits.wallMs, 1, 2 ** 31 - 1)
                ? `a time limit of ${limits.wallMs} ms, not 1 to 2^31-1`
                : !isBetween(clockMs, 0, 2 ** 43)
                  ? `a clock of ${clockMs} ms, not 0 to 2^43`
                  : null;
  if (problem !== null) throw new TeaError('badInput', 'This guest job is out of range', { actual: problem });
}

function isBetween(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most;
}
