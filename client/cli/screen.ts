import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { styleText } from 'node:util';
import { isTeaError, TeaError } from '@tea/protocol';
import { printable } from './printable.ts';

/** What a person sees, or what a program reads with `--json`: one line of JSON an event, the same facts. */
export type Screen = {
  readonly json: boolean;
  heading(title: string, note?: string): void;
  /** Runs one step of a longer job and shows what came of it and how long it took. */
  step<T>(name: string, work: () => Promise<T>, describe: (value: T) => StepReport): Promise<T>;
  /** A line under the last step, or at the end. */
  note(line: string): void;
  table(rows: readonly (readonly string[])[]): void;
  /** The machine-readable outcome of the command; ignored on a person's screen. */
  emit(event: string, facts: Readonly<Record<string, unknown>>): void;
};

export type StepReport = { readonly line: string; readonly details?: readonly string[]; readonly facts?: Readonly<Record<string, unknown>> };

/** @param options.signal ends a step at once when aborted, also one whose work waits for an answer of a network that is no more */
export function openScreen(options: {
  readonly json: boolean;
  readonly signal?: AbortSignal;
  readonly out?: Writable;
  readonly nowMs?: () => number;
}): Screen {
  const { json, signal, out = process.stdout, nowMs = () => performance.now() } = options;
  const write = (line: string): void => void out.write(`${line}\n`);
  const person = (line: string): void => {
    if (!json) write(line);
  };
  const emit = (event: string, facts: Readonly<Record<string, unknown>>): void => {
    if (json) write(JSON.stringify({ event, ...facts }, jsonValue));
  };
  return {
    json,
    emit,
    heading: (title, note) => person(`${styleText('bold', title)}${note === undefined ? '' : `  ${styleText('dim', note)}`}\n`),
    async step(name, work, describe) {
      const startedMs = nowMs();
      const value = await orStopped(work(), signal);
      const elapsedMs = nowMs() - startedMs;
      const { line, details = [], facts = {} } = describe(value);
      person(`${styleText('green', '✓')} ${styleText('bold', name.padEnd(9))} ${line}  ${styleText('dim', formatDuration(elapsedMs))}`);
      for (const detail of details) person(`            ${detail}`);
      emit('step', { step: name, ms: Math.round(elapsedMs), summary: line, ...facts });
      return value;
    },
    note: person,
    table(rows) {
      const widths = rows.reduce<number[]>((known, row) => row.map((cell, column) => Math.max(known[column] ?? 0, cell.length)), []);
      for (const row of rows) person(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
    },
  };
}

async function orStopped<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const ended = new AbortController();
  const stopped = async (): Promise<never> => {
    if (!signal.aborted) await once(signal, 'abort', { signal: ended.signal });
    throw new TeaError('cancelled', 'Stopped', { cause: signal.reason });
  };
  try {
    return await Promise.race([work, stopped()]);
  } finally {
    ended.abort();
  }
}

/** An error as a person should read it: what was expected, what came, what to do; the stack only for what we did not foresee. */
export function describeError(error: unknown): string {
  if (!isTeaError(error))
    return `Something failed that TEA did not foresee: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  const facts = [
    ['expected', error.expected],
    ['got', error.actual],
    ['next', error.next],
    ['correlation', error.details['correlation']],
  ] as const;
  return [
    `${styleText('red', '✗')} ${printable(error.summary)}`,
    ...facts.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(12)}${indented(String(value))}`])),
  ].join('\n');
}

/** A fact may be what another wrote, over several lines: none of them starts where ours do. */
function indented(value: string): string {
  return value
    .trim()
    .split('\n')
    .map(printable)
    .join(`\n${' '.repeat(14)}`);
}

function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  return value instanceof Uint8Array ? value.toHex() : value;
}

export function formatDuration(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

const PLANCKS_PER_TEA = 1_000_000_000_000n;

/** An amount on layer 1 (12 decimals) in TEA, with as many decimals as it has, six at most. */
export function formatAmount(plancks: bigint): string {
  const fraction = (plancks % PLANCKS_PER_TEA).toString().padStart(12, '0').slice(0, 6).replace(/0+$/, '');
  return `${(plancks / PLANCKS_PER_TEA).toLocaleString('en')}${fraction === '' ? '' : `.${fraction}`} TEA`;
}

export function shortHex(bytes: Uint8Array): string {
  const hex = bytes.toHex();
  return `${hex.slice(0, 8)}…${hex.slice(-4)}`;
}
