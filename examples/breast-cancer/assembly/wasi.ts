// The system calls of WASI preview 1 that this program makes: https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_prestat_get")
export declare function fd_prestat_get(fd: i32, prestat: usize): i32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_prestat_dir_name")
export declare function fd_prestat_dir_name(fd: i32, path: usize, pathLength: i32): i32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "path_open")
export declare function path_open(
  folder: i32, lookup: i32, path: usize, pathLength: i32, openFlags: i32, rights: u64, inherited: u64, fdFlags: i32, opened: usize,
): i32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_read")
export declare function fd_read(fd: i32, vectors: usize, count: i32, read: usize): i32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_write")
export declare function fd_write(fd: i32, vectors: usize, count: i32, written: usize): i32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "fd_close")
export declare function fd_close(fd: i32): i32;

// @ts-ignore: decorator
@external("wasi_snapshot_preview1", "proc_exit")
export declare function proc_exit(code: i32): void;
