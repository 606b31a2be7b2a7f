import { concatBytes } from '../bytes.ts';
import { TeaError } from '../errors.ts';
import { decodePublicArea, type UnverifiedPublicArea } from './public-area.ts';
import { decodeSignature, type Signature } from './signature.ts';
import { eccSpki, rsaSpki } from './spki.ts';

/** A TPM key as WebCrypto takes it. `point` is the uncompressed SEC 1 point, as HPKE takes it. */
export type PublicKey =
  | { readonly type: 'rsa'; readonly jwk: JsonWebKey; readonly spki: Uint8Array; readonly modulusBits: number }
  | { readonly type: 'ecc'; readonly jwk: JsonWebKey; readonly spki: Uint8Array; readonly curve: Curve; readonly point: Uint8Array };

type Curve = 'P-256' | 'P-384' | 'P-521';
const CURVES = { p256: { curve: 'P-256', size: 32 }, p384: { curve: 'P-384', size: 48 }, p521: { curve: 'P-521', size: 66 } } as const;
const WEB_HASHES = { sha1: 'SHA-1', sha256: 'SHA-256', sha384: 'SHA-384', sha512: 'SHA-512' } as const;

/** @throws TeaError `badMessage` for bytes that are no RSA or ECC public area */
export function publicKeyFromPublicArea(publicArea: Uint8Array): PublicKey {
  return publicKeyOf(decodePublicArea(publicArea));
}

/** `publicKeyFromPublicArea` for an area that was decoded already. */
export function publicKeyOf(area: UnverifiedPublicArea): PublicKey {
  switch (area.type) {
    case 'rsa': {
      const n = withoutLeadingZeros(area.unique);
      const e = exponentBytes(area.parameters.exponent);
      if (n.length * 8 !== area.parameters.keyBits) {
        throw new TeaError('badMessage', 'This RSA public area contradicts itself', {
          expected: `${area.parameters.keyBits} bits`,
          actual: `${n.length * 8} bits`,
        });
      }
      return { type: 'rsa', jwk: { kty: 'RSA', n: base64url(n), e: base64url(e) }, spki: rsaSpki(n, e), modulusBits: area.parameters.keyBits };
    }
    case 'ecc': {
      const { curve, size } = CURVES[area.parameters.curve];
      const x = leftPad(area.unique.x, size);
      const y = leftPad(area.unique.y, size);
      const point = concatBytes(Uint8Array.of(4), x, y);
      return { type: 'ecc', jwk: { kty: 'EC', crv: curve, x: base64url(x), y: base64url(y) }, spki: eccSpki(curve, point), curve, point };
    }
    case 'keyedHash':
      throw new TeaError('badMessage', 'This object holds no public key', { expected: 'an RSA or ECC public area', actual: 'keyedHash' });
  }
}

/** The signature as WebCrypto's `verify` takes it: RSA as is, ECDSA as r ‖ s of the curve's width (IEEE P1363). */
export function webCryptoSignature(signature: Signature, coordinateSize = 32): Uint8Array {
  return signature.scheme === 'ecdsa' ? concatBytes(leftPad(signature.r, coordinateSize), leftPad(signature.s, coordinateSize)) : signature.signature;
}

/**
 * Does `signature` (TPMT_SIGNATURE) over `message` come from the key of `publicArea`? The signature's scheme must be the one the
 * key's area fixes. SHA-1 never verifies.
 * @returns false for a signature that does not hold; @throws TeaError `badMessage` for bytes that are no such structures
 */
export function verifySignature(publicArea: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  return verifySignatureOf(decodePublicArea(publicArea), message, signature);
}

/** `verifySignature` for an area that was decoded already. */
export async function verifySignatureOf(area: UnverifiedPublicArea, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const decoded = decodeSignature(signature);
  if (area.type === 'keyedHash' || decoded.hash === 'sha1') return false;
  const { scheme } = area.parameters;
  if (scheme.scheme !== decoded.scheme || scheme.hash !== decoded.hash) return false;
  const key = publicKeyOf(area);
  const hash = WEB_HASHES[decoded.hash];
  const importAs =
    key.type === 'ecc' ? { name: 'ECDSA', namedCurve: key.curve } : { name: decoded.scheme === 'rsapss' ? 'RSA-PSS' : 'RSASSA-PKCS1-v1_5', hash };
  const saltLength = { sha256: 32, sha384: 48, sha512: 64 }[decoded.hash];
  const size = key.type === 'ecc' ? (key.point.length - 1) / 2 : key.modulusBits / 8;
  const raw = webCryptoSignature(decoded, size);
  const cryptoKey = await verificationKey(key, importAs);
  return crypto.subtle.verify({ name: importAs.name, hash, saltLength }, cryptoKey, owned(raw), owned(message));
}

type VerificationAlgorithm = { readonly name: string; readonly hash?: string; readonly namedCurve?: string };

/** Importing a key costs as much as verifying with it, and one AK signs twice in each piece of evidence: so the last few are kept. */
const MAX_KEPT_KEYS = 64;
const keptKeys = new Map<string, Promise<CryptoKey>>();

function verificationKey(key: PublicKey, algorithm: VerificationAlgorithm): Promise<CryptoKey> {
  const id = `${algorithm.name} ${algorithm.hash ?? algorithm.namedCurve} ${key.spki.toHex()}`;
  const kept = keptKeys.get(id);
  if (kept !== undefined) return kept;
  const [oldest] = keptKeys.keys();
  if (keptKeys.size >= MAX_KEPT_KEYS && oldest !== undefined) keptKeys.delete(oldest);
  const importing = importKey(key, algorithm);
  keptKeys.set(id, importing);
  return importing;
}

async function importKey(key: PublicKey, algorithm: VerificationAlgorithm): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('spki', owned(key.spki), algorithm, false, ['verify']);
  } catch (cause) {
    throw new TeaError('badMessage', 'This public area holds no valid key', {
      expected: key.type === 'ecc' ? `a point on ${key.curve}` : 'an RSA key',
      cause,
    });
  }
}

/** Part 2, 12.2.3.5: exponent 0 stands for 2^16 + 1. */
function exponentBytes(exponent: number): Uint8Array {
  const value = exponent === 0 ? 65537 : exponent;
  return withoutLeadingZeros(Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value));
}

function withoutLeadingZeros(number: Uint8Array): Uint8Array {
  const start = number.findIndex((byte) => byte !== 0);
  return start < 0 ? new Uint8Array(0) : number.subarray(start);
}

/** TPMs may leave out leading zero bytes of coordinates. @throws TeaError `badMessage` when the number is wider than the curve */
function leftPad(number: Uint8Array, size: number): Uint8Array {
  if (number.length > size)
    throw new TeaError('badMessage', 'This coordinate is too wide for its curve', { expected: `${size} bytes`, actual: `${number.length} bytes` });
  const padded = new Uint8Array(size);
  padded.set(number, size - number.length);
  return padded;
}

function base64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: 'base64url', omitPadding: true });
}

/** WebCrypto's types take no view of a SharedArrayBuffer. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
