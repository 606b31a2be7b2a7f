import { once } from 'node:events';
import { TeaError } from '@tea/protocol';
import type * as v from 'valibot';
import { type Child, describeExit } from './child.ts';
import { firstLine, parseLine } from './json-line.ts';

export type ReadyLineOptions = {
  /** Default 15 s. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
};

/**
 * Waits for the one JSON line by which a child says that it is ready, e.g. `{"port":4222}`. Whatever it prints later on stdout is
 * discarded, so that it never blocks on a full pipe.
 *
 * @throws TeaError with the tail of the child's stderr: `timeout`, `unavailable` when it exits first, `badMessage` when its first line
 * is something else; `cancelled` when aborted. The child is left to its owner, who disposes it.
 */
export async function readyLine<const S extends v.GenericSchema>(child: Child, schema: S, options: ReadyLineOptions = {}): Promise<v.InferOutput<S>> {
  const { deadlineMs = 15_000, signal } = options;
  const what = `the ready line of ${child.name}`;
  const deadline = AbortSignal.timeout(deadlineMs);
  const done = new AbortController();
  const giveUp = AbortSignal.any([deadline, done.signal, ...(signal ? [signal] : [])]);
  try {
    const line = firstLine(child.stdout, giveUp).then((text) => text ?? aborted(giveUp)); // a closed stdout: the exit, or the deadline, tells why
    const first = await Promise.race([line, child.exited]);
    if (typeof first !== 'string') throw failure(child, 'unavailable', `${child.name} ended before it was ready`, describeExit(first));
    child.stdout.resume();
    return parseLine(first, schema, what);
  } catch (cause) {
    if (signal?.aborted) throw new TeaError('cancelled', `Waiting for ${child.name} was cancelled`, { cause });
    if (deadline.aborted) throw failure(child, 'timeout', `${child.name} did not become ready`, `nothing in ${deadlineMs} ms`);
    throw cause;
  } finally {
    done.abort();
  }
}

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}

function failure(child: Child, code: 'unavailable' | 'timeout', summary: string, came: string): TeaError {
  const tail = child.stderrTail().trim();
  return new TeaError(code, summary, {
    expected: 'one JSON line on its stdout',
    actual: tail === '' ? `${came}, and nothing on its stderr` : `${came}; its stderr ends with:\n${tail}\n`,
  });
}
