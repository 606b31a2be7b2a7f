import type { UnverifiedCertificate } from './certificate.ts';
import { contextTag, DER, DerSequence, expectTag, membersOf, readDer } from './der.ts';
import { attributesOfName, bitsOf, booleanOf, objectIdentifierOf, smallNumberOf } from './der-values.ts';

/** The extensions of RFC 5280, 4.2 and of the EK credential profile that TEA understands, by object identifier. */
export const BASIC_CONSTRAINTS = '2.5.29.19';
export const KEY_USAGE = '2.5.29.15';
export const EXTENDED_KEY_USAGE = '2.5.29.37';
export const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';
export const CERTIFICATE_POLICIES = '2.5.29.32';

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

/** Where a policy is published (CPS) and a notice to its user: all that 4.2.1.4 defines, and both for people. */
const POLICY_QUALIFIERS: readonly string[] = ['1.3.6.1.5.5.7.2.1', '1.3.6.1.5.5.7.2.2'];

/**
 * Whether the certificate's policies (4.2.1.4) are ones that a verifier of any policy may take: it asks for none, so none is refused (6.1.1 c, with
 * any-policy; what would ask for one, policy constraints, is critical and unknown here). But a qualifier that nobody knows could limit them.
 */
export function policiesAreKnown(certificate: UnverifiedCertificate): boolean {
  const value = extension(certificate, CERTIFICATE_POLICIES);
  if (value === null) return true;
  return membersOf(readDer(value, DER.sequence)).every((policy) => {
    const members = new DerSequence(expectTag(policy, DER.sequence));
    members.take(DER.objectIdentifier);
    const qualifiers = members.takeIf(DER.sequence);
    members.end();
    if (qualifiers === undefined) return true;
    return membersOf(qualifiers).every((qualifier) =>
      POLICY_QUALIFIERS.includes(objectIdentifierOf(membersOf(expectTag(qualifier, DER.sequence))[0])),
    );
  });
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
