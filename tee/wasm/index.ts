/** Strangers' WebAssembly: validated, metered, limited and sandboxed. */
export * from './guest-job.ts';
export { isComponent } from './component/read-component.ts';
export { openGuestThread, type GuestThread } from './guest-thread.ts';
export { runGuest } from './run-guest.ts';
export { openSandboxPool, type SandboxPool, type SpareSize } from './sandbox-pool.ts';
export type { ActorLimits, Wish } from './actor/actor-instance.ts';
export { type ActorProcess, type ActorProcessOptions, startActor } from './actor/actor-process.ts';
