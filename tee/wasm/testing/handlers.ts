/** Handlers for tests: components of the world `tea:guest/handler`, around core modules in the text format. */
import { wrapHandler } from '../component/handler-shell.ts';
import { wat } from './guests.ts';

/**
 * A component whose `handle` has this body and answers what it leaves at 16: (discriminant, pointer, length). The allocator only goes up, from 4096.
 * `$f $fl $p $pl` are function and input.
 */
export function handler(body: string, { realloc = '', fields = '', post = '' } = {}): Uint8Array {
  return wrapHandler(handlerCore(body, { realloc, fields, post }));
}

export function handlerCore(body: string, { realloc = '', fields = '', post = '' } = {}): Uint8Array {
  return wat(`(module
    (import "tea:guest/host@0.1.0" "log" (func $log (param i32 i32)))
    (import "tea:guest/host@0.1.0" "gas-left" (func $gas_left (result i64)))
    (import "tea:guest/host@0.1.0" "caller" (func $caller (param i32)))
    (memory (export "memory") 2)
    (global $next (mut i32) (i32.const 4096))
    ${fields}
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      ${realloc}
      (global.get $next)
      (global.set $next (i32.add (global.get $next) (local.get 3))))
    (func (export "handle") (param $f i32) (param $fl i32) (param $p i32) (param $pl i32) (result i32) (local $a i32)
      ${body}
      (i32.const 16))
    (func (export "cabi_post_handle") (param i32) ${post}))`);
}

export const answer = (pointer: string, length: string, failed = 0): string =>
  `(i32.store8 (i32.const 16) (i32.const ${failed})) (i32.store (i32.const 20) ${pointer}) (i32.store (i32.const 24) ${length})`;

export const ECHO = answer('(local.get $p)', '(local.get $pl)');
