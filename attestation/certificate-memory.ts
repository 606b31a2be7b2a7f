import { decodeCertificate, isSignedBy, type UnverifiedCertificate } from './certificate.ts';

/**
 * Decoding a certificate and checking a signature have one answer for the same bytes, and a verifier meets the same authorities all day: so
 * answers are kept, with a bounded number of certificates. Nothing that depends on time, policy or caller is.
 */
const MAX_KEPT = 256;
const decoded = new Map<string, RecalledCertificate>();

/** A certificate with what was found out about it. It holds no other one: a chain of them would never be given up. */
export type RecalledCertificate = UnverifiedCertificate & {
  readonly key: string;
  /** by the function that read them */
  readonly facts: Map<unknown, unknown>;
  /** by the issuer's key */
  readonly signatures: Map<string, Promise<boolean>>;
};

/** As `decodeCertificate`. @throws TeaError `badMessage`, each time anew */
export function recallCertificate(der: Uint8Array): RecalledCertificate {
  const key = der.toHex();
  const kept = decoded.get(key);
  if (kept !== undefined) return kept;
  // a copy: the caller may change its bytes afterwards
  const certificate = { ...decodeCertificate(der.slice()), key, facts: new Map(), signatures: new Map() };
  const [oldest] = decoded.keys();
  if (decoded.size >= MAX_KEPT && oldest !== undefined) decoded.delete(oldest);
  decoded.set(key, certificate);
  return certificate;
}

/** As `isSignedBy`. */
export function recallSignature(certificate: RecalledCertificate, issuer: RecalledCertificate): Promise<boolean> {
  const answer = certificate.signatures.get(issuer.key) ?? isSignedBy(certificate, issuer);
  certificate.signatures.set(issuer.key, answer);
  return answer;
}

/**
 * What `read` says of a certificate, read once.
 * @param read a function of the certificate alone, of which there are few: not one made for the call
 */
export function recallFact<T>(certificate: RecalledCertificate, read: (certificate: UnverifiedCertificate) => T): T {
  const { facts } = certificate;
  if (!facts.has(read)) facts.set(read, read(certificate));
  return facts.get(read) as T; // what `read` itself returned
}
