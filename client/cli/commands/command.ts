import type { ParseArgsConfig } from 'node:util';
import type { Screen } from '../screen.ts';

/** What every command gets. */
export type Invocation = {
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
  readonly positionals: readonly string[];
  readonly screen: Screen;
  /** Aborts at Ctrl-C and its kin. */
  readonly signal: AbortSignal;
};

export type Command = {
  readonly name: string;
  readonly summary: string;
  /** Everything below the summary in `tea NAME --help`. */
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** How many operands it takes, at least and at most. */
  readonly operands: readonly [number, number];
  /** @returns the process's exit code */
  run(invocation: Invocation): Promise<number>;
};

/** Exit codes of `tea`. `verify` and `policy check` give 2. */
export const EXIT = { done: 0, failed: 1, cannotTell: 2, usage: 64, interrupted: 130 } as const;
