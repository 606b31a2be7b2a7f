import { Worker } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { TeaError, throwIfCancelled } from '@tea/protocol';
import type { ChainConnection } from '@tea/protocol/layer1';
import { DEVELOPMENT_SEEDS } from './authoring/development-seeds.ts';
import { CallClock, newCallClock, watchCalls } from './call-clock.ts';
import type { Chain, ChainStatus, ExportedBlock, StartChainOptions } from './chain-api.ts';
import type { FromWorker, ToWorker, WorkerSettings, WorkerStatus } from './worker-messages.ts';

const DEFAULTS = { blockTimeMs: 6_000, minBlockIntervalMs: 20, finalityDelayMs: 0, callTimeLimitMs: 10_000 };
/** The runtime that this version of TEA ships with. */
const COMMITTED_RUNTIME = fileURLToPath(new URL('../runtime/runtime.wasm', import.meta.url));
/** A runtime that hangs while blocks are made would hang for ever after each start. */
const MAX_RESTARTS_WITHOUT_BLOCK = 3;
/** V8 keeps calls of wasm on the thread's stack, and runtimes nest deep. */
const STACK_MIB = 16;
/**
 * Little of what a block makes outlives it, and V8 lets a heap grow by the factor that its limit allows: with its defaults (48 MiB, and gigabytes)
 * the process grows to 250 MiB of garbage, no faster for it. A state that needs more than this limit is a real node's.
 */
const HEAP_LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 512 };

/**
 * Starts the embedded chain in a worker thread, or resumes the one that `dataDir` holds.
 * @throws TeaError `storage` | `corrupt` (the log), `conflict` (another chain runs there), `badInput` (runtime, preset), `notFound` (runtime file), `cancelled`
 */
export async function startChain(options: StartChainOptions): Promise<Chain> {
  throwIfCancelled(options.signal, 'Starting the chain');
  const chain = new EmbeddedChain(options);
  try {
    await chain.launch();
    throwIfCancelled(options.signal, 'Starting the chain');
    return chain;
  } catch (error) {
    await chain[Symbol.asyncDispose]();
    throw error;
  }
}

type Session = { readonly onFrame: (frame: string) => void; readonly onClose: ((reason: string) => void) | undefined };
type Question = { readonly resolve: (message: FromWorker) => void; readonly reject: (error: TeaError) => void };

class EmbeddedChain implements Chain {
  readonly #settings: Omit<WorkerSettings, 'callClock'>;
  readonly #callTimeLimitMs: number;
  readonly #failed = new AbortController();
  readonly #sessions = new Map<number, Session>();
  readonly #questions = new Map<number, Question>();
  #worker: Worker | null = null;
  /** Settles at the end of the present worker, heard from its start on: a worker that fails to start may end in the same turn that says so. */
  #workerEnded: Promise<void> = Promise.resolve();
  #watchdog: Disposable | null = null;
  #genesisHash = '';
  #ids = 0;
  #restarts = 0;
  #restartsSinceBlock = 0;
  #numberAtRestart = -1;
  #ending = false;

  constructor(options: StartChainOptions) {
    const { runtimeWasm = COMMITTED_RUNTIME, preset, dataDir, chainName = `TEA ${preset}`, authoritySeeds = DEVELOPMENT_SEEDS } = options;
    const { blockTimeMs, minBlockIntervalMs, finalityDelayMs, callTimeLimitMs } = { ...DEFAULTS, ...options };
    this.#settings = { runtimeWasm, preset, dataDir, chainName, authoritySeeds, blockTimeMs, minBlockIntervalMs, finalityDelayMs };
    this.#callTimeLimitMs = callTimeLimitMs;
  }

  get genesisHash(): string {
    return this.#genesisHash;
  }

  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  async launch(): Promise<void> {
    const callClock = newCallClock();
    const worker = new Worker(new URL('./chain-worker.ts', import.meta.url), {
      workerData: { ...this.#settings, callClock } satisfies WorkerSettings,
      resourceLimits: { ...HEAP_LIMITS, stackSizeMb: STACK_MIB },
    });
    this.#worker = worker;
    const started = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    this.#workerEnded = ended.promise;
    worker.once('exit', (code) => {
      ended.resolve();
      started.reject(new TeaError('internal', 'The chain’s thread ended before it had started', { actual: `exit code ${code}` }));
    });
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'started') {
        this.#genesisHash = message.genesisHash;
        started.resolve();
      } else if (message.kind === 'failed') {
        const { code, summary, ...facts } = message.error;
        const error = new TeaError(code, summary, facts);
        started.reject(error);
        this.#fail(error);
      } else this.#receive(message);
    });
    worker.on('error', (cause) => {
      const error = new TeaError('internal', 'The chain’s thread ended', { actual: cause instanceof Error ? cause.message : String(cause), cause });
      started.reject(error);
      this.#fail(error);
    });
    this.#watchdog = watchCalls(new CallClock(callClock), this.#callTimeLimitMs, () => void this.#restart());
    await started.promise;
  }

  connect(onFrame: (frame: string) => void, onClose?: (reason: string) => void): ChainConnection {
    const session = this.#ids++;
    if (this.failed.aborted || this.#ending) {
      queueMicrotask(() => onClose?.('the chain has ended'));
      return { send: () => {}, close: () => {} };
    }
    this.#sessions.set(session, { onFrame, onClose });
    this.#tell({ kind: 'open', session });
    return {
      send: (frame) => {
        if (this.#sessions.has(session)) this.#tell({ kind: 'frame', session, frame });
      },
      close: () => {
        if (this.#sessions.delete(session)) this.#tell({ kind: 'close', session });
      },
    };
  }

  async status(): Promise<ChainStatus> {
    return { ...(await this.#workerStatus()), restarts: this.#restarts, kind: 'embedded' };
  }

  async *blocks(from = 1): AsyncIterable<ExportedBlock> {
    const { finalised } = await this.#workerStatus();
    for (let number = from; number <= finalised.number; number++) {
      const answer = await this.#ask((question) => ({ kind: 'block', question, number }));
      if (answer.kind === 'block' && answer.block !== null) yield answer.block;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    this.#watchdog?.[Symbol.dispose]();
    const worker = this.#worker;
    if (worker !== null) {
      this.#tell({ kind: 'end' });
      const timer = setTimeout(() => void worker.terminate(), this.#callTimeLimitMs);
      // A worker that failed to start doesn't listen.
      if (this.#genesisHash === '' || this.failed.aborted) void worker.terminate();
      await this.#workerEnded;
      clearTimeout(timer);
    }
    this.#closeSessions('the chain has ended');
    this.#dropQuestions(new TeaError('cancelled', 'The chain has ended'));
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'frame') this.#sessions.get(message.session)?.onFrame(message.frame);
    else if (message.kind === 'status' || message.kind === 'block') {
      this.#questions.get(message.question)?.resolve(message);
      this.#questions.delete(message.question);
    }
  }

  async #workerStatus(): Promise<WorkerStatus> {
    const answer = await this.#ask((question) => ({ kind: 'status', question }));
    if (answer.kind !== 'status') throw new TeaError('internal', 'The chain answered another question');
    return answer.status;
  }

  #ask(message: (question: number) => ToWorker): Promise<FromWorker> {
    if (this.failed.aborted) return Promise.reject(this.failed.reason as TeaError);
    if (this.#ending) return Promise.reject(new TeaError('cancelled', 'The chain has ended'));
    const question = this.#ids++;
    const { promise, resolve, reject } = Promise.withResolvers<FromWorker>();
    this.#questions.set(question, { resolve, reject });
    this.#tell(message(question));
    return promise;
  }

  #tell(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  /** A call into the runtime doesn't end. Its thread goes, with all sessions; the log says where to go on. */
  async #restart(): Promise<void> {
    if (this.#ending || this.failed.aborted) return;
    this.#watchdog?.[Symbol.dispose]();
    this.#restarts += 1;
    const worker = this.#worker;
    this.#worker = null;
    worker?.removeAllListeners();
    worker?.on('error', () => {});
    await worker?.terminate();
    const late = new TeaError('timeout', 'A call into the runtime took too long', {
      expected: `at most ${this.#callTimeLimitMs} ms`,
      next: 'ask again',
    });
    this.#closeSessions(late.summary);
    this.#dropQuestions(late);
    try {
      await this.launch();
      const { number } = (await this.#workerStatus()).best;
      this.#restartsSinceBlock = number > this.#numberAtRestart ? 1 : this.#restartsSinceBlock + 1;
      this.#numberAtRestart = number;
      if (this.#restartsSinceBlock > MAX_RESTARTS_WITHOUT_BLOCK) {
        this.#fail(
          new TeaError('timeout', 'The runtime hangs whenever it makes a block', { actual: `${this.#restartsSinceBlock} starts at block ${number}` }),
        );
      }
    } catch (error) {
      this.#fail(error instanceof TeaError ? error : new TeaError('internal', 'The chain could not start again', { cause: error }));
    }
  }

  #fail(error: TeaError): void {
    if (this.failed.aborted) return;
    this.#failed.abort(error);
    this.#watchdog?.[Symbol.dispose]();
    this.#closeSessions(error.summary);
    this.#dropQuestions(error);
  }

  #closeSessions(reason: string): void {
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const { onClose } of sessions) onClose?.(reason);
  }

  #dropQuestions(error: TeaError): void {
    for (const { reject } of this.#questions.values()) reject(error);
    this.#questions.clear();
  }
}
