import { sha256 } from '../bytes.ts';
import { type PcrSelection, TPML_PCR_SELECTION } from './pcr-selection.ts';
import { decodeTpm, encodeTpm } from './wire.ts';

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
