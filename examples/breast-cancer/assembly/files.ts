import { Text } from "./text";
import { fd_close, fd_prestat_dir_name, fd_prestat_get, fd_read, fd_write, path_open, proc_exit } from "./wasi";

const FIRST_PREOPEN = 3;
const CREATE_AND_TRUNCATE = 1 | 8;
const RIGHT_TO_READ: u64 = 1 << 1;
const RIGHT_TO_WRITE: u64 = 1 << 6;
const STDOUT = 1;
const STDERR = 2;
const EXIT_CANNOT_READ_OR_WRITE = 1;

const vector = memory.data(8); // struct iovec { u32 buffer; u32 length }
const answer = memory.data(8);

/** The whole file, or an end of the program with code 1. */
export function readFile(path: string): Uint8Array {
  const fd = open(path, 0, RIGHT_TO_READ);
  let bytes = new Uint8Array(1 << 17);
  let length = 0;
  for (;;) {
    if (length == bytes.length) {
      const larger = new Uint8Array(length * 2);
      larger.set(bytes);
      bytes = larger;
    }
    store<u32>(vector, <u32>(bytes.dataStart + length));
    store<u32>(vector, <u32>(bytes.length - length), 4);
    if (fd_read(fd, vector, 1, answer) != 0) cannot("read", path);
    const count = load<u32>(answer);
    if (count == 0) break;
    length += count;
  }
  fd_close(fd);
  return bytes.subarray(0, length);
}

/** Replaces the file, or ends the program with code 1. */
export function writeFile(path: string, text: Text): void {
  const fd = open(path, CREATE_AND_TRUNCATE, RIGHT_TO_WRITE);
  if (!writeAll(fd, text)) cannot("write", path);
  if (fd_close(fd) != 0) cannot("write", path);
}

export function printOut(text: Text): void {
  if (!writeAll(STDOUT, text)) proc_exit(EXIT_CANNOT_READ_OR_WRITE);
}

export function printError(text: Text): void {
  writeAll(STDERR, text);
}

function writeAll(fd: i32, text: Text): bool {
  let done: u32 = 0;
  while (done < <u32>text.length) {
    store<u32>(vector, <u32>text.bytes.dataStart + done);
    store<u32>(vector, <u32>text.length - done, 4);
    if (fd_write(fd, vector, 1, answer) != 0) return false;
    done += load<u32>(answer);
  }
  return true;
}

/** Opens `path` below the folder that the host opened for us and whose name it begins with. */
function open(path: string, openFlags: i32, rights: u64): i32 {
  const wanted = String.UTF8.encode(path);
  for (let folder = FIRST_PREOPEN; fd_prestat_get(folder, answer) == 0; folder++) {
    const name = new Uint8Array(<i32>load<u32>(answer, 4));
    if (fd_prestat_dir_name(folder, name.dataStart, name.length) != 0) continue;
    const rest = below(name, Uint8Array.wrap(wanted));
    if (rest < 0) continue;
    const start = changetype<usize>(wanted) + rest;
    if (path_open(folder, 0, start, wanted.byteLength - rest, openFlags, rights, 0, 0, answer) == 0) return load<i32>(answer);
  }
  cannot(openFlags == 0 ? "read" : "write", path);
  return -1;
}

/** Where the part of `path` below `folder` begins, or -1. */
function below(folder: Uint8Array, path: Uint8Array): i32 {
  let length = folder.length;
  if (length > 0 && folder[length - 1] == 0x2f) length--;
  if (path.length < length + 2 || path[length] != 0x2f) return -1;
  for (let i = 0; i < length; i++) if (folder[i] != path[i]) return -1;
  return length + 1;
}

function cannot(what: string, path: string): void {
  printError(new Text().ascii("classifier: cannot ").ascii(what).ascii(" ").ascii(path).ascii("\n"));
  proc_exit(EXIT_CANNOT_READ_OR_WRITE);
}
