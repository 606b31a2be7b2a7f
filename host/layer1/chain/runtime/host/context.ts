import type { Hashing } from '../../hashing.ts';
import type { GuestMemory } from '../guest-memory.ts';
import type { Overlay } from '../overlay.ts';

/** What host functions work on. One per instance of a runtime; `storage` is the current call's. */
export type HostContext = {
  readonly memory: GuestMemory;
  readonly allocator: { malloc(size: number): number; free(address: number): void };
  readonly hashing: Hashing;
  readonly storage: Overlay;
  /** `level`: 1 error, 2 warn, 3 info, 4 debug, 5 trace. */
  log(level: number, target: string, message: string): void;
  /** SCALE of another runtime's version, or null when `wasm` isn't one. */
  versionOf(wasm: Uint8Array): Uint8Array | null;
};

/** Host functions by import name. i64 arguments are bigint; i32 are numbers and may be negative. */
export type HostFunctions = Readonly<Record<string, (...args: never[]) => number | bigint | void>>;

/** SCALE `Option<Vec<u8>>` is decoded by the guest, so a host function returns it encoded. */
export const NONE = Uint8Array.of(0);
