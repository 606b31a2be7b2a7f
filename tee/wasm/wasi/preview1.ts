import { GAS } from '../gas-schedule.ts';
import { WASI_SIGNATURES, type WasiCalls, type WasiName } from './abi.ts';
import { ERRNO, WasiError } from './errno.ts';
import { fdCalls } from './fd-calls.ts';
import { pathCalls } from './path-calls.ts';
import { processCalls } from './process-calls.ts';
import type { World } from './world.ts';

/**
 * The import object of `wasi_snapshot_preview1`: deny by default. Calls we don’t offer answer ENOSYS, because real programs
 * import far more than they call. Every call is charged.
 */
export function wasiImports(world: World): Record<WasiName, (...params: never[]) => number> {
  const calls: WasiCalls = { ...processCalls(world), ...fdCalls(world), ...pathCalls(world) };
  const names = Object.keys(WASI_SIGNATURES) as WasiName[];
  return Object.fromEntries(
    names.map((name) => {
      const call: ((...params: never[]) => void) | undefined = calls[name];
      return [
        name,
        (...params: never[]): number => {
          world.charge(GAS.hostCall);
          if (call === undefined) return ERRNO.nosys;
          try {
            call(...params);
            return ERRNO.success;
          } catch (error) {
            if (error instanceof WasiError) return error.errno;
            throw error;
          }
        },
      ];
    }),
  ) as Record<WasiName, (...params: never[]) => number>;
}
