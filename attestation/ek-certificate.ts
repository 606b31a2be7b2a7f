import { equalBytes, sha256, TeaError, type Claim, type PinnedRoot, type TrustClass } from '@tea/protocol';
import { curveOf, EC_PUBLIC_KEY, MIN_RSA_BITS, RSA_ENCRYPTION, type UnverifiedCertificate } from './certificate.ts';
import {
  alternativeNameAttributes,
  BASIC_CONSTRAINTS,
  basicConstraints,
  CERTIFICATE_POLICIES,
  EXTENDED_KEY_USAGE,
  KEY_USAGE,
  KEY_USAGES,
  mayBeUsedFor,
  policiesAreKnown,
  purposesOf,
  SUBJECT_ALTERNATIVE_NAME,
} from './certificate-extensions.ts';
import { recallCertificate, recallFact, recallSignature, type RecalledCertificate } from './certificate-memory.ts';
import { judge } from './claims.ts';
import { DER, membersOf, readDer } from './der.ts';
import { integerBytesOf, octetsOfBitString } from './der-values.ts';
import { appraiseRevocation } from './revocation.ts';

const UNDERSTOOD = new Set([BASIC_CONSTRAINTS, KEY_USAGE, EXTENDED_KEY_USAGE, SUBJECT_ALTERNATIVE_NAME, CERTIFICATE_POLICIES]);

/** tcg-kp-EKCertificate, TCG EK Credential Profile, 3.2.16 */
const EK_PURPOSE = '2.23.133.8.1';
const TPM_ATTRIBUTES = { '2.23.133.2.1': 'manufacturer', '2.23.133.2.2': 'model', '2.23.133.2.3': 'version' } as const;
const SIMULATOR_MODEL = /^swtpm/i;

export type EkAppraisal = { readonly claims: readonly Claim[]; readonly trustClass: TrustClass; readonly endorsedBy: string };

/**
 * @param chain DER, the EK certificate first, each issued by the next
 * @param revocationLists DER, whichever the caller has; those of other issuers are passed over
 * @throws TeaError `badMessage`
 */
export async function appraiseEkChain(
  chain: readonly Uint8Array[],
  roots: readonly PinnedRoot[],
  now: Date,
  revocationLists: readonly Uint8Array[] = [],
): Promise<EkAppraisal> {
  const certificates = chain.map((der) => recallCertificate(der));
  const [leaf, ...authorities] = certificates;
  if (leaf === undefined) throw new TeaError('badMessage', 'There is no EK certificate', { expected: 'at least one', actual: 'none' });
  const pinOf = (certificate: RecalledCertificate) => {
    const digest = recallFact(certificate, fingerprint);
    return roots.find((root) => equalBytes(root.sha256, digest));
  };
  const pinned = authorities.map(pinOf).find((root) => root !== undefined);
  const identity = recallFact(leaf, tpmIdentity);
  const claims = [
    judge('ek.signatures', ...(await signaturesHold(certificates, (last) => pinOf(last) !== undefined))),
    judge('ek.validity', ...valid(certificates, now)),
    judge('ek.authorities', ...mayIssue(certificates)),
    judge('ek.revocation', ...(await appraiseRevocation(certificates, revocationLists, now))),
    judge('ek.usage', ...isForEk(leaf, authorities[0])),
    judge('ek.identity', identity.ok, 'TPM manufacturer, model and version, where the certificate has a subject alternative name', identity.text),
  ];
  const simulator = SIMULATOR_MODEL.test(identity.model ?? ''); // a simulator never counts for more, whoever signed for it
  return pinned === undefined || simulator
    ? {
        claims,
        trustClass: 'simulated',
        endorsedBy: pinned === undefined ? 'an authority the policy does not know' : `${pinned.name}, for a simulator`,
      }
    : { claims, trustClass: pinned.trustClass, endorsedBy: pinned.name };
}

/** The EK as `makeCredential` uses it. */
export type EkKey = { readonly type: 'rsa'; readonly key: CryptoKey } | { readonly type: 'ecc'; /** SEC 1, 65 bytes */ readonly point: Uint8Array };

/** @throws TeaError `badInput` unless it is RSA of at least 2048 bits, or on P-256: the keys of the EK profile's templates L-1 and L-2 */
export async function ekKeyOf(ekCertificate: Uint8Array): Promise<EkKey> {
  const certificate = recallCertificate(ekCertificate);
  const { keyAlgorithm, spki } = certificate;
  if (isOnP256(certificate)) {
    const imported = await crypto.subtle
      .importKey('spki', new Uint8Array(spki), { name: 'ECDH', namedCurve: 'P-256' }, true, [])
      .catch(() => Promise.reject(unfit('what is no point of P-256')));
    return { type: 'ecc', point: new Uint8Array(await crypto.subtle.exportKey('raw', imported)) };
  }
  if (keyAlgorithm !== RSA_ENCRYPTION) throw unfit(`a key of algorithm ${keyAlgorithm}`);
  const key = await crypto.subtle.importKey('spki', new Uint8Array(spki), { name: 'RSA-OAEP', hash: 'SHA-256' }, false, ['encrypt']);
  const bits = (key.algorithm as RsaKeyAlgorithm).modulusLength;
  if (bits < 2048) throw unfit(`${bits} bits`);
  return { type: 'rsa', key };
}

function isOnP256({ keyAlgorithm, keyParameters }: UnverifiedCertificate): boolean {
  return keyAlgorithm === EC_PUBLIC_KEY && curveOf(keyParameters) === 'P-256';
}

function unfit(actual: string): TeaError {
  return new TeaError('badInput', 'This EK can not be challenged', {
    expected: 'an RSA key of at least 2048 bits, or a key on P-256',
    actual,
    next: 'use the certificate of the RSA-2048 EK (NV index 0x01C00002) or of the P-256 EK (0x01C0000A)',
  });
}

type Finding = readonly [ok: boolean, expected: string, actual: string];

async function signaturesHold(
  certificates: readonly RecalledCertificate[],
  isPinned: (certificate: RecalledCertificate) => boolean,
): Promise<Finding> {
  const expected = 'each certificate issued and signed by the next, the last by itself or pinned by the policy';
  for (const [index, certificate] of certificates.entries()) {
    const issuer = certificates[index + 1];
    if (issuer === undefined) {
      const selfSigned = equalBytes(certificate.issuer, certificate.subject) && (await recallSignature(certificate, certificate));
      if (index === 0) return [false, expected, 'no issuer is given'];
      if (!selfSigned && !isPinned(certificate)) return [false, expected, `certificate ${index + 1}, the last, is neither`];
    } else if (!equalBytes(certificate.issuer, issuer.subject)) {
      return [false, expected, `certificate ${index + 1} names another issuer than certificate ${index + 2}`];
    } else if (!(await recallSignature(certificate, issuer))) {
      return [false, expected, `certificate ${index + 1} is not signed by certificate ${index + 2}`];
    }
  }
  return [true, expected, `${certificates.length} certificates`];
}

function valid(certificates: readonly UnverifiedCertificate[], now: Date): Finding {
  const expected = `valid at ${now.toISOString()}`;
  const index = certificates.findIndex(({ notBefore, notAfter }) => !(notBefore <= now && now <= notAfter)); // also when a date is none
  const bad = certificates[index];
  return bad === undefined
    ? [true, expected, 'all valid']
    : [false, expected, `certificate ${index + 1} is valid from ${String(bad.notBefore)} to ${String(bad.notAfter)}`];
}

function mayIssue(certificates: readonly RecalledCertificate[]): Finding {
  const expected = 'CA certificates that may sign certificates, within their path length, nothing critical unknown';
  for (const [index, certificate] of certificates.entries()) {
    const unknown = certificate.extensions.find(({ id, critical }) => critical && !UNDERSTOOD.has(id));
    if (unknown) return [false, expected, `certificate ${index + 1} has the critical extension ${unknown.id}`];
    if (!recallFact(certificate, policiesAreKnown)) return [false, expected, `certificate ${index + 1} limits its policies in a way nobody knows`];
    if (index === 0) continue;
    const { ca = false, pathLength } = recallFact(certificate, basicConstraints) ?? {};
    if (!ca) return [false, expected, `certificate ${index + 1} is no CA`];
    if (!recallFact(certificate, maySignCertificates)) return [false, expected, `certificate ${index + 1} may not sign certificates`];
    if (pathLength !== undefined && index - 1 > pathLength) return [false, expected, `certificate ${index + 1} allows a path of ${pathLength}`];
  }
  return [true, expected, 'all may issue'];
}

function maySignCertificates(authority: UnverifiedCertificate): boolean {
  return mayBeUsedFor(authority, KEY_USAGES.keyCertSign);
}

function fingerprint({ der }: UnverifiedCertificate): Uint8Array {
  return sha256(der);
}

function isForEk(leaf: RecalledCertificate, issuer: RecalledCertificate | undefined): Finding {
  const [usable, expected, actual] = recallFact(leaf, isUsableAsEk);
  if (!usable) return [false, expected, actual];
  const list = recallFact(leaf, purposesOf);
  if (list.length > 0) return [list.includes(EK_PURPOSE), expected, `purpose ${list.join(', ')}`];
  // Google's certificates of 2022 and later name no purpose. Their issuer has one, and whoever has one issues for no other.
  const [only, ...others] = issuer === undefined ? [] : recallFact(issuer, purposesOf);
  const limited = only === EK_PURPOSE && others.length === 0;
  return [limited, expected, limited ? `an issuer for purpose ${only} alone` : 'no extended key usage'];
}

function isUsableAsEk(leaf: UnverifiedCertificate): Finding {
  // EK Credential Profile, 3.2.13: an RSA EK decrypts seeds, one on a curve agrees on them.
  const usage = isOnP256(leaf) ? 'keyAgreement' : 'keyEncipherment';
  const expected = `an end certificate for an RSA key or one on P-256, usage ${usage}, purpose ${EK_PURPOSE}`;
  if (!isOnP256(leaf) && leaf.keyAlgorithm !== RSA_ENCRYPTION)
    return [false, expected, `a key of algorithm ${leaf.keyAlgorithm}, or of another curve`];
  if (leaf.keyAlgorithm === RSA_ENCRYPTION && rsaBitsOf(leaf) < MIN_RSA_BITS) return [false, expected, `an RSA key of ${rsaBitsOf(leaf)} bits`];
  if (basicConstraints(leaf)?.ca) return [false, expected, 'a CA certificate'];
  return [mayBeUsedFor(leaf, KEY_USAGES[usage]), expected, `no key usage ${usage}`];
}

/** The length of the modulus: RFC 8017, A.1.1, in RFC 5280, 4.1. */
function rsaBitsOf({ spki }: UnverifiedCertificate): number {
  const [, key] = membersOf(readDer(spki));
  const [modulus] = membersOf(readDer(octetsOfBitString(key), DER.sequence));
  const digits = integerBytesOf(modulus).toHex().replace(/^0+/, '');
  return digits === '' ? 0 : (digits.length - 1) * 4 + Number.parseInt(digits.slice(0, 1), 16).toString(2).length;
}

function tpmIdentity(leaf: UnverifiedCertificate): { readonly ok: boolean; readonly text: string; readonly model: string | undefined } {
  const attributes = alternativeNameAttributes(leaf);
  if (attributes === null) return { ok: true, text: 'no subject alternative name', model: undefined };
  const found = new Map<string, string>();
  for (const { type, text } of attributes) {
    const known = (TPM_ATTRIBUTES as Readonly<Record<string, string>>)[type];
    if (known !== undefined) found.set(known, text);
  }
  const text = Object.values(TPM_ATTRIBUTES)
    .map((name) => `${name} ${found.get(name) ?? 'missing'}`)
    .join(', ');
  return { ok: found.size === 3 && /^id:[0-9A-Fa-f]{8}$/.test(found.get('manufacturer') ?? ''), text, model: found.get('model') };
}
