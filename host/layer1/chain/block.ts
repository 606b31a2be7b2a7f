import type { Header } from '@tea/protocol/layer1';
import type { Executor } from './runtime/executor.ts';
import type { RuntimeVersion } from './runtime/api.ts';
import type { Trie } from './trie/trie.ts';

/** A block in memory, with the state after it and the runtime that executes on top of that state. */
export type Block = {
  /** Hex with 0x. */
  readonly hash: string;
  readonly header: Header;
  /** SCALE, seal included. */
  readonly encodedHeader: Uint8Array;
  readonly extrinsics: readonly Uint8Array[];
  readonly state: Trie;
  readonly runtime: Runtime;
};

export type Runtime = {
  readonly executor: Executor;
  readonly version: RuntimeVersion;
};
