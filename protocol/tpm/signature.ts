import { TPMT_SIGNATURE } from './structures.ts';
import { decodeTpm, encodeTpm, type ValueOf } from './wire.ts';

/** `scheme` 'rsassa' or 'rsapss' with one byte string, 'ecdsa' with `r` and `s`. */
export type Signature = ValueOf<typeof TPMT_SIGNATURE>;

/** @throws TeaError `badMessage` */
export function decodeSignature(bytes: Uint8Array): Signature {
  return decodeTpm(TPMT_SIGNATURE, bytes, 'TPMT_SIGNATURE');
}

export function encodeSignature(signature: Signature): Uint8Array {
  return encodeTpm(TPMT_SIGNATURE, signature);
}
