import { concatBytes } from '../bytes.ts';

/** SubjectPublicKeyInfo (RFC 5280, 4.1.2.7), DER. Object identifiers are given encoded. */
const RSA_ENCRYPTION = Uint8Array.fromHex('06092a864886f70d0101010500'); // 1.2.840.113549.1.1.1, NULL
const EC_PUBLIC_KEY = Uint8Array.fromHex('06072a8648ce3d0201'); // 1.2.840.10045.2.1
const NAMED_CURVES = {
  'P-256': Uint8Array.fromHex('06082a8648ce3d030107'), // 1.2.840.10045.3.1.7
  'P-384': Uint8Array.fromHex('06052b81040022'), // 1.3.132.0.34
  'P-521': Uint8Array.fromHex('06052b81040023'), // 1.3.132.0.35
} as const;

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const BIT_STRING = 0x03;

/** @param modulus and exponent big-endian, without leading zeros */
export function rsaSpki(modulus: Uint8Array, exponent: Uint8Array): Uint8Array {
  const key = der(SEQUENCE, der(INTEGER, positive(modulus)), der(INTEGER, positive(exponent)));
  return der(SEQUENCE, der(SEQUENCE, RSA_ENCRYPTION), der(BIT_STRING, Uint8Array.of(0), key));
}

/** @param point uncompressed SEC 1 point */
export function eccSpki(curve: keyof typeof NAMED_CURVES, point: Uint8Array): Uint8Array {
  return der(SEQUENCE, der(SEQUENCE, EC_PUBLIC_KEY, NAMED_CURVES[curve]), der(BIT_STRING, Uint8Array.of(0), point));
}

function der(tag: number, ...content: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(...content);
  const { length } = body;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return concatBytes(Uint8Array.of(tag, ...size), body);
}

function positive(number: Uint8Array): Uint8Array {
  return (number[0] ?? 0) >= 0x80 ? concatBytes(Uint8Array.of(0), number) : number;
}
