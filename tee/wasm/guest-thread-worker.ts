/** The thread of `guest-thread.ts`: starts sandboxes, feeds them and reads what they say, all of which may hold a thread up. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ContentReader } from '@tea/protocol';
import type { GuestInput } from './guest-job.ts';
import { openMeterCache } from './meter-cache.ts';
import { runGuest } from './run-guest.ts';
import { openSandboxPool } from './sandbox-pool.ts';
import { plainError, type FromThread, type ThreadData, type ThreadInput, type ToThread } from './thread-messages.ts';

const { size, runnerSource } = workerData as ThreadData;
const options = runnerSource === undefined ? {} : { runnerSource };
/** Of the metered forms that are kept. */
const KEPT_BYTES = 128 * 1024 * 1024;
const closing = new AbortController();
const guests = openMeterCache(runGuest, KEPT_BYTES, closing.signal);
const say = (message: FromThread): void => parentPort?.postMessage(message, []);
const opening = openSandboxPool(size, options).catch((error: unknown): undefined => {
  say({ kind: 'noSpare', error: plainError(error) });
  return undefined;
});

const endings = new Map<number, AbortController>();
/** Until the thread is closed each ends by itself, or is ended. */
const running = new Set<Promise<void>>();
const questions = new Map<number, (bytes: Uint8Array | null) => void>();
let asked = 0;

function contentOf(run: number, input: number, given: ThreadInput): GuestInput {
  if (given instanceof Uint8Array) return given;
  const content: ContentReader = {
    sizeBytes: given.sizeBytes,
    async read(offset, length) {
      const question = asked++;
      const bytes = await new Promise<Uint8Array | null>((resolve) => {
        questions.set(question, resolve);
        say({ kind: 'question', run, question, input, offset, length });
      });
      if (bytes === null) throw new Error('whoever asked for the run has the reason');
      return bytes;
    },
  };
  return content;
}

parentPort?.on('message', (message: ToThread) => {
  if (message.kind === 'abort') return endings.get(message.run)?.abort();
  if (message.kind === 'piece') {
    questions.get(message.question)?.(message.bytes);
    return void questions.delete(message.question);
  }
  if (message.kind === 'close') return void close();
  const { run, job } = message;
  const ending = new AbortController();
  endings.set(run, ending);
  const inputs = { stdin: contentOf(run, 0, job.stdin), data: job.data.map((each, index) => contentOf(run, index + 1, each)) };
  const ended = opening
    .then((pool) => guests.run({ ...job, ...inputs }, { ...options, signal: ending.signal, ...(pool && { pool }) }))
    .then(
      (result) => say({ kind: 'ended', run, result }),
      (error: unknown) => say({ kind: 'failed', run, error: plainError(error) }),
    )
    .finally(() => {
      endings.delete(run);
      running.delete(ended);
    });
  running.add(ended);
});

async function close(): Promise<void> {
  closing.abort();
  await (await opening)?.[Symbol.asyncDispose]();
  await Promise.allSettled(running);
  await guests.idle();
  parentPort?.close();
}
