import { proc_exit } from "./wasi";

/** What the compiler calls where an assertion of its own fails, in place of an import that the host would have to offer. */
export function abort(_message: string | null, _file: string | null, _line: u32, _column: u32): void {
  proc_exit(70); // sysexits' EX_SOFTWARE
  unreachable();
}
