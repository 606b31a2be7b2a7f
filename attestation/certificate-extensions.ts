import { AsnConvert } from '@peculiar/asn1-schema';
import { BasicConstraints, ExtendedKeyUsage, KeyUsage, type KeyUsageFlags } from '@peculiar/asn1-x509';
import type { UnverifiedCertificate } from './certificate.ts';

/** The extensions of RFC 5280, 4.2 and of the EK credential profile that TEA understands, by object identifier. */
export const BASIC_CONSTRAINTS = '2.5.29.19';
export const KEY_USAGE = '2.5.29.15';
export const EXTENDED_KEY_USAGE = '2.5.29.37';
export const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';

export function basicConstraints(certificate: UnverifiedCertificate): BasicConstraints | null {
  const value = extension(certificate, BASIC_CONSTRAINTS);
  return value && AsnConvert.parse(value, BasicConstraints);
}

/** Whether the certificate says its key may be used for this; one that says nothing may not. */
export function mayBeUsedFor(certificate: UnverifiedCertificate, flag: KeyUsageFlags): boolean {
  const value = extension(certificate, KEY_USAGE);
  return value !== null && (AsnConvert.parse(value, KeyUsage).toNumber() & flag) !== 0;
}

/** Object identifiers of the purposes; none when the extension is missing. */
export function purposesOf(certificate: UnverifiedCertificate): readonly string[] {
  const value = extension(certificate, EXTENDED_KEY_USAGE);
  return value ? [...AsnConvert.parse(value, ExtendedKeyUsage)] : [];
}

export function extension(certificate: UnverifiedCertificate, id: string): Uint8Array | null {
  return certificate.extensions.find((entry) => entry.id === id)?.value ?? null;
}
