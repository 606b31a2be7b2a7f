import { AsnConvert } from '@peculiar/asn1-schema';
import { Certificate as AsnCertificate } from '@peculiar/asn1-x509';
import { concatBytes, equalBytes, TeaError } from '@tea/protocol';
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

/**
 * @param der one X.509 v3 certificate
 * @throws TeaError `badMessage` for anything else, and for a second spelling of the parts no signature covers: a certificate has one DER form
 */
export function decodeCertificate(der: Uint8Array): UnverifiedCertificate {
  const { asn, tbs, inner } = parse(der);
  const { subjectPublicKeyInfo: key, validity, serialNumber, subject, issuer, extensions = [] } = asn.tbsCertificate;
  const signature = new Uint8Array(asn.signatureValue);
  const wrapper = sequence(tbs, inner, concatBytes(header(0x03, signature.length + 1), Uint8Array.of(0), signature));
  if (!equalBytes(wrapper, der)) throw refuse('DER whose outer signature algorithm repeats the signed one (RFC 5280, 4.1.1.2)', 'another encoding');
  const ids = extensions.map(({ extnID }) => extnID);
  if (new Set(ids).size !== ids.length) throw refuse('each extension once (RFC 5280, 4.2)', ids.join(', '));
  return {
    der,
    tbs,
    serialNumber: new Uint8Array(serialNumber),
    subject: new Uint8Array(AsnConvert.serialize(subject)),
    issuer: new Uint8Array(AsnConvert.serialize(issuer)),
    notBefore: validity.notBefore.getTime(),
    notAfter: validity.notAfter.getTime(),
    spki: new Uint8Array(AsnConvert.serialize(key)),
    keyAlgorithm: key.algorithm.algorithm,
    keyParameters: new Uint8Array(key.algorithm.parameters ?? new ArrayBuffer(0)),
    signatureAlgorithm: asn.signatureAlgorithm.algorithm,
    signature,
    extensions: extensions.map(({ extnID, critical, extnValue }) => ({ id: extnID, critical, value: new Uint8Array(extnValue.buffer) })),
  };
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
      const key = await crypto.subtle.importKey('spki', new Uint8Array(issuer.spki), { name: 'RSASSA-PKCS1-v1_5', hash }, false, ['verify']);
      return await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, new Uint8Array(signed.signature), new Uint8Array(signed.tbs));
    }
    const curve = CURVES[issuer.keyParameters.toHex()];
    const signature = curve && derToP1363(signed.signature, curve.sizeBytes);
    if (!curve || !signature) return false;
    const key = await crypto.subtle.importKey('spki', new Uint8Array(issuer.spki), { name: 'ECDSA', namedCurve: curve.name }, false, ['verify']);
    return await crypto.subtle.verify({ name: 'ECDSA', hash }, key, signature, new Uint8Array(signed.tbs));
  } catch {
    return false; // a key WebCrypto can't import signs nothing
  }
}

function parse(der: Uint8Array): { readonly asn: AsnCertificate; readonly tbs: Uint8Array; readonly inner: Uint8Array } {
  try {
    const asn = AsnConvert.parse(der, AsnCertificate);
    if (asn.tbsCertificateRaw === undefined) throw new Error('no signed part');
    return { asn, tbs: new Uint8Array(asn.tbsCertificateRaw), inner: new Uint8Array(AsnConvert.serialize(asn.tbsCertificate.signature)) };
  } catch (cause) {
    throw refuse('an X.509 certificate in DER', (cause as Error).message);
  }
}

function sequence(...members: readonly Uint8Array[]): Uint8Array {
  const body = concatBytes(...members);
  return concatBytes(header(0x30, body.length), body);
}

function header(tag: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tag, length);
  return length < 0x100 ? Uint8Array.of(tag, 0x81, length) : Uint8Array.of(tag, 0x82, length >> 8, length & 0xff);
}

function refuse(expected: string, actual: string): TeaError {
  return new TeaError('badMessage', 'This is not a certificate', { expected, actual });
}
