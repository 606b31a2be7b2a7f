import { AsnConvert } from '@peculiar/asn1-schema';
import { CertificateList, KeyUsageFlags } from '@peculiar/asn1-x509';
import { equalBytes, TeaError } from '@tea/protocol';
import { isSignedBy, type SignedByAuthority, type UnverifiedCertificate } from './certificate.ts';
import { mayBeUsedFor } from './certificate-extensions.ts';

/** A certificate revocation list (RFC 5280, 5) that decoded; nobody's signature has been checked. */
type UnverifiedRevocationList = SignedByAuthority & {
  readonly issuer: Uint8Array;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly revoked: ReadonlySet<string>;
  /** a list that speaks of a part only (5.2.4, 5.2.5) can show that a certificate was revoked, never that it was not */
  readonly complete: boolean;
};

const CRL_NUMBER = '2.5.29.20';
const AUTHORITY_KEY_IDENTIFIER = '2.5.29.35';
const WHOLE_LIST = new Set([CRL_NUMBER, AUTHORITY_KEY_IDENTIFIER]);

/**
 * Whether any certificate of the chain was revoked, by the lists at hand.
 * @param chain leaf first; the last one is trusted as it is and has no list
 * @returns false when a list signed by its issuer names one, true when current lists speak of each, null when for some there is none
 * @throws TeaError `badMessage` for what is no list: a caller must not believe it was looked at
 */
export async function appraiseRevocation(
  chain: readonly UnverifiedCertificate[],
  lists: readonly Uint8Array[],
  now: Date,
): Promise<readonly [ok: boolean | null, expected: string, actual: string]> {
  const expected = `no certificate on its issuer’s revocation list at ${now.toISOString()}`;
  const decoded = lists.map(decodeRevocationList);
  const silent: string[] = [];
  for (const [index, certificate] of chain.slice(0, -1).entries()) {
    const issuer = chain[index + 1];
    let spokenOf = false;
    for (const list of decoded) {
      if (issuer === undefined || !(await isListOf(issuer, list))) continue;
      // also by a list out of date: what was revoked stays so
      if (list.revoked.has(certificate.serialNumber.toHex())) return [false, expected, `certificate ${index + 1} was revoked`];
      spokenOf ||= list.complete && list.thisUpdate <= now && list.nextUpdate !== undefined && now <= list.nextUpdate;
    }
    if (!spokenOf) silent.push(`certificate ${index + 1}`);
  }
  if (silent.length === 0) return [true, expected, 'none is'];
  return [null, expected, `no current list of the issuer of ${silent.join(', ')} was given`];
}

/** RFC 5280, 6.3.3 (f) and (g). */
async function isListOf(issuer: UnverifiedCertificate, list: UnverifiedRevocationList): Promise<boolean> {
  return equalBytes(list.issuer, issuer.subject) && mayBeUsedFor(issuer, KeyUsageFlags.cRLSign) && isSignedBy(list, issuer);
}

function decodeRevocationList(der: Uint8Array): UnverifiedRevocationList {
  try {
    const list = AsnConvert.parse(der, CertificateList);
    const { tbsCertList: tbs, tbsCertListRaw: raw } = list;
    if (raw === undefined) throw new Error('no signed part');
    const extensions = tbs.crlExtensions ?? [];
    const entries = tbs.revokedCertificates ?? [];
    return {
      tbs: new Uint8Array(raw),
      issuer: new Uint8Array(AsnConvert.serialize(tbs.issuer)),
      signatureAlgorithm: list.signatureAlgorithm.algorithm,
      signature: new Uint8Array(list.signature),
      thisUpdate: tbs.thisUpdate.getTime(),
      nextUpdate: tbs.nextUpdate?.getTime(),
      revoked: new Set(entries.map(({ userCertificate }) => new Uint8Array(userCertificate).toHex())),
      complete: extensions.every(({ extnID, critical }) => !critical || WHOLE_LIST.has(extnID)),
    };
  } catch (cause) {
    throw new TeaError('badMessage', 'This is not a certificate revocation list', {
      expected: 'DER of RFC 5280, 5.1',
      actual: (cause as Error).message,
    });
  }
}
