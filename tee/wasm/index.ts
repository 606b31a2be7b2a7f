/** Strangers' WebAssembly: validated, metered, limited and sandboxed. */
export * from './guest-job.ts';
export { runGuest } from './run-guest.ts';
