import { isTeaError, TeaError } from '@tea/protocol';
import { decodeHeader, type DigestItem, encodeHeader, type Header } from '@tea/protocol/layer1';
import type { Block } from '../block.ts';
import type { Hash } from '../trie/node.ts';
import type { Pooled } from '../pool/pooled.ts';
import { applyExtrinsic, finalizeBlock, inherentExtrinsics, initializeBlock } from '../runtime/api.ts';
import { Overlay } from '../runtime/overlay.ts';
import { type AuthorKey, preRuntimeDigest, seal } from './slots.ts';

export type BlockPlan = {
  readonly parent: Block;
  readonly slot: number;
  readonly timestampMs: number;
  readonly key: AuthorKey;
  readonly ready: Iterable<Pooled>;
  /** No further extrinsic is begun after this. */
  readonly outOfTime: () => boolean;
  readonly hash: Hash;
  /** @throws TeaError `badInput` for code under which there would be no next block */
  readonly checkRuntime: (code: Uint8Array | null) => void;
};

export type BuiltBlock = {
  readonly header: Header;
  readonly encodedHeader: Uint8Array;
  readonly extrinsics: readonly Uint8Array[];
  readonly storage: Overlay;
  readonly included: readonly Pooled[];
  /** Could not be applied although the pool thought so: to be asked about again. */
  readonly failed: readonly Pooled[];
  /** Would have left the chain a runtime that can't be executed, so no block takes them. */
  readonly ruinous: readonly { readonly pooled: Pooled; readonly error: TeaError }[];
  /** Whether extrinsics were left for the next block, for want of space or time. */
  readonly full: boolean;
};

const CODE = ':code';

/** After this many extrinsics that no longer fit, a block is full: the small ones behind could go on for long. */
const MAX_EXHAUSTED = 8;

/**
 * Executes a block on top of `parent` (specification, 3.4.1: block production).
 * @throws TeaError `chain` when the runtime doesn't accept the slot, the time or its own inherents
 */
export function buildBlock({ parent, slot, timestampMs, key, ready, outOfTime, hash, checkRuntime }: BlockPlan): BuiltBlock {
  const { executor } = parent.runtime;
  const storage = new Overlay(parent.state);
  const digest: DigestItem[] = [preRuntimeDigest(slot)];
  const empty = new Uint8Array(32);
  const number = parent.header.number + 1;
  initializeBlock(executor, storage, {
    parentHash: Uint8Array.fromHex(parent.hash.slice(2)),
    number,
    stateRoot: empty,
    extrinsicsRoot: empty,
    digest,
  });
  const extrinsics = inherentExtrinsics(executor, storage, timestampMs, slot);
  for (const inherent of extrinsics) {
    const applied = applyExtrinsic(executor, storage, inherent);
    if (!applied.ok) throw new TeaError('chain', 'The runtime refused its own inherent', { actual: applied.error.reason });
  }

  const included: Pooled[] = [];
  const failed: Pooled[] = [];
  const ruinous: { pooled: Pooled; error: TeaError }[] = [];
  /** What those not in the block would have provided: whoever requires it can't be in it either, and is none the worse. */
  const missing = new Set<string>();
  let exhausted = 0;
  let full = false;
  for (const pooled of ready) {
    if (outOfTime() || exhausted >= MAX_EXHAUSTED) {
      full = true;
      break;
    }
    if (pooled.requires.some((tag) => missing.has(tag))) {
      for (const tag of pooled.provides) missing.add(tag);
      continue;
    }
    const outcome = tryApply(executor, storage, pooled.extrinsic, checkRuntime);
    if (outcome === 'applied') {
      extrinsics.push(pooled.extrinsic);
      included.push(pooled);
      continue;
    }
    for (const tag of pooled.provides) missing.add(tag);
    if (outcome === 'exhausted') {
      exhausted += 1;
      full = true;
    } else if (outcome === 'failed') failed.push(pooled);
    else ruinous.push({ pooled, error: outcome });
  }
  const unsealed = finalizeBlock(executor, storage);
  const header = decodeHeader(unsealed);
  const sealed = { ...header, digest: [...header.digest, seal(hash(unsealed), key)] };
  return { header: sealed, encodedHeader: encodeHeader(sealed), extrinsics, storage, included, failed, ruinous, full };
}

function tryApply(
  executor: Block['runtime']['executor'],
  storage: Overlay,
  extrinsic: Uint8Array,
  checkRuntime: BlockPlan['checkRuntime'],
): 'applied' | 'exhausted' | 'failed' | TeaError {
  // An extrinsic that is refused must leave no trace, for it won't be in the block: its nonce may be counted up already (sc-block-builder).
  storage.begin();
  const before = storage.written(CODE);
  try {
    const applied = applyExtrinsic(executor, storage, extrinsic);
    const code = storage.written(CODE);
    if (applied.ok && code !== undefined && code !== before) checkRuntime(code);
    if (applied.ok) {
      storage.commit();
      return 'applied';
    }
    storage.rollback();
    return applied.error.reason === 'ExhaustsResources' ? 'exhausted' : 'failed';
  } catch (error) {
    storage.rollback();
    if (isTeaError(error, 'badInput')) return error;
    if (isTeaError(error, 'chain') || isTeaError(error, 'limit')) return 'failed';
    throw error;
  }
}
