import { Worker } from 'node:worker_threads';
import { TeaError, type ContentReader } from '@tea/protocol';
import type { GuestInput, GuestJob, GuestResult } from './guest-job.ts';
import type { SpareSize } from './sandbox-pool.ts';
import { teaErrorOf, type FromThread, type ThreadInput, type ToThread } from './thread-messages.ts';

export type GuestThread = AsyncDisposable & {
  /** As `runGuest`. What the job holds is copied. */
  run(job: GuestJob, signal?: AbortSignal): Promise<GuestResult>;
};

export type GuestThreadOptions = {
  /** Of the sandbox that waits for the next job. */
  readonly size: SpareSize;
  readonly runnerSource?: Uint8Array;
  /** The bundled thread, handed over in memory like the runner; the `.ts` beside this file by default. */
  readonly threadSource?: string;
  /** Hears when no sandbox can be started ahead, and why. */
  readonly onNoSpare?: (error: TeaError) => void;
};

type Run = {
  readonly inputs: readonly GuestInput[];
  readonly reading: AbortController;
  readonly resolve: (result: GuestResult) => void;
  readonly reject: (error: unknown) => void;
  /** Why its content could not be read. */
  broken: { readonly error: unknown } | null;
};

/**
 * Guests, run from a thread of their own with a sandbox waiting there. Starting a process holds its thread up until the new one has been scheduled, on a
 * busy machine for tens of ms, and reading hostile output takes time too: whoever answers others does neither.
 * A thread that died is started anew for the next job.
 */
export function openGuestThread({ size, runnerSource, threadSource, onNoSpare }: GuestThreadOptions): GuestThread {
  const runs = new Map<number, Run>();
  let count = 0;
  let worker: Worker | null = null;
  let closed = false;

  function start(): Worker {
    const workerData = { size, runnerSource };
    const started =
      threadSource === undefined
        ? new Worker(new URL('./guest-thread-worker.ts', import.meta.url), { workerData })
        : new Worker(threadSource, { workerData, eval: true });
    started.on('message', (message: FromThread) => heed(started, message));
    const gone = (cause: unknown): void => {
      if (worker === started) worker = null;
      for (const [id, run] of runs) {
        runs.delete(id);
        run.reject(new TeaError('unavailable', 'The thread that runs guests ended', { next: 'try again', cause }));
      }
    };
    started.on('error', gone);
    started.on('exit', gone);
    return started;
  }

  function heed(from: Worker, message: FromThread): void {
    if (message.kind === 'noSpare') return onNoSpare?.(teaErrorOf(message.error));
    const run = runs.get(message.run);
    if (run === undefined) return;
    if (message.kind === 'question') return void answer(from, run, message);
    runs.delete(message.run);
    run.reading.abort();
    if (message.kind === 'ended') run.resolve(message.result);
    else run.reject(run.broken?.error ?? teaErrorOf(message.error));
  }

  async function answer(to: Worker, run: Run, { question, input, offset, length }: Extract<FromThread, { kind: 'question' }>): Promise<void> {
    let bytes: Uint8Array | null = null;
    try {
      bytes = await (run.inputs[input] as ContentReader).read(offset, length, run.reading.signal);
    } catch (error) {
      run.broken ??= { error };
    }
    to.postMessage({ kind: 'piece', question, bytes } satisfies ToThread, []);
  }

  worker = start();
  return {
    run: (job, signal) =>
      new Promise<GuestResult>((resolve, reject) => {
        if (closed) return reject(new TeaError('cancelled', 'No more guests are run'));
        const thread = (worker ??= start());
        const id = count++;
        const abort = (): void => thread.postMessage({ kind: 'abort', run: id } satisfies ToThread, []);
        const settled = <T>(settle: (value: T) => void) => {
          return (value: T): void => {
            signal?.removeEventListener('abort', abort);
            settle(value);
          };
        };
        const run = {
          inputs: [job.stdin, ...job.data],
          reading: new AbortController(),
          resolve: settled(resolve),
          reject: settled(reject),
          broken: null,
        };
        runs.set(id, run);
        const there = (input: GuestInput): ThreadInput => (input instanceof Uint8Array ? input : { sizeBytes: input.sizeBytes });
        thread.postMessage({ kind: 'run', run: id, job: { ...job, stdin: there(job.stdin), data: job.data.map(there) } } satisfies ToThread, []);
        signal?.addEventListener('abort', abort, { once: true });
        if (signal?.aborted) abort();
      }),
    [Symbol.asyncDispose]: async () => {
      closed = true;
      const last = worker;
      if (last === null) return;
      const gone = new Promise((resolve) => last.once('exit', resolve));
      for (const id of runs.keys()) last.postMessage({ kind: 'abort', run: id } satisfies ToThread, []);
      last.postMessage({ kind: 'close' } satisfies ToThread, []);
      await gone;
    },
  };
}
