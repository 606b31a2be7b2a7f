import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { TeaError } from '@tea/protocol';
import * as v from 'valibot';

const MAX_LINE_BYTES = 64 * 1024;

/**
 * The first line of `stream` without its newline, or `undefined` when it ends before. What follows stays in the stream, paused.
 * @throws TeaError `limit` past 64 KiB without a newline; the reason of `signal` when aborted
 */
export async function firstLine(stream: Readable, signal: AbortSignal): Promise<string | undefined> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for (;;) {
    signal.throwIfAborted();
    const piece = stream.read() as Buffer | null;
    if (piece === null) {
      if (stream.readableEnded || stream.destroyed) return undefined;
      await nextNews(stream, signal);
      continue;
    }
    const newline = piece.indexOf(0x0a);
    if (newline >= 0) {
      if (newline + 1 < piece.length) stream.unshift(piece.subarray(newline + 1));
      return Buffer.concat([...pieces, piece.subarray(0, newline)]).toString('utf8');
    }
    pieces.push(piece);
    sizeBytes += piece.length;
    if (sizeBytes > MAX_LINE_BYTES)
      throw new TeaError('limit', 'A line is too long', { expected: `at most ${MAX_LINE_BYTES} bytes`, actual: `${sizeBytes} bytes` });
  }
}

async function nextNews(stream: Readable, signal: AbortSignal): Promise<void> {
  const answered = new AbortController(); // takes the losers' listeners off again
  const either = AbortSignal.any([signal, answered.signal]);
  try {
    await Promise.race(['readable', 'end', 'close'].map((event) => once(stream, event, { signal: either })));
  } finally {
    answered.abort();
  }
}

/** @throws TeaError `badMessage` unless `line` is JSON of that shape. The line itself is not quoted: it may hold secrets. */
export function parseLine<const S extends v.GenericSchema>(line: string, schema: S, what: string): v.InferOutput<S> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new TeaError('badMessage', `This is not ${what}`, { expected: 'one line of JSON', actual: `${line.length} characters of something else` });
  }
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw new TeaError('badMessage', `This is not ${what}`, {
    expected: `${v.getDotPath(issue) ?? 'the line'} to be ${issue.expected ?? 'valid'}`,
    actual: 'another value',
  });
}
