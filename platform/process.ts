import { isTeaError } from '@tea/protocol';
import { stopSignal } from './parent.ts';

/**
 * The frame of every process of ours: runs `main` until it returns, with a signal that aborts when the process is asked to stop. An error ends the
 * process with code 1 and its message on stderr, where the parent finds it; being stopped is no error.
 */
export async function runProcess(name: string, main: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const signal = stopSignal();
  try {
    await main(signal);
    process.exit(0);
  } catch (error) {
    if (signal.aborted) process.exit(0);
    process.stderr.write(`${name}: ${isTeaError(error) ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  }
}
