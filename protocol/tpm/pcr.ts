import { concatBytes, sha256 } from '../bytes.ts';
import { TPM_CC } from './constants.ts';
import { type PcrSelection, TPML_PCR_SELECTION } from './pcr-selection.ts';
import { decodeTpm, encodeTpm, UINT32 } from './wire.ts';

export type { PcrSelection };

export function decodePcrSelection(bytes: Uint8Array): PcrSelection {
  return decodeTpm(TPML_PCR_SELECTION, bytes, 'TPML_PCR_SELECTION');
}

export function encodePcrSelection(selection: PcrSelection): Uint8Array {
  return encodeTpm(TPML_PCR_SELECTION, selection);
}

/** SHA-256 over the selected PCR values, in the order of the selection (ascending index within a bank). Part 1, 'Selecting multiple PCR'. */
export function pcrDigest(values: readonly Uint8Array[]): Uint8Array {
  return sha256(...values);
}

/** The `authPolicy` (SHA-256) of an object that only a PolicyPCR session over these values may use. Part 3, TPM2_PolicyPCR. */
export function policyPcrDigest(selection: PcrSelection, digest: Uint8Array): Uint8Array {
  const start = new Uint8Array(32);
  return sha256(concatBytes(start, encodeTpm(UINT32, TPM_CC.policyPcr), encodePcrSelection(selection), digest));
}
