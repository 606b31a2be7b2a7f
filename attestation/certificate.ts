import { equalBytes, TeaError } from '@tea/protocol';
import { contextTag, DER, DerSequence, membersOf, readDer, type DerElement } from './der.ts';
import { booleanOf, integerBytesOf, objectIdentifierOf, octetsOfBitString, smallNumberOf, timeOf } from './der-values.ts';
import { derToP1363 } from './ecdsa-der.ts';

/** A certificate that decoded; nobody's signature has been checked. */
export type UnverifiedCertificate = {
  readonly der: Uint8Array;
  /** the signed part */
  readonly tbs: Uint8Array;
  /** as encoded: minimal two's complement */
  readonly serialNumber: Uint8Array;
  /** DER of the Names, compared byte by byte as RFC 5280, 7.1 allows */
  readonly subject: Uint8Array;
  readonly issuer: Uint8Array;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly spki: Uint8Array;
  readonly keyAlgorithm: string;
  /** DER of the algorithm's parameters: a named curve's OID, or NULL for RSA */
  readonly keyParameters: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  readonly extensions: readonly { readonly id: string; readonly critical: boolean; readonly value: Uint8Array }[];
};

export const RSA_ENCRYPTION = '1.2.840.113549.1.1.1';
export const EC_PUBLIC_KEY = '1.2.840.10045.2.1';

const SIGNATURE_ALGORITHMS: Readonly<Record<string, { readonly key: 'rsa' | 'ecc'; readonly hash: string }>> = {
  '1.2.840.113549.1.1.11': { key: 'rsa', hash: 'SHA-256' },
  '1.2.840.113549.1.1.12': { key: 'rsa', hash: 'SHA-384' },
  '1.2.840.113549.1.1.13': { key: 'rsa', hash: 'SHA-512' },
  '1.2.840.10045.4.3.2': { key: 'ecc', hash: 'SHA-256' },
  '1.2.840.10045.4.3.3': { key: 'ecc', hash: 'SHA-384' },
  '1.2.840.10045.4.3.4': { key: 'ecc', hash: 'SHA-512' },
};

/** by the DER of the namedCurve parameter */
const CURVES: Readonly<Record<string, { readonly name: string; readonly sizeBytes: number }>> = {
  '06082a8648ce3d030107': { name: 'P-256', sizeBytes: 32 },
  '06052b81040022': { name: 'P-384', sizeBytes: 48 },
  '06052b81040023': { name: 'P-521', sizeBytes: 66 },
};

/** @param parameters of a key's algorithm, as DER @returns the name of the curve they name, if TEA knows it */
export function curveOf(parameters: Uint8Array): string | undefined {
  return CURVES[parameters.toHex()]?.name;
}

/**
 * @param der one X.509 certificate (RFC 5280, 4.1), of version 3 when it has extensions
 * @throws TeaError `badMessage` for anything else, and for a second spelling of the parts no signature covers: a certificate has one DER form
 */
export function decodeCertificate(der: Uint8Array): UnverifiedCertificate {
  try {
    return readCertificate(der);
  } catch (cause) {
    throw refuse('an X.509 certificate in DER', (cause as Error).message);
  }
}

function readCertificate(der: Uint8Array): UnverifiedCertificate {
  const outer = new DerSequence(readDer(der));
  const tbs = outer.take(DER.sequence);
  const outerAlgorithm = outer.take(DER.sequence);
  const signature = octetsOfBitString(outer.take(DER.bitString));
  outer.end();
  const inner = new DerSequence(tbs);
  const version = inner.takeIf(contextTag(0));
  const serialNumber = integerBytesOf(inner.take(DER.integer));
  const innerAlgorithm = inner.take(DER.sequence);
  if (!equalBytes(innerAlgorithm.whole, outerAlgorithm.whole))
    throw refuse('an outer signature algorithm that repeats the signed one (RFC 5280, 4.1.1.2)', 'another');
  const issuer = inner.take(DER.sequence).whole;
  const [notBefore, notAfter, ...furtherTimes] = membersOf(inner.take(DER.sequence));
  if (furtherTimes.length > 0) throw refuse('two times', `${2 + furtherTimes.length}`);
  const subject = inner.take(DER.sequence).whole;
  const spki = inner.take(DER.sequence);
  inner.takeIf(contextTag(1, false)); // unique identifiers of version 2
  inner.takeIf(contextTag(2, false));
  const extensions = inner.takeIf(contextTag(3));
  inner.end();
  if (extensions !== undefined && (version === undefined || smallNumberOf(readDer(version.content)) !== VERSION_3))
    throw refuse('extensions in version 3 only', 'another version');
  const key = algorithmOf(new DerSequence(spki).take(DER.sequence));
  return {
    der,
    tbs: tbs.whole,
    serialNumber,
    subject,
    issuer,
    notBefore: timeOf(notBefore),
    notAfter: timeOf(notAfter),
    spki: spki.whole,
    keyAlgorithm: key.algorithm,
    keyParameters: key.parameters,
    signatureAlgorithm: algorithmOf(outerAlgorithm).algorithm,
    signature,
    extensions: extensions === undefined ? [] : extensionsOf(readDer(extensions.content)),
  };
}

const VERSION_3 = 2;

/** AlgorithmIdentifier, RFC 5280, 4.1.1.2. */
export function algorithmOf(element: DerElement): { readonly algorithm: string; readonly parameters: Uint8Array } {
  const members = new DerSequence(element);
  const algorithm = objectIdentifierOf(members.take(DER.objectIdentifier));
  const parameters = members.takeAny()?.whole ?? new Uint8Array();
  members.end();
  return { algorithm, parameters };
}

/** RFC 5280, 4.2: each extension at most once. */
export function extensionsOf(list: DerElement): UnverifiedCertificate['extensions'] {
  const extensions = membersOf(list).map((element) => {
    const members = new DerSequence(element);
    const id = objectIdentifierOf(members.take(DER.objectIdentifier));
    const critical = members.takeIf(DER.boolean);
    const value = members.take(DER.octetString).content;
    members.end();
    return { id, critical: critical !== undefined && booleanOf(critical), value };
  });
  const ids = extensions.map(({ id }) => id);
  if (new Set(ids).size !== ids.length) throw refuse('each extension once (RFC 5280, 4.2)', ids.join(', '));
  return extensions;
}

/** What an authority signs: certificates and revocation lists. */
export type SignedByAuthority = Pick<UnverifiedCertificate, 'tbs' | 'signatureAlgorithm' | 'signature'>;

/** Whether `issuer`'s key signed `signed`. Names, dates and usages are other checks. */
export async function isSignedBy(signed: SignedByAuthority, issuer: UnverifiedCertificate): Promise<boolean> {
  const algorithm = SIGNATURE_ALGORITHMS[signed.signatureAlgorithm];
  if (algorithm === undefined) return false;
  const { hash } = algorithm;
  try {
    if (algorithm.key === 'rsa') {
      if (issuer.keyAlgorithm !== RSA_ENCRYPTION) return false;
      const key = await issuerKey(issuer, { name: 'RSASSA-PKCS1-v1_5', hash });
      if (!isStrongRsaKey(key.algorithm as RsaKeyAlgorithm)) return false;
      return await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, new Uint8Array(signed.signature), new Uint8Array(signed.tbs));
    }
    const curve = CURVES[issuer.keyParameters.toHex()];
    const signature = curve && derToP1363(signed.signature, curve.sizeBytes);
    if (!curve || !signature) return false;
    const key = await issuerKey(issuer, { name: 'ECDSA', namedCurve: curve.name });
    return await crypto.subtle.verify({ name: 'ECDSA', hash }, key, signature, new Uint8Array(signed.tbs));
  } catch {
    return false; // a key WebCrypto can't import signs nothing
  }
}

/** FIPS 186-5, 5.1: 2048 bits or more, and an odd public exponent above 2^16. With exponent 1 anything is a signature. */
function isStrongRsaKey({ modulusLength, publicExponent }: RsaKeyAlgorithm): boolean {
  const exponent = BigInt(`0x0${publicExponent.toHex()}`);
  return modulusLength >= MIN_RSA_BITS && exponent > 1n << 16n && exponent % 2n === 1n;
}

/** Of keys that sign for a TPM, and of endorsement keys. */
export const MIN_RSA_BITS = 2048;

/** An authority signs many certificates, and importing its key costs as much as using it. */
const issuerKeys = new WeakMap<UnverifiedCertificate, Map<string, Promise<CryptoKey>>>();

function issuerKey(
  issuer: UnverifiedCertificate,
  algorithm: { readonly name: string; readonly hash?: string; readonly namedCurve?: string },
): Promise<CryptoKey> {
  const kept = issuerKeys.get(issuer) ?? new Map<string, Promise<CryptoKey>>();
  issuerKeys.set(issuer, kept);
  const id = `${algorithm.name} ${algorithm.hash ?? algorithm.namedCurve}`;
  const key = kept.get(id) ?? crypto.subtle.importKey('spki', new Uint8Array(issuer.spki), algorithm, false, ['verify']);
  kept.set(id, key);
  return key;
}

function refuse(expected: string, actual: string): TeaError {
  return new TeaError('badMessage', 'This is not a certificate', { expected, actual });
}
