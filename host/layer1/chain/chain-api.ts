import type { ChainPort } from '@tea/protocol/layer1';

export type StartChainOptions = {
  /**
   * The runtime's wasm, or the path of its file; default: the committed one. Read only when `dataDir` holds no chain yet: later code comes
   * from the chain's own state.
   */
  readonly runtimeWasm?: Uint8Array | string;
  /** A genesis preset of the runtime (`GenesisBuilder_get_preset`), e.g. `development`. */
  readonly preset: string;
  /** Where the log lives. Created when missing; one chain at a time. */
  readonly dataDir: string;
  /** A block is made at least this often, even when empty. Default 6,000. */
  readonly blockTimeMs?: number;
  /** A pooled extrinsic calls for a block at once, but never sooner than this after the last one. Default 20. */
  readonly minBlockIntervalMs?: number;
  /** From a block to its finality at least, which also waits for clients that look for their extrinsics (`authoring/finality.ts`). Default 0. */
  readonly finalityDelayMs?: number;
  /** A runtime call that takes longer ends the worker; it starts again from the log. Default 10,000. */
  readonly callTimeLimitMs?: number;
  /** Shown by `chainSpec_v1_chainName`. Default `TEA <preset>`. */
  readonly chainName?: string;
  /** sr25519 seeds (32 bytes) of the authorities this chain authors as. Default: the well-known development accounts. */
  readonly authoritySeeds?: readonly Uint8Array[];
  readonly signal?: AbortSignal;
};

export type Chain = ChainPort &
  AsyncDisposable & {
    readonly genesisHash: string;
    status(): Promise<ChainStatus>;
    /** Finalised blocks from `from` (default 1) to the head of now, oldest first. */
    blocks(from?: number): AsyncIterable<ExportedBlock>;
    /** Aborts with a TeaError when the chain ended on its own: `storage` when the disk is full or failing. */
    readonly failed: AbortSignal;
  };

export type ChainStatus = {
  readonly chainName: string;
  /** Hex with 0x. */
  readonly genesisHash: string;
  readonly best: { readonly number: number; readonly hash: string };
  readonly finalised: { readonly number: number; readonly hash: string };
  readonly specName: string;
  readonly specVersion: number;
  readonly pooled: number;
  readonly sessions: number;
  /** How often the worker was started again after a call went over its time limit. */
  readonly restarts: number;
  /** What finality means here: this chain's own word, which proves nothing about consensus. */
  readonly kind: 'embedded';
};

export type ExportedBlock = {
  readonly number: number;
  readonly hash: string;
  /** SCALE, seal included. */
  readonly header: Uint8Array;
  readonly extrinsics: readonly Uint8Array[];
};
