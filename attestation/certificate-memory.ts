import { decodeCertificate, isSignedBy, type UnverifiedCertificate } from './certificate.ts';

/**
 * Decoding a certificate and checking a signature have one answer for the same bytes, and a verifier meets the same authorities all day: so
 * answers are kept, a bounded number of them. Nothing that depends on time, policy or caller is.
 */
const MAX_KEPT = 256;
const decoded = new Map<string, UnverifiedCertificate>();
const facts = new WeakMap<UnverifiedCertificate, Map<unknown, unknown>>();
const signatures = new WeakMap<UnverifiedCertificate, WeakMap<UnverifiedCertificate, Promise<boolean>>>();

/** As `decodeCertificate`. @throws TeaError `badMessage`, each time anew */
export function recallCertificate(der: Uint8Array): UnverifiedCertificate {
  const key = der.toHex();
  const kept = decoded.get(key);
  if (kept !== undefined) return kept;
  const certificate = decodeCertificate(der.slice()); // a copy: the caller may change its bytes afterwards
  const [oldest] = decoded.keys();
  if (decoded.size >= MAX_KEPT && oldest !== undefined) decoded.delete(oldest);
  decoded.set(key, certificate);
  return certificate;
}

/** As `isSignedBy`, for certificates from `recallCertificate`. */
export function recallSignature(certificate: UnverifiedCertificate, issuer: UnverifiedCertificate): Promise<boolean> {
  const byIssuer = signatures.get(certificate) ?? new WeakMap<UnverifiedCertificate, Promise<boolean>>();
  signatures.set(certificate, byIssuer);
  const answer = byIssuer.get(issuer) ?? isSignedBy(certificate, issuer);
  byIssuer.set(issuer, answer);
  return answer;
}

/**
 * What `read` says of a certificate from `recallCertificate`, read once.
 * @param read a function of the certificate alone, of which there are few: not one made for the call
 */
export function recallFact<T>(certificate: UnverifiedCertificate, read: (certificate: UnverifiedCertificate) => T): T {
  const known = facts.get(certificate) ?? new Map<unknown, unknown>();
  facts.set(certificate, known);
  if (!known.has(read)) known.set(read, read(certificate));
  return known.get(read) as T; // what `read` itself returned
}
