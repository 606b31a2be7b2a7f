import * as v from 'valibot';
import { bytesOf } from '../bytes.ts';
import { decodeCbor, encodeCbor } from '../cbor.ts';
import { signedKind } from '../cose.ts';

/**
 * A TEE's word that it takes calls at `callKey`, a P-256 point that this process of it made and keeps in memory: sessions are sealed to it with HPKE.
 * Signed with the receipt key, which the node's evidence binds; so whoever appraised the evidence knows that nothing but the appraised program has
 * the private half, and that with the process it is gone, and everything that was ever sealed to it.
 */
export type CallOffer = {
  readonly v: 1;
  readonly domain: 'tea/call-offer/1';
  /** genesis hash */
  readonly chain: Uint8Array;
  readonly node: Uint8Array;
  readonly callKey: Uint8Array;
  /** who asked made it up just now: an old offer answers nobody */
  readonly nonce: Uint8Array;
};

export const SIGNED_CALL_OFFER = signedKind('call offer', 'application/tea-call-offer+cbor');

const schema = v.strictObject({
  v: v.literal(1),
  domain: v.literal('tea/call-offer/1'),
  chain: bytesOf(32),
  node: bytesOf(32),
  callKey: bytesOf(65),
  nonce: bytesOf(32),
});

export function encodeCallOffer(offer: CallOffer): Uint8Array {
  return encodeCbor({ ...offer });
}

/** @throws TeaError `badMessage` */
export function decodeCallOffer(bytes: Uint8Array): CallOffer {
  return decodeCbor(bytes, schema, 'call offer');
}
