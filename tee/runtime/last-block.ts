import * as v from 'valibot';
import { bytesOf, decodeCbor, encodeCbor, equalBytes, TeaError } from '@tea/protocol';
import type { RememberedState } from './rollback-guard.ts';

const schema = v.strictObject({ chain: bytesOf(32), block: v.pipe(v.number(), v.integer(), v.minValue(0)) });

/**
 * A ledger proves its blocks from the first one it is shown; that one may be old. So a TEE remembers over restarts how far its chain had come.
 * @throws TeaError `refused` when the chain shown now ends before the block of the last start
 */
export async function requireNoOlderChain(remembered: RememberedState, chain: Uint8Array, block: number): Promise<void> {
  const last = remembered.bytes && decodeCbor(remembered.bytes, schema, 'remembered block');
  if (last && equalBytes(last.chain, chain) && block < last.block) {
    throw new TeaError('refused', 'Layer 1 ends before a block that this TEE saw final', {
      expected: `block ${last.block} or later`,
      actual: `block ${block}`,
      next: "wait until the host's node has caught up and start again; if the chain itself was reset, delete the TEE's state directory",
    });
  }
  await remembered.write(encodeCbor({ chain, block }));
}
