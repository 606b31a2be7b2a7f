import type { Hashing } from '../hashing.ts';
import type { Trie } from '../trie/trie.ts';
import { concatBytes } from '@tea/protocol';
import { ScaleReader } from '@tea/protocol/layer1';

/** How this chain takes its time, read from its state (the runtime's `tempo` pallet, and Timestamp's `Now`). */
export type Tempo = {
  readonly slotDurationMs: number;
  /** Whether a slot may hold any number of blocks; otherwise one, and half a slot at least between blocks. */
  readonly blocksOnDemand: boolean;
  /** The last block's time; 0 at genesis. */
  readonly nowMs: number;
};

export function tempoOf(state: Trie, slotDurationMs: number, hashing: Hashing): Tempo {
  const read = (pallet: string, item: string): Uint8Array | null => state.get(storageKey(hashing, pallet, item));
  const now = read('Timestamp', 'Now');
  return {
    slotDurationMs,
    blocksOnDemand: read('Tempo', 'BlocksOnDemand')?.[0] === 1,
    nowMs: now === null ? 0 : Number(new ScaleReader(now, 'time').u64()),
  };
}

/** The earliest time of the next block after `nowMs`, and its slot. In a chain of one block a slot, the slot's very beginning. */
export function nextBlockTime(tempo: Tempo, parentSlot: number, nowMs: number): { readonly timestampMs: number; readonly slot: number } {
  const { slotDurationMs } = tempo;
  if (tempo.blocksOnDemand) {
    const timestampMs = Math.max(nowMs, tempo.nowMs, parentSlot * slotDurationMs);
    return { timestampMs, slot: Math.floor(timestampMs / slotDurationMs) };
  }
  const slot = Math.max(Math.ceil(nowMs / slotDurationMs), parentSlot + 1);
  return { timestampMs: slot * slotDurationMs, slot };
}

function storageKey(hashing: Hashing, pallet: string, item: string): Uint8Array {
  const encoder = new TextEncoder();
  return concatBytes(hashing.twox128(encoder.encode(pallet)), hashing.twox128(encoder.encode(item)));
}
