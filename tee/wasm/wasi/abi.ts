/**
 * Every function of `wasi_snapshot_preview1` with its parameters (i = i32, I = i64); all but `proc_exit` return an i32 errno.
 * A guest may import any of them with exactly this type; those we don't offer answer ENOSYS or ENOTSUP.
 */
export const WASI_MODULE = 'wasi_snapshot_preview1';

export const WASI_SIGNATURES = {
  args_get: 'ii',
  args_sizes_get: 'ii',
  environ_get: 'ii',
  environ_sizes_get: 'ii',
  clock_res_get: 'ii',
  clock_time_get: 'iIi',
  fd_advise: 'iIIi',
  fd_allocate: 'iII',
  fd_close: 'i',
  fd_datasync: 'i',
  fd_fdstat_get: 'ii',
  fd_fdstat_set_flags: 'ii',
  fd_fdstat_set_rights: 'iII',
  fd_filestat_get: 'ii',
  fd_filestat_set_size: 'iI',
  fd_filestat_set_times: 'iIIi',
  fd_pread: 'iiiIi',
  fd_prestat_get: 'ii',
  fd_prestat_dir_name: 'iii',
  fd_pwrite: 'iiiIi',
  fd_read: 'iiii',
  fd_readdir: 'iiiIi',
  fd_renumber: 'ii',
  fd_seek: 'iIii',
  fd_sync: 'i',
  fd_tell: 'ii',
  fd_write: 'iiii',
  path_create_directory: 'iii',
  path_filestat_get: 'iiiii',
  path_filestat_set_times: 'iiiiIIi',
  path_link: 'iiiiiii',
  path_open: 'iiiiiIIii',
  path_readlink: 'iiiiii',
  path_remove_directory: 'iii',
  path_rename: 'iiiiii',
  path_symlink: 'iiiii',
  path_unlink_file: 'iii',
  poll_oneoff: 'iiii',
  proc_exit: 'i',
  proc_raise: 'i',
  sched_yield: '',
  random_get: 'ii',
  sock_accept: 'iii',
  sock_recv: 'iiiiii',
  sock_send: 'iiiii',
  sock_shutdown: 'ii',
} as const;

export type WasiName = keyof typeof WASI_SIGNATURES;

/** What each parameter is in JavaScript: i32 arrives as a signed number, i64 as a bigint. */
type Param<S extends string> = S extends `${infer Head}${infer Tail}` ? [Head extends 'I' ? bigint : number, ...Param<Tail>] : [];
/** The calls of preview 1 as TypeScript methods. They return nothing on success and throw WasiError otherwise. */
export type WasiCalls = { [Name in WasiName]?: (...params: Param<(typeof WASI_SIGNATURES)[Name]>) => void };

export function isWasiName(name: string): name is WasiName {
  return Object.hasOwn(WASI_SIGNATURES, name);
}
