import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  CertificateList,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  RevokedCertificate,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  TBSCertList,
  Time,
  Validity,
  Version,
} from '@peculiar/asn1-x509';

/** Makes the certificates a TPM maker would issue, and the ones an attacker would. */
export type CertificateSpec = {
  readonly subject: string;
  readonly issuer: string;
  readonly publicKey: CryptoKey;
  readonly signer: CryptoKey;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly ca?: { readonly pathLength?: number };
  readonly usage?: number;
  readonly purposes?: readonly string[];
  readonly tpm?: { readonly manufacturer: string; readonly model: string; readonly version: string };
  readonly criticalUnknown?: boolean;
  /** DER of the value of another extension, critical */
  readonly critical?: { readonly id: string; readonly value: Uint8Array };
  /** of the signature, where it is not RSA with SHA-256; the signer's key must be for it */
  readonly algorithm?: string;
  readonly serialNumber?: Uint8Array;
};

export const EK_PURPOSE = '2.23.133.8.1';
const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';

/** @returns DER */
export async function issueCertificate(spec: CertificateSpec): Promise<Uint8Array> {
  const algorithm = new AlgorithmIdentifier({ algorithm: spec.algorithm ?? SHA256_WITH_RSA, parameters: null });
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: new Uint8Array(spec.serialNumber ?? Uint8Array.of(1, 2, 3, 4)).buffer,
    signature: algorithm,
    issuer: commonName(spec.issuer),
    subject: commonName(spec.subject),
    validity: new Validity({
      notBefore: spec.notBefore ?? new Date('2024-01-01T00:00:00Z'),
      notAfter: spec.notAfter ?? new Date('2044-01-01T00:00:00Z'),
    }),
    subjectPublicKeyInfo: AsnConvert.parse(await crypto.subtle.exportKey('spki', spec.publicKey), SubjectPublicKeyInfo),
    extensions: new Extensions(extensionsOf(spec)),
  });
  const tbs = AsnConvert.serialize(tbsCertificate);
  const signatureValue = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', spec.signer, tbs);
  return new Uint8Array(AsnConvert.serialize(new Certificate({ tbsCertificate, signatureAlgorithm: algorithm, signatureValue })));
}

export type RevocationListSpec = {
  readonly issuer: string;
  readonly signer: CryptoKey;
  readonly revoked?: readonly Uint8Array[];
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date;
  readonly criticalUnknown?: boolean;
};

/** @returns DER of a certificate revocation list */
export async function issueRevocationList(spec: RevocationListSpec): Promise<Uint8Array> {
  const algorithm = new AlgorithmIdentifier({ algorithm: SHA256_WITH_RSA, parameters: null });
  const tbsCertList = new TBSCertList({
    version: Version.v2,
    signature: algorithm,
    issuer: commonName(spec.issuer),
    thisUpdate: new Time(spec.thisUpdate ?? new Date('2026-05-01T00:00:00Z')),
    nextUpdate: new Time(spec.nextUpdate ?? new Date('2026-07-01T00:00:00Z')),
    ...(spec.revoked && {
      revokedCertificates: spec.revoked.map(
        (serial) =>
          new RevokedCertificate({ userCertificate: new Uint8Array(serial).buffer, revocationDate: new Time(new Date('2026-04-01T00:00:00Z')) }),
      ),
    }),
    ...(spec.criticalUnknown && {
      crlExtensions: [new Extension({ extnID: '1.2.3.4', critical: true, extnValue: new OctetString(Uint8Array.of(5, 0)) })],
    }),
  });
  const signature = await crypto.subtle.sign('RSASSA-PKCS1-v1_5', spec.signer, AsnConvert.serialize(tbsCertList));
  return new Uint8Array(AsnConvert.serialize(new CertificateList({ tbsCertList, signatureAlgorithm: algorithm, signature })));
}

function extensionsOf({ ca, usage, purposes = [], tpm, criticalUnknown, critical }: CertificateSpec): Extension[] {
  const constraints = ca?.pathLength === undefined ? { cA: ca !== undefined } : { cA: true, pathLenConstraint: ca.pathLength };
  return [
    extension('2.5.29.19', true, new BasicConstraints(constraints)),
    extension('2.5.29.15', true, new KeyUsage(usage ?? (ca ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign : KeyUsageFlags.keyEncipherment))),
    ...(purposes.length > 0 ? [extension('2.5.29.37', false, new ExtendedKeyUsage([...purposes]))] : []),
    ...(tpm ? [extension('2.5.29.17', true, tpmName(tpm))] : []),
    ...(criticalUnknown ? [new Extension({ extnID: '1.2.3.4', critical: true, extnValue: new OctetString(Uint8Array.of(5, 0)) })] : []),
    ...(critical ? [new Extension({ extnID: critical.id, critical: true, extnValue: new OctetString(critical.value) })] : []),
  ];
}

function extension(extnID: string, critical: boolean, value: object): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function tpmName({ manufacturer, model, version }: NonNullable<CertificateSpec['tpm']>): SubjectAlternativeName {
  const parts = [attribute('2.23.133.2.1', manufacturer), attribute('2.23.133.2.2', model), attribute('2.23.133.2.3', version)];
  return new SubjectAlternativeName([new GeneralName({ directoryName: new Name(parts.map((part) => new RelativeDistinguishedName([part]))) })]);
}

function commonName(text: string): Name {
  return new Name([new RelativeDistinguishedName([attribute('2.5.4.3', text)])]);
}

function attribute(type: string, text: string): AttributeTypeAndValue {
  return new AttributeTypeAndValue({ type, value: new AttributeValue({ utf8String: text }) });
}
