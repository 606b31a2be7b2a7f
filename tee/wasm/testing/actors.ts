/** Actors for tests: components of the world `tea:actor/actor`, around core modules in the text format. */
import { wrapActor } from '../actor/actor-shell.ts';
import { wat } from './guests.ts';

const IMPORTS: Readonly<Record<string, string>> = {
  'host.log': '(param i32 i32)',
  'host.now': '(result i64)',
  'host.random': '(result i32)',
  'host.answer': '(param i32 i32 i32)',
  'host.refuse': '(param i32 i32 i32)',
  'host.wake': '(param i32)',
  'layer1.active-nodes': '(param i32)',
  'net.ping': '(param i32 i32 i32)',
  'tpm.sign-active-list': '(param i32 i32 i32 i32 i32)',
  'ipfs.read': '(param i32 i32 i32)',
};

/**
 * An actor whose `handle` has this body: `$e $el $p $pl` are event and input, `$a` is free. It answers ok with nothing unless the body stores otherwise
 * at 16. Each import is a function named as in WIT: `(call $net.ping …)`.
 */
export function actor(body: string, imports: readonly string[], fields = ''): Uint8Array {
  const declared = imports.map((name) => {
    const [from = '', called = ''] = name.split('.');
    return `(import "tea:actor/${from}@0.1.0" "${called}" (func $${name} ${IMPORTS[name]}))`;
  });
  return wrapActor(
    wat(`(module ${declared.join(' ')}
    (memory (export "memory") 2)
    (global $next (mut i32) (i32.const 4096))
    ${fields}
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      (global.get $next)
      (global.set $next (i32.add (global.get $next) (local.get 3))))
    (func (export "handle") (param $e i32) (param $el i32) (param $p i32) (param $pl i32) (result i32) (local $a i32)
      (global.set $next (i32.const 4096))
      ${body}
      (i32.const 16))
    (func (export "cabi_post_handle") (param i32)))`),
  );
}

/** A request carries its number in front: answers it with itself, number and all. */
export const ECHO = '(call $host.answer (i32.load (local.get $p)) (local.get $p) (local.get $pl))';
