import { isTeaError, TeaError } from '@tea/protocol';
import type { Hashing } from '../hashing.ts';
import { Trie } from '../trie/trie.ts';
import { Allocator } from './allocator.ts';
import { GuestMemory } from './guest-memory.ts';
import { allocatorFunctions } from './host/allocator.ts';
import { type HostContext, type HostFunctions, LOG_ERROR } from './host/context.ts';
import { cryptoFunctions } from './host/crypto.ts';
import { hashingFunctions } from './host/hashing.ts';
import { miscFunctions } from './host/misc.ts';
import { storageFunctions } from './host/storage.ts';
import { trieFunctions } from './host/trie.ts';
import { Overlay } from './overlay.ts';

const INITIAL_PAGES = 128;
/** 512 MiB: a runtime that needs more is out of memory, and traps. */
const MAX_PAGES = 8_192;
/** Of one call: what is more stays unsaid. */
const MAX_MESSAGES = 100;

export type InstanceOptions = {
  readonly hashing: Hashing;
  readonly log: (level: number, target: string, message: string) => void;
  readonly versionOf: (wasm: Uint8Array) => Uint8Array | null;
};

/** One linked instance of a runtime, with a memory of its own. After a trap it's in an unknown state and must be thrown away. */
export class RuntimeInstance {
  /** An instance whose memory grew past this is better made anew. */
  static readonly reusableMemoryBytes = 128 * 1024 * 1024;
  readonly #memory: WebAssembly.Memory;
  readonly #exports: WebAssembly.Exports;
  readonly #heapBase: number;
  /** The memory from the first byte that isn't zero (above the stack) to the heap, as it was before the first call. */
  readonly #pristine: { readonly start: number; readonly bytes: Uint8Array };
  readonly #log: InstanceOptions['log'];
  #messages: LogMessage[] = [];
  #allocator: Allocator;
  #storage = new Overlay(Trie.empty);

  constructor(module: WebAssembly.Module, options: InstanceOptions) {
    this.#log = options.log;
    this.#memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAX_PAGES });
    // Host functions reach allocator and storage through `this`: both change with every call.
    const allocator = { malloc: (size: number) => this.#allocator.malloc(size), free: (address: number) => this.#allocator.free(address) };
    const storage = (): Overlay => this.#storage;
    const host: HostContext = {
      memory: new GuestMemory(this.#memory, allocator),
      allocator,
      hashing: options.hashing,
      versionOf: options.versionOf,
      log: (level, target, message) => this.#onLog({ level, target, message }),
      get storage() {
        return storage();
      },
    };
    this.#exports = new WebAssembly.Instance(module, link(module, this.#memory, host)).exports;
    this.#heapBase = heapBaseOf(this.#exports);
    this.#allocator = new Allocator(this.#memory, this.#heapBase);
    const whole = new Uint8Array(this.#memory.buffer, 0, this.#heapBase);
    const start = whole.findIndex((byte) => byte !== 0);
    this.#pristine = { start: Math.max(start, 0), bytes: whole.slice(Math.max(start, 0)) };
  }

  get memoryBytes(): number {
    return this.#memory.buffer.byteLength;
  }

  call(method: string, args: Uint8Array, storage: Overlay): Uint8Array {
    const entry = this.#exports[method];
    if (typeof entry !== 'function') throw new TeaError('chain', 'The runtime has no such function', { actual: method });
    new Uint8Array(this.#memory.buffer).set(this.#pristine.bytes, this.#pristine.start);
    this.#allocator = new Allocator(this.#memory, this.#heapBase);
    this.#storage = storage;
    this.#messages = [];
    const memory = new GuestMemory(this.#memory, this.#allocator);
    try {
      const result = (entry as (place: number, length: number) => unknown)(memory.place(args), args.length);
      if (typeof result !== 'bigint') throw new TeaError('chain', 'The runtime function returned no fat pointer', { actual: method });
      for (const { level, target, message } of this.#messages) this.#log(level, target, message);
      return memory.read(BigInt.asUintN(64, result));
    } catch (cause) {
      if (isTeaError(cause)) throw cause;
      // A panic says its reason to the log, then traps. It goes to who called, not to the operator: strangers can make a runtime panic.
      const lastWords = this.#messages.findLast(({ level }) => level === LOG_ERROR)?.message;
      throw new TeaError('chain', `The runtime trapped in ${method}`, {
        actual: lastWords ?? (cause instanceof Error ? cause.message : String(cause)),
        cause,
      });
    }
  }

  #onLog(message: LogMessage): void {
    if (this.#messages.length < MAX_MESSAGES) this.#messages.push(message);
  }
}

type LogMessage = { readonly level: number; readonly target: string; readonly message: string };

function link(module: WebAssembly.Module, memory: WebAssembly.Memory, host: HostContext): WebAssembly.Imports {
  const functions: HostFunctions = {
    ...allocatorFunctions(host),
    ...cryptoFunctions(host),
    ...hashingFunctions(host),
    ...miscFunctions(host),
    ...storageFunctions(host),
    ...trieFunctions(host),
  };
  const env: Record<string, WebAssembly.ImportValue> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (from === 'env' && kind === 'memory') env[name] = memory;
    else if (from === 'env' && kind === 'function' && Object.hasOwn(functions, name)) env[name] = functions[name] as WebAssembly.ImportValue;
    else {
      throw new TeaError('badInput', 'The runtime needs a host function that this chain does not have', {
        actual: `${from}.${name} (${kind})`,
        next: 'run this runtime on a real node, or add the function under host/layer1/chain/runtime/host',
      });
    }
  }
  return { env };
}

function heapBaseOf(exports: WebAssembly.Exports): number {
  const heapBase = exports['__heap_base'];
  if (!(heapBase instanceof WebAssembly.Global) || typeof heapBase.value !== 'number') {
    throw new TeaError('badInput', 'This is not a runtime', { expected: 'an exported __heap_base', actual: 'none' });
  }
  return heapBase.value;
}
