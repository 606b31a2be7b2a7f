import { describeExit, type ChildExit } from '@tea/platform';
import { TeaError } from '@tea/protocol';

export type Running = AsyncDisposable & { readonly exited: Promise<ChildExit> };

export type KeepRunningParts = {
  readonly name: string;
  /** Resolves when it is ready; whatever it leaves behind when it fails it has ended itself. */
  readonly start: () => Promise<Running>;
  /** A word to the operator. */
  readonly say: (words: string) => void;
  /** Resolves after so many milliseconds, early when `signal` fires. */
  readonly delay: (delayMs: number) => Promise<unknown>;
  readonly now: () => number;
  readonly signal: AbortSignal;
};

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 30_000;
/** Whatever ran for so long had come up well: its next end is a first one again. */
const WELL_AFTER_MS = 10_000;
/** Their pauses come to half a minute, besides the starts. */
export const MOST_ENDS_IN_A_ROW = 10;

/**
 * Starts a program and, whenever it ends otherwise than by being asked to, starts it anew: after a pause that doubles while it keeps ending soon, and
 * not for ever, because a program that can't live should be looked at by a person.
 * @returns when it ended with code 0, or `signal` fired
 * @throws what the first `start` throws: nothing ever ran; TeaError `unavailable` after too many ends in a row
 */
export async function keepRunning({ name, start, say, delay, now, signal }: KeepRunningParts): Promise<void> {
  let ends = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let running: Running | null = await start();
  for (;;) {
    const startedAt = now();
    let ending = 'it could not be started';
    if (running !== null) {
      const exit = await running.exited;
      await running[Symbol.asyncDispose]();
      if (signal.aborted || (exit.kind === 'exited' && exit.code === 0)) return;
      ending = describeExit(exit);
      if (now() - startedAt >= WELL_AFTER_MS) [ends, pauseMs] = [0, FIRST_PAUSE_MS];
    }
    if (++ends >= MOST_ENDS_IN_A_ROW) {
      throw new TeaError('unavailable', `${name} keeps ending`, {
        expected: 'a program that stays',
        actual: `${ends} ends in a row, the last one: ${ending}`,
        next: 'read what it said above, then start the node again: open errands go on, or go back to their consumers at their deadlines',
      });
    }
    say(`${name}: ${ending}; it is started anew in ${pauseMs} ms (end ${ends} of at most ${MOST_ENDS_IN_A_ROW} in a row)`);
    await delay(pauseMs);
    pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    if (signal.aborted) return;
    running = await start().catch((error: unknown) => {
      if (!signal.aborted) say(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    });
    if (signal.aborted && running === null) return;
  }
}
