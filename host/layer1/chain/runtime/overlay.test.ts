import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatBytes } from '@tea/protocol';
import { encodeCompact } from '@tea/protocol/layer1';
import fc from 'fast-check';
import { Trie } from '../trie/trie.ts';
import { keyBytes, keyText, Overlay } from './overlay.ts';

/** The storage a runtime thinks it has: a sorted map, copied whole at each transaction. */
class Model {
  readonly #stack: Map<string, Uint8Array>[];

  constructor(base: Iterable<[string, Uint8Array]>) {
    this.#stack = [new Map(base)];
  }
  get top(): Map<string, Uint8Array> {
    return this.#stack.at(-1) ?? new Map();
  }
  begin = (): unknown => this.#stack.push(new Map(this.top));
  rollback = (): unknown => this.#stack.length > 1 && this.#stack.pop();
  commit = (): unknown => this.#stack.length > 1 && this.#stack.splice(-2, 1);
  append(key: string, element: Uint8Array): void {
    const old = this.top.get(key);
    const count = old === undefined ? 0 : (old[0] ?? 0) >> 2;
    this.top.set(key, concatBytes(encodeCompact(count + 1), old?.subarray(1) ?? new Uint8Array(0), element));
  }
}

const key = fc.string({ unit: fc.constantFrom('a', 'b', '\xff'), maxLength: 4 });
// Values that read as SCALE vectors of one-byte elements, so that the model's append agrees.
const value = fc.uint8Array({ maxLength: 20 }).map((elements) => concatBytes(encodeCompact(elements.length), elements));
const step = fc.oneof(
  fc.tuple(fc.constant('set' as const), key, value),
  fc.tuple(fc.constant('clear' as const), key),
  fc.tuple(fc.constant('append' as const), key, fc.uint8Array({ minLength: 1, maxLength: 1 })),
  fc.tuple(fc.constant('clearPrefix' as const), key),
  fc.tuple(fc.constantFrom('begin' as const, 'commit' as const, 'rollback' as const)),
);

test('reads, iterates and comes to a root as if every write and rollback had been made on the storage itself', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(key, value)), fc.array(step, { maxLength: 60 }), (base, steps) => {
      const overlay = new Overlay(base.reduce((trie, [at, bytes]) => trie.with(keyBytes(at), bytes), Trie.empty));
      const model = new Model(base);
      for (const [kind, at = '', bytes = new Uint8Array(0)] of steps) {
        // Lists of 64 and more have a longer prefix than the model knows.
        if (kind === 'append' && (model.top.get(at)?.[0] ?? 0) >> 2 > 60) continue;
        if (kind === 'set') {
          overlay.set(at, bytes);
          model.top.set(at, bytes);
        } else if (kind === 'clear') {
          overlay.set(at, null);
          model.top.delete(at);
        } else if (kind === 'append') {
          overlay.append(at, bytes);
          model.append(at, bytes);
        } else if (kind === 'clearPrefix') {
          overlay.clearPrefix(at, null);
          for (const other of [...model.top.keys()]) if (other.startsWith(at)) model.top.delete(other);
        } else {
          overlay[kind]();
          model[kind]();
        }
      }
      const sorted = [...model.top.keys()].sort();
      const walked: string[] = [];
      for (let at = overlay.nextKey(''); at !== null; at = overlay.nextKey(at)) walked.push(at);
      assert.deepEqual(
        walked,
        sorted.filter((at) => at !== ''),
      );
      for (const at of sorted) assert.deepEqual(overlay.get(at), model.top.get(at));
      assert.deepEqual(
        Array.from(overlay.applied().entries(new Uint8Array(0)), (entry) => [keyText(entry.key), entry.value.bytes]),
        sorted.map((at) => [at, model.top.get(at)]),
      );
    }),
    { numRuns: 300 },
  );
});

test('removes at most the limit of the state’s own keys, and says whether any is left', () => {
  const base = ['a1', 'a2', 'a3', 'b1'].reduce((trie, at) => trie.with(keyBytes(at), Uint8Array.of(1)), Trie.empty);
  const overlay = new Overlay(base);
  overlay.set('a0', Uint8Array.of(1));
  assert.deepEqual(overlay.clearPrefix('a', 2), { removed: 2, complete: false });
  assert.deepEqual(
    ['a0', 'a1', 'a2', 'a3', 'b1'].filter((at) => overlay.has(at)),
    ['a3', 'b1'],
  );
  assert.deepEqual(new Overlay(base).clearPrefix('a', 3), { removed: 3, complete: true });
});

test('begins a list anew where something that is no SCALE vector stands', () => {
  const overlay = new Overlay(Trie.empty);
  overlay.set('k', Uint8Array.of(0b11));
  overlay.append('k', Uint8Array.of(7));
  assert.deepEqual(overlay.get('k'), Uint8Array.of(4, 7));
});
