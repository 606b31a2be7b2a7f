import { concatBytes, sha256 } from '../bytes.ts';
import { TeaError } from '../errors.ts';
import { TPM_ALG_ID } from './constants.ts';
import { encodeTpm, UINT16, UINT32 } from './wire.ts';

const SHA256 = encodeTpm(UINT16, TPM_ALG_ID.sha256);

/**
 * The Name of an object: nameAlg ‖ H(TPMT_PUBLIC), over the bytes as the TPM returned them. Part 1, 16 'Names'.
 * @returns 34 bytes: 000b and a SHA-256 digest
 * @throws TeaError `badMessage` when the area's nameAlg is not SHA-256: TEA's keys have no other
 */
export function nameOf(publicArea: Uint8Array): Uint8Array {
  const nameAlg = ((publicArea[2] ?? 0) << 8) | (publicArea[3] ?? 0);
  if (nameAlg !== TPM_ALG_ID.sha256) {
    throw new TeaError('badMessage', 'This public area has no SHA-256 Name', { expected: 'nameAlg 0xb', actual: `0x${nameAlg.toString(16)}` });
  }
  return concatBytes(SHA256, sha256(publicArea));
}

/**
 * The Qualified Name of an object under `parents`, outermost first; a hierarchy's Name is its handle. Part 1, 16.
 * A key that claims another parent than it has does not hash to its attested qualifiedName.
 */
export function qualifiedNameOf(hierarchy: number, ...names: readonly Uint8Array[]): Uint8Array {
  return names.reduce((parent, name) => concatBytes(SHA256, sha256(parent, name)), encodeTpm(UINT32, hierarchy));
}
