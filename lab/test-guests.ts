import wabt from 'wabt';

const { parseWat } = await wabt();

/** Small WASI commands, each with one habit. */
function guest(body: string, { memoryPages = 1, imports = '' } = {}): Uint8Array {
  const source = `(module
    (import "wasi_snapshot_preview1" "fd_write" (func $fd_write (param i32 i32 i32 i32) (result i32)))
    ${imports}
    (memory (export "memory") ${memoryPages})
    (data (i32.const 64) "hello")
    (data (i32.const 80) "0")
    (func (export "_start") ${body}))`;
  return new Uint8Array(parseWat('guest.wat', source).toBinary({}).buffer);
}

const SAY_HELLO = `
  (i32.store (i32.const 0) (i32.const 64)) (i32.store (i32.const 4) (i32.const 5))
  (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))`;

export const polite = guest(SAY_HELLO);
export const endless = guest('(loop $again (br $again))');
export const trapping = guest('unreachable');
export const greedyForMemory = guest('(loop $again (br_if $again (i32.ne (memory.grow (i32.const 64)) (i32.const -1)))) unreachable');
export const talkative = guest(`(loop $again ${SAY_HELLO.replace('(i32.const 5)', '(i32.const 60000)')} (br $again))`);
export const nosy = guest('(call $open)', { imports: '(import "env" "open_the_door" (func $open))' });
/** Sleeps in the only way it can: by counting. Long enough to be killed while at it. */
export const patient = guest(
  '(local $i i64) (loop $again (br_if $again (i64.ne (local.tee $i (i64.add (local.get $i) (i64.const 1))) (i64.const 100000000000))))',
);
/** Writes /data/0 back, on stdout. */
export const echo = guest(
  `(local $fd i32) (local $n i32)
  (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 80) (i32.const 1) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 32)))
  (local.set $fd (i32.load (i32.const 32)))
  (i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (i32.const 60000))
  (drop (call $fd_read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 16)))
  (i32.store (i32.const 4) (i32.load (i32.const 16)))
  (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))`,
  {
    imports: `(import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))
      `,
  },
);

const READ_ALL = `(block $done (loop $more
    (i32.store (i32.const 0) (i32.const 1024)) (i32.store (i32.const 4) (i32.const 60000))
    (drop (call $fd_read (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 16)))
    (br_if $done (i32.eqz (i32.load (i32.const 16))))
    (i64.store (i32.const 40) (i64.add (i64.load (i32.const 40)) (i64.load32_u (i32.const 16))))
    (i64.store (i32.const 48) (i64.add (i64.mul (i64.load (i32.const 48)) (i64.const 31)) (i64.load8_u (i32.const 1024))))
    (br $more)))`;
/** Reads stdin and then /data/0 to their ends, and says how many bytes that were, and one number made of the first byte of each piece (16 bytes). */
export const thorough = guest(
  `(local $fd i32) ${READ_ALL}
  (drop (call $path_open (i32.const 3) (i32.const 0) (i32.const 80) (i32.const 1) (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 32)))
  (local.set $fd (i32.load (i32.const 32))) ${READ_ALL}
  (i32.store (i32.const 0) (i32.const 40)) (i32.store (i32.const 4) (i32.const 16))
  (drop (call $fd_write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16)))`,
  {
    imports: `(import "wasi_snapshot_preview1" "path_open" (func $path_open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))
      (import "wasi_snapshot_preview1" "fd_read" (func $fd_read (param i32 i32 i32 i32) (result i32)))`,
  },
);
