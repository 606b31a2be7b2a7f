import { TPMT_PUBLIC } from './structures.ts';
import { decodeTpm, encodeTpm, type ValueOf } from './wire.ts';

/** A template, or what an area says: `type` 'rsa', 'ecc' or 'keyedHash'. */
export type PublicArea = ValueOf<typeof TPMT_PUBLIC>;

/** What bytes claim to be a public area. Nothing says yet that a TPM holds such a key. */
export type UnverifiedPublicArea = PublicArea & { readonly verified: false; readonly bytes: Uint8Array };

/** @throws TeaError `badMessage` */
export function decodePublicArea(bytes: Uint8Array): UnverifiedPublicArea {
  return { ...decodeTpm(TPMT_PUBLIC, bytes, 'TPMT_PUBLIC'), verified: false, bytes: Uint8Array.from(bytes) };
}

export function encodePublicArea(area: PublicArea): Uint8Array {
  return encodeTpm(TPMT_PUBLIC, area);
}
