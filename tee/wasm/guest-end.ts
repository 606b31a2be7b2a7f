import type { GuestOutcome } from './guest-job.ts';

/** Thrown through the guest's frames by a host call that ends the run. WebAssembly code cannot catch it: exceptions are refused. */
export class GuestEnd extends Error {
  override readonly name = 'GuestEnd';
  readonly outcome: GuestOutcome;
  readonly exitCode: number | null;

  constructor(outcome: GuestOutcome, explanation: string, exitCode: number | null = null) {
    super(explanation);
    this.outcome = outcome;
    this.exitCode = exitCode;
  }
}
