import { blake2b } from '@noble/hashes/blake2.js';
import { vrf } from '@scure/sr25519';
import { concatBytes } from '../bytes.ts';
import { encodeU32, encodeU64 } from './scale.ts';

/**
 * A node's lot in a draw, as `host/layer1/pallets/sortition/src/lot.rs` checks it: what its TEE signs, what it is worth. Whoever has a
 * draw's record can do all of it again.
 */
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const CONTEXT = text('tea/sortition');
const DOMAIN = text('tea/lot/1');
const DRAW_DOMAIN = text('tea/draw');
const EXTRA = new Uint8Array();

/** Pre-output (32) and proof (64). */
export const LOT_PROOF_BYTES = 96;

/** @param secret the TEE account's expanded sr25519 secret, 64 bytes @param random 32 fresh bytes; its proof differs by it, its lot doesn't */
export function proveLot(secret: Uint8Array, seed: Uint8Array, random?: Uint8Array): Uint8Array {
  return vrf.sign(concatBytes(DOMAIN, seed), secret, CONTEXT, EXTRA, random);
}

/** What a proof that holds is worth. */
export function lotOf(key: Uint8Array, seed: Uint8Array, proof: Uint8Array): bigint {
  const hash = blake2b(concatBytes(DOMAIN, seed, key, proof.subarray(0, 32)), { dkLen: 32 });
  return hash.subarray(0, 16).reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}

/** @returns the lot that `key` has in the draw of `seed`, or null unless `proof` shows it */
export function verifyLot(key: Uint8Array, seed: Uint8Array, proof: Uint8Array): bigint | null {
  if (proof.length !== LOT_PROOF_BYTES) return null;
  try {
    return vrf.verify(concatBytes(DOMAIN, seed), proof, key, CONTEXT, EXTRA) ? lotOf(key, seed, proof) : null;
  } catch {
    return null; // bytes that are no point of the curve
  }
}

/** The seed of a round: `parentHash` is that of the block before the one that fixed it. */
export function drawSeed(parentHash: Uint8Array, draw: bigint, round: number): Uint8Array {
  return blake2b(concatBytes(DRAW_DOMAIN, parentHash, encodeU64(draw), encodeU32(round)), { dkLen: 32 });
}
