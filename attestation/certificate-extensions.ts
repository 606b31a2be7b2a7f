import type { UnverifiedCertificate } from './certificate.ts';
import { contextTag, DER, DerSequence, expectTag, membersOf, readDer } from './der.ts';
import { attributesOfName, bitsOf, booleanOf, objectIdentifierOf, smallNumberOf } from './der-values.ts';

/** The extensions of RFC 5280, 4.2 and of the EK credential profile that TEA understands, by object identifier. */
export const BASIC_CONSTRAINTS = '2.5.29.19';
export const KEY_USAGE = '2.5.29.15';
export const EXTENDED_KEY_USAGE = '2.5.29.37';
export const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';

/** Bits of the key usage extension (RFC 5280, 4.2.1.3). */
export const KEY_USAGES = { digitalSignature: 1 << 0, keyEncipherment: 1 << 2, keyAgreement: 1 << 4, keyCertSign: 1 << 5, cRLSign: 1 << 6 } as const;

/** RFC 5280, 4.2.1.9. @returns null when the certificate does not say */
export function basicConstraints(certificate: UnverifiedCertificate): { readonly ca: boolean; readonly pathLength: number | undefined } | null {
  const value = extension(certificate, BASIC_CONSTRAINTS);
  if (value === null) return null;
  const members = new DerSequence(readDer(value));
  const ca = members.takeIf(DER.boolean);
  const pathLength = members.takeIf(DER.integer);
  members.end();
  return { ca: ca !== undefined && booleanOf(ca), pathLength: pathLength && smallNumberOf(pathLength) };
}

/** Whether the certificate says its key may be used for this; one that says nothing may not. @param usage one of `KEY_USAGES` */
export function mayBeUsedFor(certificate: UnverifiedCertificate, usage: number): boolean {
  const value = extension(certificate, KEY_USAGE);
  return value !== null && (bitsOf(readDer(value)) & usage) !== 0;
}

/** Object identifiers of the purposes (4.2.1.12); none when the extension is missing. */
export function purposesOf(certificate: UnverifiedCertificate): readonly string[] {
  const value = extension(certificate, EXTENDED_KEY_USAGE);
  return value === null ? [] : membersOf(readDer(value, DER.sequence)).map(objectIdentifierOf);
}

/** Attributes of the directory names among the alternative names (4.2.1.6); null when the extension is missing. */
export function alternativeNameAttributes(certificate: UnverifiedCertificate): ReturnType<typeof attributesOfName> | null {
  const value = extension(certificate, SUBJECT_ALTERNATIVE_NAME);
  if (value === null) return null;
  return membersOf(readDer(value, DER.sequence))
    .filter(({ tag }) => tag === contextTag(4))
    .flatMap(({ content }) => attributesOfName(expectTag(readDer(content), DER.sequence)));
}

export function extension(certificate: UnverifiedCertificate, id: string): Uint8Array | null {
  return certificate.extensions.find((entry) => entry.id === id)?.value ?? null;
}
