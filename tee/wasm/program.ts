import type { ModuleLayout } from './module-layout.ts';
import type { ImportRefusal } from './check-imports.ts';
import type { World } from './wasi/world.ts';

/** What a guest is, apart from how it is metered: a task (`task-program.ts`) or a handler of calls (`component/handler-program.ts`). */
export type Program = {
  /** The core module that is metered and run. */
  readonly module: Uint8Array;
  /** Null when it imports only what is granted and has the entries that `run` calls. */
  check(layout: ModuleLayout): ImportRefusal | null;
  imports(world: World): WebAssembly.Imports;
  /** All the program does after its start function. @throws GuestEnd, or what the engine throws at a trap */
  run(exports: WebAssembly.Exports, world: World): void;
};
