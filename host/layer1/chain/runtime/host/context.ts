import type { Hashing } from '../../hashing.ts';
import type { GuestMemory } from '../guest-memory.ts';
import type { Overlay } from '../overlay.ts';

/** What host functions work on. One per instance of a runtime; `storage` is the current call's. */
export type HostContext = {
  readonly memory: GuestMemory;
  readonly allocator: { malloc(size: number): number; free(address: number): void };
  readonly hashing: Hashing;
  readonly storage: Overlay;
  /** `level`: 0 error, 1 warn, 2 info, 3 debug, 4 trace (sp-core `RuntimeInterfaceLogLevel`). */
  log(level: number, target: string, message: string): void;
  /** SCALE of another runtime's version, or null when `wasm` isn't one. */
  versionOf(wasm: Uint8Array): Uint8Array | null;
};

export const LOG_ERROR = 0;
export const LOG_WARN = 1;
export const LOG_DEBUG = 3;

/** Host functions by import name. i64 arguments are bigint; i32 are numbers and may be negative. */
export type HostFunctions = Readonly<Record<string, (...args: never[]) => number | bigint | void>>;

/** SCALE `Option<Vec<u8>>` is decoded by the guest, so a host function returns it encoded. */
export const NONE = Uint8Array.of(0);
