import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { TeaError } from '@tea/protocol';
import type { RunGuestOptions } from '../guest-job.ts';
import { chooseIsolation } from '../isolation.ts';
import { killSandbox, spawnSandbox } from '../sandbox.ts';
import { encodeFrame, FrameReader, type ToActor } from './actor-frames.ts';
import { ACTOR_LIMITS, type ActorLimits, type Turn, type Wish } from './actor-instance.ts';
import type { ActorGrant } from './actor-world.ts';

/** A system actor in its sandbox: the guests' own, with another runner. */
export type ActorProcess = AsyncDisposable & {
  /**
   * Hands it one event. Events queue; each gets its turn once those before it had theirs.
   * @throws TeaError `unavailable` when the actor ended, by a trap, its gas, its time or from outside; nothing of this turn happened then
   */
  turn(event: string, input: Uint8Array): Promise<{ readonly wishes: readonly Wish[]; readonly error: string | null; readonly gasUsed: bigint }>;
  /** Resolves to why, once it is gone. */
  readonly ended: Promise<string>;
};

export type ActorProcessOptions = Pick<RunGuestOptions, 'runnerSource' | 'nodePath' | 'bwrapPath' | 'allowProcessIsolation'> & {
  readonly limits?: ActorLimits;
  /** From handing over an event to the end of its turn, real time. */
  readonly turnMs?: number;
  readonly nowMs: () => number;
};

const TURN_MS = 20_000;
const LOAD_MS = 30_000;
const MAX_QUEUED = 1_024;
/** The whole life of an actor's sandbox, as processor time: what a turn may take is bounded by gas and `turnMs`. */
const LIFE_MS = 10 * 365 * 86_400_000;
const RUNNER = fileURLToPath(new URL('../actor-runner.ts', import.meta.url));

/**
 * Loads an actor: read, metered and instantiated inside its sandbox, with what its manifest grants.
 * @throws TeaError `refused` naming the grant it lacks, or what is wrong with it; `missingTool` | `refused` where there is no sandbox; `timeout`
 */
export async function startActor(component: Uint8Array, grants: readonly ActorGrant[], options: ActorProcessOptions): Promise<ActorProcess> {
  const { limits = ACTOR_LIMITS, turnMs = TURN_MS, nowMs } = options;
  const bounds = { memoryBytes: limits.memoryBytes, outputBytes: limits.wishBytesPerTurn * 4, wallMs: LIFE_MS };
  const { isolation, sandbox } = await chooseIsolation(bounds, component.length * 8, { ...options, runnerPath: RUNNER });
  const child = await spawnSandbox({ ...sandbox, isolation });
  const reader = new FrameReader();
  const { promise: ended, resolve: end } = Promise.withResolvers<string>();
  let why: string | null = null;
  let stderr = '';
  let waiting: { readonly resolve: (answer: unknown) => void; readonly reject: (error: TeaError) => void } | null = null;
  let queued = 0;
  let last: Promise<unknown> = Promise.resolve();

  const gone = (): TeaError =>
    new TeaError('unavailable', 'The actor has ended', { expected: 'an actor that handles its events', actual: why ?? 'it is gone' });
  const stop = (reason: string): void => {
    why ??= reason;
    killSandbox(child);
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    const bodies = reader.take(chunk);
    if (bodies === null) return stop('it sent more than an actor may');
    for (const body of bodies) {
      const asked = waiting;
      waiting = null;
      if (asked === null) return stop('it spoke without being asked');
      asked.resolve(body);
    }
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    if (stderr.length < 4_096) stderr += chunk.toString('latin1');
  });
  child.stdin?.on('error', () => {}); // it ended: `close` tells
  child.on('error', (error) => stop(error.message));
  child.on('close', (code, signal) => {
    why ??= `its sandbox ended with ${signal ?? `code ${code}`}${stderr === '' ? '' : `: ${stderr.trim().slice(0, 500)}`}`;
    waiting?.reject(gone());
    waiting = null;
    end(why);
  });

  async function exchange(message: ToActor, withinMs: number): Promise<unknown> {
    if (why !== null) throw gone();
    const answer = Promise.withResolvers<unknown>();
    waiting = answer;
    const timer = setTimeout(() => stop(`it did not end its turn within ${withinMs} ms`), withinMs);
    child.stdin?.write(encodeFrame(message));
    try {
      return decode(await answer.promise);
    } catch (error) {
      if (!(error instanceof TeaError)) stop('it answered what no actor answers');
      throw error instanceof TeaError ? error : gone();
    } finally {
      clearTimeout(timer);
    }
  }

  const { memoryBytes, wishesPerTurn, wishBytesPerTurn } = limits;
  const actor: ActorProcess = {
    ended,
    async turn(event, input) {
      if (queued >= MAX_QUEUED) throw new TeaError('limit', 'Too many events wait for this actor', { expected: `at most ${MAX_QUEUED}` });
      queued++;
      const own = last.then(() => exchange({ kind: 'event', event, input, nowMs: nowMs() }, turnMs));
      last = own.catch(() => undefined);
      const answer = asTurn(await own.finally(() => queued--));
      if (answer?.kind === 'handled') return answer;
      stop(answer === null ? 'it answered what no actor answers' : `${answer.outcome}: ${answer.explanation}`);
      throw gone();
    },
    async [Symbol.asyncDispose]() {
      why ??= 'it was stopped';
      if (child.exitCode !== null || child.signalCode !== null) return;
      const closed = once(child, 'close');
      killSandbox(child);
      await closed;
    },
  };
  try {
    const bounded = { memoryBytes, wishesPerTurn, wishBytesPerTurn, gasPerTurn: Number(limits.gasPerTurn) };
    const loaded = await exchange({ kind: 'load', component, grants, limits: bounded }, LOAD_MS);
    if (!isRecord(loaded) || loaded['kind'] !== 'loaded') {
      const actual = isRecord(loaded) && typeof loaded['explanation'] === 'string' ? loaded['explanation'].slice(0, 500) : 'no answer';
      throw new TeaError('refused', 'This actor can’t be loaded', { expected: 'a component of tee/wit/actor within its grants', actual });
    }
    return actor;
  } catch (error) {
    await actor[Symbol.asyncDispose]();
    throw error;
  }
}

function decode(body: unknown): unknown {
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body as Uint8Array));
}

/** The sandbox may have been taken over: whatever it says is checked. Null for what is no turn. */
function asTurn(value: unknown): Turn | null {
  try {
    return readTurn(value);
  } catch {
    return null; // no base64
  }
}

function readTurn(value: unknown): Turn | null {
  if (!isRecord(value)) return null;
  const { kind, gasUsed, wishes, error, outcome, explanation } = value;
  if (typeof gasUsed !== 'string' || !/^\d{1,19}$/.test(gasUsed)) return null;
  if (kind === 'ended' && typeof outcome === 'string' && typeof explanation === 'string') {
    const known = (['trap', 'outOfGas', 'tooManyWishes'] as const).find((each) => each === outcome);
    return known ? { kind, gasUsed: BigInt(gasUsed), outcome: known, explanation: explanation.slice(0, 500) } : null;
  }
  if (kind !== 'handled' || !Array.isArray(wishes) || !(error === null || typeof error === 'string')) return null;
  const checked = wishes.map(asWish);
  if (!checked.every((wish) => wish !== null)) return null;
  return { kind, gasUsed: BigInt(gasUsed), wishes: checked, error: error?.slice(0, 500) ?? null };
}

function asWish(value: unknown): Wish | null {
  if (!isRecord(value) || typeof value['name'] !== 'string' || typeof value['bytes'] !== 'string' || !Array.isArray(value['numbers'])) return null;
  const numbers: unknown[] = value['numbers'];
  if (numbers.length > 4 || !numbers.every((each): each is number => Number.isSafeInteger(each) && Number(each) >= 0)) return null;
  return { name: value['name'], numbers, bytes: Uint8Array.fromBase64(value['bytes']) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
