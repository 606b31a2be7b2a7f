import { TeaError } from '@tea/protocol';
import type { Runtime } from './block.ts';
import { coreVersion } from './runtime/api.ts';
import { Executor, type ExecutorOptions } from './runtime/executor.ts';
import { Overlay } from './runtime/overlay.ts';
import { valueHash } from './trie/node.ts';
import { Trie } from './trie/trie.ts';
import { toNibbles } from '@tea/protocol/layer1';

/** `:code`, the well-known key of a chain's own runtime. */
export const CODE_KEY = new TextEncoder().encode(':code');
const KEPT = 2;

/** Compiles the runtime that a state holds, once: after an upgrade the old one is still needed for the blocks before it. */
export class Runtimes {
  readonly #options: ExecutorOptions;
  readonly #byCodeHash = new Map<string, Runtime>();

  constructor(options: ExecutorOptions) {
    this.#options = options;
  }

  /** @throws TeaError `badInput` when `code` isn't a runtime that this chain can execute */
  check(code: Uint8Array | null): void {
    const state = Trie.empty;
    this.of(code === null ? state : state.with(CODE_KEY, code));
  }

  /** @throws TeaError `badInput` when the state's code isn't a runtime that this chain can execute */
  of(state: Trie): Runtime {
    const code = state.find(toNibbles(CODE_KEY))?.value ?? null;
    if (code === null) throw new TeaError('badInput', 'The state holds no runtime', { expected: 'wasm at :code' });
    const hash = valueHash(code, this.#options.hashing.blake2b256).toHex();
    let runtime = this.#byCodeHash.get(hash);
    if (runtime === undefined) {
      const executor = new Executor(code.bytes, this.#options);
      runtime = { executor, version: coreVersion(executor, new Overlay(state)) };
      this.#byCodeHash.set(hash, runtime);
      for (const oldest of [...this.#byCodeHash.keys()].slice(0, -KEPT)) this.#byCodeHash.delete(oldest);
    }
    return runtime;
  }
}
