import { fstatSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { TeaError } from '@tea/protocol';
import type * as v from 'valibot';
import { firstLine, parseLine } from './json-line.ts';

/** The child's half of `spawnChild`, for processes of ours. */

/**
 * Ends this process as soon as its parent is gone, by the end of stdin. For the case that the parent-death signal could not be set.
 * Does nothing when stdin is no pipe: a person or a service manager started us. Does not by itself keep the process alive.
 */
export function exitWhenParentGone(): void {
  const stdin = fstatSync(0);
  if (!stdin.isFIFO() && !stdin.isSocket()) return;
  process.stdin.on('end', () => process.exit(1));
  process.stdin.on('error', () => process.exit(1));
  process.stdin.resume();
  process.stdin.unref();
}

/**
 * The JSON line that the parent gave as `startLine`. Call it before `exitWhenParentGone`.
 * @param from where it comes from instead of stdin
 * @throws TeaError `badMessage`, or `timeout` when none comes in `deadlineMs` (default 10 s)
 */
export async function startLine<const S extends v.GenericSchema>(
  schema: S,
  { deadlineMs = 10_000, from = process.stdin }: { readonly deadlineMs?: number; readonly from?: Readable } = {},
): Promise<v.InferOutput<S>> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const line = await firstLine(from, deadline).catch((cause: unknown) => {
    throw deadline.aborted ? new TeaError('timeout', 'The parent process sent no start line', { actual: `nothing in ${deadlineMs} ms` }) : cause;
  });
  if (line === undefined)
    throw new TeaError('badMessage', 'The parent process sent no start line', { expected: 'one line of JSON on stdin', actual: 'its end' });
  return parseLine(line, schema, 'a start line');
}

/** Prints the line that the parent's `readyLine` waits for. Nothing else of ours may go to stdout before it. */
export function sayReady(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Aborts at the first SIGTERM, SIGINT or SIGHUP: whoever owns things then disposes them. A second SIGINT ends the process at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted && signal === 'SIGINT') process.exit(130);
    controller.abort(new TeaError('cancelled', `Stopped by ${signal}`));
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
  return controller.signal;
}
