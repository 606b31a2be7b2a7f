import { zstdDecompressSync } from 'node:zlib';
import { equalBytes, TeaError } from '@tea/protocol';
import type { Hashing } from '../hashing.ts';
import { Trie } from '../trie/trie.ts';
import { RuntimeInstance } from './instance.ts';
import { Overlay } from './overlay.ts';

/** sp-maybe-compressed-blob: before a zstd frame. */
const ZSTD_PREFIX = Uint8Array.of(82, 188, 83, 118, 70, 219, 142, 5);
const MAX_CODE_BYTES = 50 * 1024 * 1024;

export type ExecutorOptions = {
  readonly hashing: Hashing;
  readonly log: (level: number, target: string, message: string) => void;
  /** Brackets every call, for whoever watches that it ends. */
  readonly watch: { begin(): void; end(): void };
};

/**
 * A compiled runtime. Calls share one instance, put back to its first state before each; a call that traps costs the next one a new instance.
 */
export class Executor {
  readonly #module: WebAssembly.Module;
  readonly #options: ExecutorOptions;
  #instance: RuntimeInstance | null = null;

  /** @throws TeaError `badInput` when `code` isn't a runtime, or asks for a host function that this chain doesn't have (named) */
  constructor(code: Uint8Array, options: ExecutorOptions) {
    this.#options = options;
    try {
      this.#module = new WebAssembly.Module(decompress(code) as BufferSource);
    } catch (cause) {
      throw new TeaError('badInput', 'This is not a runtime', {
        expected: 'WebAssembly',
        actual: cause instanceof Error ? cause.message : String(cause),
        cause,
      });
    }
    this.#instance = this.#instantiate();
  }

  /**
   * Calls an exported runtime function. Its writes stay in `storage`, or none of them when it traps.
   * @param args SCALE of all arguments
   * @returns SCALE of the result
   * @throws TeaError `chain` when the runtime traps or exports no `method`; the runtime's last words are in `actual`
   */
  call(method: string, args: Uint8Array, storage: Overlay): Uint8Array {
    const instance = (this.#instance ??= this.#instantiate());
    const depth = storage.depth;
    storage.begin();
    this.#options.watch.begin();
    try {
      const result = instance.call(method, args, storage);
      if (storage.depth !== depth + 1) throw new TeaError('chain', `The runtime left storage transactions open in ${method}`);
      storage.commit();
      if (instance.memoryBytes > RuntimeInstance.reusableMemoryBytes) this.#instance = null;
      return result;
    } catch (error) {
      this.#instance = null;
      while (storage.depth > depth) storage.rollback();
      throw error;
    } finally {
      this.#options.watch.end();
    }
  }

  #instantiate(): RuntimeInstance {
    return new RuntimeInstance(this.#module, { ...this.#options, versionOf: (wasm) => this.#versionOf(wasm) });
  }

  #versionOf(wasm: Uint8Array): Uint8Array | null {
    try {
      return new Executor(wasm, this.#options).call('Core_version', new Uint8Array(0), new Overlay(Trie.empty));
    } catch {
      return null;
    }
  }
}

function decompress(code: Uint8Array): Uint8Array {
  if (!equalBytes(code.subarray(0, ZSTD_PREFIX.length), ZSTD_PREFIX)) return code;
  return zstdDecompressSync(code.subarray(ZSTD_PREFIX.length), { maxOutputLength: MAX_CODE_BYTES });
}
