import { concatBytes, sha256 } from '../bytes.ts';
import { TeaError } from '../errors.ts';
import { TPMS_ECC_POINT } from './structures.ts';
import { encodeTpm, UINT32 } from './wire.ts';

const P256 = { name: 'ECDH', namedCurve: 'P-256' } as const;

/** A seed that the holder of a P-256 key derives too, and nobody else: what a TPM takes as salt or as the seed of a credential. */
export type SharedSeed = {
  /** 32 bytes */
  readonly seed: Uint8Array;
  /** What a TPM2B_ENCRYPTED_SECRET holds: the ephemeral public point. */
  readonly encryptedSecret: Uint8Array;
};

/**
 * Part 1, C.6.1 and C.6.4: one-pass ECDH to a key whose nameAlg is SHA-256.
 * @param publicPoint uncompressed SEC 1 point of the TPM's key, 65 bytes
 * @param label `SECRET` for a session's salt, `IDENTITY` for a credential
 * @throws TeaError `badInput` for what is no point of P-256
 */
export async function shareSeed(publicPoint: Uint8Array, label: 'SECRET' | 'IDENTITY'): Promise<SharedSeed> {
  const theirs = await crypto.subtle.importKey('raw', new Uint8Array(publicPoint), P256, true, []).catch((cause: unknown) => {
    throw new TeaError('badInput', 'This is no key to share a seed with', { expected: 'a point on P-256', actual: 'another', cause });
  });
  const ephemeral = await crypto.subtle.generateKey(P256, true, ['deriveBits']);
  const z = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, ephemeral.privateKey, 256));
  const ours = new Uint8Array(await crypto.subtle.exportKey('raw', ephemeral.publicKey));
  const x = ours.slice(1, 33);
  const seed = kdfe(z, label, x, publicPoint.subarray(1, 33));
  z.fill(0);
  return { seed, encryptedSecret: encodeTpm(TPMS_ECC_POINT, { x, y: ours.slice(33) }) };
}

/** KDFe with SHA-256 for 256 bits, one block (Part 1, 11.4.10.3): counter ‖ Z ‖ label ‖ 0 ‖ PartyUInfo ‖ PartyVInfo. */
function kdfe(z: Uint8Array, label: string, partyU: Uint8Array, partyV: Uint8Array): Uint8Array {
  const input = concatBytes(encodeTpm(UINT32, 1), z, new TextEncoder().encode(`${label}\0`), partyU, partyV);
  const seed = sha256(input);
  input.fill(0);
  return seed;
}
