import * as v from 'valibot';
import { bytesOf, concatBytes } from './bytes.ts';
import { decodeCbor, encodeCbor, equalBytes } from './cbor.ts';
import { TeaError } from './errors.ts';

/**
 * COSE_Sign1 (RFC 9052, 4.2) in the one form TEA writes and reads: tag 18, ES256, nothing unprotected, payload inside, deterministic CBOR.
 * The protected header is fixed by the kind of statement, so a signature under one kind is none under another.
 */
export type SignedKind = {
  /** for errors: `receipt` */
  readonly name: string;
  /** the protected header's bytes, as signed */
  readonly header: Uint8Array;
};

const TAG_COSE_SIGN1 = 0xd2;
const MAX_HEADER_BYTES = 128;
/** valibot's `strictObject({})` would take an empty array, a second form of the same statement. */
const nothingUnprotected = v.custom<Record<string, never>>(
  (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array) && Object.keys(value).length === 0,
  'expected an empty map',
);
const schema = v.strictTuple([v.instance(Uint8Array), nothingUnprotected, v.instance(Uint8Array), bytesOf(64)]);

/** {1: -7}: the algorithm, ES256, alone. */
const ALGORITHM = Uint8Array.of(0xa1, 0x01, 0x26);

/** @param contentType a media type of fewer than 100 ASCII characters, as header parameter 3 (RFC 9052, 3.1); without one, the header holds the algorithm alone */
export function signedKind(name: string, contentType?: string): SignedKind {
  if (contentType === undefined) return { name, header: ALGORITHM };
  return { name, header: concatBytes(Uint8Array.of(0xa2, 0x01, 0x26, 0x03), encodeCbor(contentType)) };
}

/** The bytes an ES256 key signs: Sig_structure of RFC 9052, 4.4 with empty external data. */
export function coseToSign({ header }: SignedKind, payload: Uint8Array): Uint8Array {
  return encodeCbor(['Signature1', header, new Uint8Array(), payload]);
}

/** @param signature ES256 over `coseToSign`: r ‖ s, 64 bytes, as WebCrypto returns it */
export function encodeSigned({ header }: SignedKind, payload: Uint8Array, signature: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(TAG_COSE_SIGN1), encodeCbor([header, {}, payload, signature]));
}

/** Splits COSE_Sign1 bytes of this kind; the signature has not been verified. @throws TeaError `badMessage` on any other COSE form */
export function decodeSigned({ name, header }: SignedKind, bytes: Uint8Array): { readonly payload: Uint8Array; readonly signature: Uint8Array } {
  if (!isSigned(bytes)) throw refuse(name, 'a tagged COSE_Sign1 (0xd2)', `first byte ${bytes[0] ?? 'missing'}`);
  const [found, , payload, signature] = decodeCbor(bytes.subarray(1), schema, `signed ${name}`);
  if (!equalBytes(found, header)) throw refuse(name, `protected header ${header.toHex()}`, found.subarray(0, MAX_HEADER_BYTES).toHex());
  return { payload, signature };
}

/** Whether the bytes claim to be a COSE_Sign1. */
export function isSigned(bytes: Uint8Array): boolean {
  return bytes[0] === TAG_COSE_SIGN1;
}

/**
 * Whether `key` signed the payload as a statement of this kind.
 * @param key P-256 point, uncompressed SEC 1, 65 bytes; anything else signs nothing
 */
export async function verifySigned(kind: SignedKind, payload: Uint8Array, signature: Uint8Array, key: Uint8Array): Promise<boolean> {
  try {
    const imported = await crypto.subtle.importKey('raw', new Uint8Array(key), ES256_KEY, false, ['verify']);
    return await crypto.subtle.verify(ES256, imported, new Uint8Array(signature), new Uint8Array(coseToSign(kind, payload)));
  } catch {
    return false; // no point on the curve
  }
}

/** @returns the signature for `encodeSigned` */
export async function signAs(kind: SignedKind, payload: Uint8Array, key: CryptoKey): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign(ES256, key, new Uint8Array(coseToSign(kind, payload))));
}

const ES256 = { name: 'ECDSA', hash: 'SHA-256' } as const;
const ES256_KEY = { name: 'ECDSA', namedCurve: 'P-256' } as const;

function refuse(name: string, expected: string, actual: string): TeaError {
  return new TeaError('badMessage', `This is not a signed ${name}`, { expected, actual });
}
