import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { TeaError } from '@tea/protocol';
import { findTool } from './tools.ts';

const STDERR_TAIL_BYTES = 8 * 1024;
const STOP_DEADLINE_MS = 5_000;
/** How long output may still trickle in after the exit, when a grandchild holds the pipe open. */
const OUTPUT_GRACE_MS = 200;

export type ChildOptions = {
  /** Names the child in messages, e.g. `nats-server`. */
  readonly name: string;
  /** A bare name looked up in PATH, or an absolute path. */
  readonly command: string;
  /** Every user of the machine can read these: never a secret. */
  readonly args?: readonly string[];
  /** Added to PATH, HOME, LANG and TMPDIR; nothing else is inherited. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** One JSON line written to stdin, for `startLine` in a child of ours. The place for secrets. Stdin then stays open. */
  readonly startLine?: unknown;
  /** Called with each piece of stderr, for a log. The tail is kept in any case. */
  readonly onStderr?: (text: string) => void;
  /** How long the child may take to stop by itself; then SIGKILL. */
  readonly stopDeadlineMs?: number;
  /** Stops the child when aborted. */
  readonly signal?: AbortSignal;
};

export type ChildExit = { readonly kind: 'exited'; readonly code: number } | { readonly kind: 'killed'; readonly signal: NodeJS.Signals };

/** A running child that can't outlive its parent. Disposing sends SIGTERM, after the deadline SIGKILL, and resolves when it is gone. */
export type Child = AsyncDisposable & {
  readonly name: string;
  readonly pid: number;
  /** Open for as long as this process lives: its end tells a child of ours that the parent is gone. */
  readonly stdin: Writable;
  /** Read it, let `readyLine` drain it, or `resume()` it: a child blocks on a pipe that nobody empties. */
  readonly stdout: Readable;
  /** Settles once, and never rejects. */
  readonly exited: Promise<ChildExit>;
  /** Calls `listener` at the exit, or soon when it has happened already. Returns how to unsubscribe. */
  onExit(listener: (exit: ChildExit) => void): () => void;
  kill(signal: NodeJS.Signals): void;
  /** The last 8 KiB of stderr, for error messages. */
  stderrTail(): string;
};

/**
 * Starts a child that dies with its parent, whatever ends the parent, SIGKILL included.
 *
 * Two ties: the kernel's parent-death signal (`setpriv --pdeathsig KILL`, prctl(2) PR_SET_PDEATHSIG) and the end of stdin,
 * which our own children watch with `exitWhenParentGone`. The signal is sent when the *thread* that called this ends, so a
 * worker thread's children end with the worker. The child leads its own process group: a Ctrl-C in the terminal reaches only
 * the process that the person started, which then stops its children in its own order.
 *
 * @throws TeaError `missingTool` when `command` is not there, `unavailable` when it can't be started, `cancelled`
 */
export async function spawnChild(options: ChildOptions): Promise<Child> {
  const { name, stopDeadlineMs = STOP_DEADLINE_MS, signal } = options;
  if (signal?.aborted) throw new TeaError('cancelled', `${name} was not started`, { cause: signal.reason });
  const command = findTool(options.command);
  if (command === undefined) {
    throw new TeaError('missingTool', `${name} can't be started`, { expected: `an executable ${options.command}`, actual: 'nothing of that name' });
  }
  const tied = tieToParent(command, options.args ?? []);
  const handle = spawn(tied.command, tied.args, {
    cwd: options.cwd,
    env: { ...inheritedEnvironment(process.env), ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true, // its own process group, see above
  });
  try {
    await once(handle, 'spawn');
  } catch (cause) {
    throw new TeaError('unavailable', `${name} can't be started`, { actual: (cause as Error).message, cause });
  }
  const { pid, stdin, stdout, stderr } = handle;
  if (pid === undefined) throw new TeaError('internal', `${name} started without a process id`);

  let tail = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = (tail + text).slice(-STDERR_TAIL_BYTES);
    options.onStderr?.(text);
  });
  stdin.on('error', () => undefined); // EPIPE: the exit says it better
  if (options.startLine !== undefined) stdin.write(`${JSON.stringify(options.startLine)}\n`);

  const exited = watchExit(handle);
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => (stopping ??= stopProcess(handle, pid, exited, stopDeadlineMs));
  const onAbort = (): void => void stop();
  signal?.addEventListener('abort', onAbort, { once: true });
  if (signal?.aborted) onAbort(); // while it was starting
  void exited.then(() => signal?.removeEventListener('abort', onAbort));

  return {
    name,
    pid,
    stdin,
    stdout,
    exited,
    onExit(listener) {
      let wanted = true;
      void exited.then((exit) => wanted && listener(exit));
      return () => void (wanted = false);
    },
    kill: (killSignal) => void handle.kill(killSignal),
    stderrTail: () => tail,
    [Symbol.asyncDispose]: stop,
  };
}

export function describeExit(exit: ChildExit): string {
  return exit.kind === 'exited' ? `exit code ${exit.code}` : `an end by ${exit.signal}`;
}

function tieToParent(command: string, args: readonly string[]): { command: string; args: string[] } {
  const setpriv = findTool('setpriv');
  return setpriv === undefined ? { command, args: [...args] } : { command: setpriv, args: ['--pdeathsig', 'KILL', '--', command, ...args] };
}

function inheritedEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR'].map((name) => [name, env[name]] as const);
  return Object.fromEntries(kept.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

async function watchExit(handle: ChildProcess): Promise<ChildExit> {
  const closed = once(handle, 'close');
  const [code, signal] = (await once(handle, 'exit')) as [number | null, NodeJS.Signals | null];
  // The timer counts as work to wait for: pipes that nobody reads don't, and would never close.
  const grace = new AbortController();
  await Promise.race([closed, delay(OUTPUT_GRACE_MS, undefined, { signal: grace.signal }).catch(() => undefined)]);
  grace.abort();
  return code === null ? { kind: 'killed', signal: signal ?? 'SIGKILL' } : { kind: 'exited', code };
}

async function stopProcess(handle: ChildProcess, pid: number, exited: Promise<ChildExit>, deadlineMs: number): Promise<void> {
  handle.kill('SIGTERM');
  const deadline = new AbortController();
  const late = delay(deadlineMs, 'late' as const, { signal: deadline.signal }).catch(() => undefined);
  if ((await Promise.race([exited, late])) === 'late') killGroup(pid);
  await exited;
  deadline.abort();
  killGroup(pid); // what it forked and left behind
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch {
    // ESRCH: nobody is left, which is what we want
  }
}
