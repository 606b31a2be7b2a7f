import * as v from 'valibot';
import { bytesOf, decodeCbor, encodeCbor, equalBytes, TeaError } from '@tea/protocol';
import type { RememberedState } from './rollback-guard.ts';

const natural = v.pipe(v.number(), v.integer(), v.minValue(0));
const schema = v.strictObject({ chain: bytesOf(32), block: natural, issue: v.optional(natural, 0) });

/** How far the world had come when this TEE started. */
export type Start = {
  /** Genesis hash. */
  readonly chain: Uint8Array;
  readonly block: number;
  /** `ImageRelease.issue` of the image that runs; 0 for one that no release key stands for. */
  readonly issue: number;
};

/**
 * What a TEE remembers over restarts: how far its chain had come, because a ledger proves its blocks from the first one it is shown, and that
 * may be old; and which image it was, because one that was replaced may have been replaced for a fault of it.
 * @throws TeaError `refused` when the chain shown now ends before the block of the last start, or a later image ran here
 */
export async function requireNoOlderStart(remembered: RememberedState, start: Start): Promise<void> {
  const { chain, block, issue } = start;
  const last = remembered.bytes && decodeCbor(remembered.bytes, schema, 'remembered start');
  if (last && issue < last.issue) {
    throw new TeaError('refused', 'A later image of this TEE ran here before', {
      expected: `image release ${last.issue} or later`,
      actual: `image release ${issue}`,
      next: 'start the later image; or delete the TEE’s state directory, and the machine is another node',
    });
  }
  if (last && equalBytes(last.chain, chain) && block < last.block) {
    throw new TeaError('refused', 'Layer 1 ends before a block that this TEE saw final', {
      expected: `block ${last.block} or later`,
      actual: `block ${block}`,
      next: "wait until the host's node has caught up and start again; if the chain itself was reset, delete the TEE's state directory",
    });
  }
  await remembered.write(encodeCbor({ chain, block, issue }));
}
