import { isTeaError, TeaError, type TeaErrorCode } from '@tea/protocol';
import type { GuestJob, GuestResult } from './guest-job.ts';
import type { SpareSize } from './sandbox-pool.ts';

/** Between `guest-thread.ts` and `guest-thread-worker.ts`: both are ours, and one process. */
export type ThreadData = { readonly size: SpareSize; readonly runnerSource: Uint8Array | undefined };

/** Content stays with whoever asked for the run; the thread knows its size. */
export type ThreadInput = Uint8Array | { readonly sizeBytes: number };
export type ThreadJob = Omit<GuestJob, 'stdin' | 'data'> & { readonly stdin: ThreadInput; readonly data: readonly ThreadInput[] };

export type ToThread =
  | { readonly kind: 'run'; readonly run: number; readonly job: ThreadJob }
  | { readonly kind: 'abort'; readonly run: number }
  /** Null when it could not be read. */
  | { readonly kind: 'piece'; readonly question: number; readonly bytes: Uint8Array | null }
  | { readonly kind: 'close' };

export type FromThread =
  | { readonly kind: 'ended'; readonly run: number; readonly result: GuestResult }
  | { readonly kind: 'failed'; readonly run: number; readonly error: PlainError }
  | {
      readonly kind: 'question';
      readonly run: number;
      readonly question: number;
      readonly input: number;
      readonly offset: number;
      readonly length: number;
    }
  | { readonly kind: 'noSpare'; readonly error: PlainError };

/** An error without its class, which does not survive the way. */
export type PlainError = Readonly<Record<'message', string>> & {
  readonly code: TeaErrorCode;
  readonly summary: string;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
  readonly next?: string | undefined;
};

export function plainError(error: unknown): PlainError {
  const message = error instanceof Error ? error.message : String(error);
  if (!isTeaError(error)) return { message, code: 'internal', summary: message };
  const { code, summary, expected, actual, next } = error;
  return { message, code, summary, expected, actual, next };
}

export function teaErrorOf({ code, summary, expected, actual, next }: PlainError): TeaError {
  return new TeaError(code, summary, {
    ...(expected !== undefined && { expected }),
    ...(actual !== undefined && { actual }),
    ...(next !== undefined && { next }),
  });
}
