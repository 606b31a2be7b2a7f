import { TeaError } from './errors.ts';

/** @throws TeaError `cancelled`, with the signal's reason as its cause, when `signal` is aborted */
export function throwIfCancelled(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw new TeaError('cancelled', `${what} was cancelled`, { cause: signal.reason });
}
