import type { TeaErrorCode } from '@tea/protocol';
import type { ChainStatus, ExportedBlock } from './chain-api.ts';

/** What the chain's worker is started with. */
export type WorkerSettings = {
  readonly runtimeWasm: Uint8Array | string;
  readonly preset: string;
  readonly dataDir: string;
  readonly blockTimeMs: number;
  readonly minBlockIntervalMs: number;
  readonly finalityDelayMs: number;
  readonly chainName: string;
  readonly authoritySeeds: readonly Uint8Array[];
  readonly callClock: SharedArrayBuffer;
};

export type ToWorker =
  | { readonly kind: 'open'; readonly session: number }
  | { readonly kind: 'frame'; readonly session: number; readonly frame: string }
  | { readonly kind: 'close'; readonly session: number }
  | { readonly kind: 'status'; readonly question: number }
  | { readonly kind: 'block'; readonly question: number; readonly number: number }
  | { readonly kind: 'end' };

export type WorkerStatus = Omit<ChainStatus, 'restarts' | 'kind'>;

export type FromWorker =
  | { readonly kind: 'started'; readonly genesisHash: string }
  | { readonly kind: 'frame'; readonly session: number; readonly frame: string }
  | { readonly kind: 'status'; readonly question: number; readonly status: WorkerStatus }
  | { readonly kind: 'block'; readonly question: number; readonly block: ExportedBlock | null }
  | { readonly kind: 'failed'; readonly error: WireFailure };

/** A TeaError between threads: structured clone would make it a plain Error. */
export type WireFailure = {
  readonly code: TeaErrorCode;
  readonly summary: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly next?: string;
};
