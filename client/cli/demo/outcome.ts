import type { RunOutcome } from '@tea/protocol';

/** What became of the program, for whoever brought it, and what to try. Null when all went well. */
export function explainOutcome(outcome: RunOutcome, exitCode: number | null, gasLimit: bigint): string | null {
  switch (outcome) {
    case 'ok':
      return exitCode === 0 ? null : `The program ended with exit code ${exitCode}: what it wrote is below.`;
    case 'trap':
      return 'The program trapped: it did what WebAssembly forbids, or called its own abort. What it wrote until then is below.';
    case 'outOfGas':
      return `The program needs more than ${gasLimit.toLocaleString('en')} gas. Give it more: --gas N`;
    case 'outOfMemory':
      return 'The program needs more memory than a guest may have (512 MiB).';
    case 'outOfTime':
      return 'The program did not end within two minutes.';
    case 'outputTooLarge':
      return 'The program wrote more than a guest may (64 MiB).';
    case 'refusedModule':
      return (
        'The node refused the program: it is no WebAssembly module for WASI preview 1, with a memory and a function _start, or uses what is not ' +
        'metered (threads, exceptions, garbage collection). Compile it for wasm32-wasip1.'
      );
    case 'refusedImport':
      return 'The node refused the program: it imports something else than WASI preview 1 (wasi_snapshot_preview1).';
    case 'cancelled':
      return 'The run was stopped before the program ended.';
  }
}
