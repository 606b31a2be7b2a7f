import { GAS } from '../gas-schedule.ts';
import { WASI_SIGNATURES, type WasiCalls, type WasiName } from './abi.ts';
import type { Right } from './descriptors.ts';
import { ERRNO, WasiError } from './errno.ts';
import { fdCalls } from './fd-calls.ts';
import { pathCalls } from './path-calls.ts';
import { processCalls } from './process-calls.ts';
import type { World } from './world.ts';

/** What a call needs of the descriptor in which of its parameters, besides what `path_open` needs for what it is asked to do. */
const NEEDS: { readonly [Name in WasiName]?: readonly (readonly [parameter: number, right: Right])[] } = {
  fd_advise: [[0, 'fd_advise']],
  fd_allocate: [[0, 'fd_allocate']],
  fd_datasync: [[0, 'fd_datasync']],
  fd_fdstat_set_flags: [[0, 'fd_fdstat_set_flags']],
  fd_filestat_get: [[0, 'fd_filestat_get']],
  fd_filestat_set_size: [[0, 'fd_filestat_set_size']],
  fd_filestat_set_times: [[0, 'fd_filestat_set_times']],
  fd_pread: [
    [0, 'fd_read'],
    [0, 'fd_seek'],
  ],
  fd_pwrite: [
    [0, 'fd_write'],
    [0, 'fd_seek'],
  ],
  fd_read: [[0, 'fd_read']],
  fd_readdir: [[0, 'fd_readdir']],
  fd_seek: [[0, 'fd_seek']],
  fd_sync: [[0, 'fd_sync']],
  fd_tell: [[0, 'fd_tell']],
  fd_write: [[0, 'fd_write']],
  path_create_directory: [[0, 'path_create_directory']],
  path_filestat_get: [[0, 'path_filestat_get']],
  path_filestat_set_times: [[0, 'path_filestat_set_times']],
  path_link: [
    [0, 'path_link_source'],
    [4, 'path_link_target'],
  ],
  path_open: [[0, 'path_open']],
  path_readlink: [[0, 'path_readlink']],
  path_remove_directory: [[0, 'path_remove_directory']],
  path_rename: [
    [0, 'path_rename_source'],
    [3, 'path_rename_target'],
  ],
  path_symlink: [[2, 'path_symlink']],
  path_unlink_file: [[0, 'path_unlink_file']],
};

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
            for (const [parameter, right] of NEEDS[name] ?? []) world.descriptors.need(Number(params[parameter]), right);
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
