import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { waitReady } from '@polkadot/wasm-crypto';
import { isTeaError } from '@tea/protocol';
import { loadHashing } from '../hashing.ts';
import { Trie } from '../trie/trie.ts';
import { coreVersion, genesisPreset, validateTransaction } from './api.ts';
import { Executor } from './executor.ts';
import { Overlay } from './overlay.ts';
import { wasmOf } from '../testing/tiny-runtime.ts';

await waitReady();
const options = { hashing: await loadHashing(), log: () => {}, watch: { begin: () => {}, end: () => {} } };
const runtime = new Uint8Array(await readFile(new URL('../../runtime/runtime.wasm', import.meta.url)));
const nothing = new Uint8Array(0);

describe('executor', () => {
  it('refuses at link time a host function it doesn’t have, by its name', async () => {
    const wasm = await wasmOf('(module (import "env" "memory" (memory 1)) (import "env" "ext_storage_teleport_version_7" (func)))');
    assert.throws(
      () => new Executor(wasm, options),
      (error) => isTeaError(error, 'badInput') && /ext_storage_teleport_version_7/.test(error.message),
    );
  });

  it('refuses what is no wasm, and wasm that is no runtime', async () => {
    assert.throws(
      () => new Executor(Uint8Array.of(1, 2, 3), options),
      (error) => isTeaError(error, 'badInput'),
    );
    assert.throws(
      () => new Executor(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), options),
      (error) => isTeaError(error, 'badInput'),
    );
  });

  it('survives a trap: none of the call’s writes stay, the reason is told, and the next call works', () => {
    const executor = new Executor(runtime, options);
    const storage = new Overlay(Trie.empty);
    assert.throws(
      () => executor.call('Core_initialize_block', Uint8Array.of(1, 2, 3), storage),
      (error) => isTeaError(error, 'chain') && error.summary === 'The runtime trapped in Core_initialize_block',
    );
    assert.equal([...storage.changes()].length, 0);
    assert.equal(storage.depth, 0);
    assert.equal(coreVersion(executor, storage).specName, 'tea');
  });

  it('undoes writes and open storage transactions of a call that traps late', async () => {
    const wasm = await wasmOf(`(module
      (import "env" "memory" (memory 1))
      (import "env" "ext_storage_set_version_1" (func $set (param i64 i64)))
      (import "env" "ext_storage_start_transaction_version_1" (func $start))
      (global (export "__heap_base") i32 (i32.const 1024))
      (data (i32.const 0) "key")
      (func (export "write") (param i32 i32) (result i64)
        (call $start)
        (call $set (i64.const 0x300000000) (i64.const 0x300000000))
        unreachable))`);
    const storage = new Overlay(Trie.empty);
    assert.throws(
      () => new Executor(wasm, options).call('write', nothing, storage),
      (error) => isTeaError(error, 'chain'),
    );
    assert.deepEqual([storage.depth, [...storage.changes()].length], [0, 0]);
  });

  it('stops a runtime that reads outside of its memory or asks for too much of it', async () => {
    const program = (body: string): Promise<Uint8Array> =>
      wasmOf(`(module
        (import "env" "memory" (memory 1))
        (import "env" "ext_storage_clear_version_1" (func $clear (param i64)))
        (import "env" "ext_allocator_malloc_version_1" (func $malloc (param i32) (result i32)))
        (global (export "__heap_base") i32 (i32.const 1024))
        (func (export "go") (param i32 i32) (result i64) ${body} (i64.const 0)))`);
    const outside = new Executor(await program('(call $clear (i64.const 0xffffffff00000010))'), options);
    assert.throws(
      () => outside.call('go', nothing, new Overlay(Trie.empty)),
      (error) => isTeaError(error, 'chain'),
    );
    const hungry = new Executor(await program('(loop (drop (call $malloc (i32.const 33554432))) (br 0))'), options);
    assert.throws(
      () => hungry.call('go', nothing, new Overlay(Trie.empty)),
      (error) => isTeaError(error, 'limit'),
    );
  });

  it('gives the same answer from a used instance as from a new one', () => {
    const used = new Executor(runtime, options);
    const ask = (executor: Executor): string => genesisPreset(executor, new Overlay(Trie.empty), 'development').toHex();
    const first = ask(used);
    validateNonsense(used);
    assert.equal(ask(used), first);
    assert.equal(ask(new Executor(runtime, options)), first);
  });
});

function validateNonsense(executor: Executor): void {
  assert.throws(() => validateTransaction(executor, new Overlay(Trie.empty), Uint8Array.of(0xff, 0xff), new Uint8Array(32)));
}
