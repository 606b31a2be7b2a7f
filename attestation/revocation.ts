import { equalBytes, TeaError } from '@tea/protocol';
import { algorithmOf, extensionsOf, isSignedBy, type SignedByAuthority, type UnverifiedCertificate } from './certificate.ts';
import { KEY_USAGES, mayBeUsedFor } from './certificate-extensions.ts';
import { contextTag, DER, DerSequence, membersOf, readDer } from './der.ts';
import { integerBytesOf, octetsOfBitString, timeOf } from './der-values.ts';

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
  return equalBytes(list.issuer, issuer.subject) && mayBeUsedFor(issuer, KEY_USAGES.cRLSign) && isSignedBy(list, issuer);
}

function decodeRevocationList(der: Uint8Array): UnverifiedRevocationList {
  try {
    return readRevocationList(der);
  } catch (cause) {
    throw new TeaError('badMessage', 'This is not a certificate revocation list', {
      expected: 'DER of RFC 5280, 5.1',
      actual: (cause as Error).message,
    });
  }
}

/** RFC 5280, 5.1. */
function readRevocationList(der: Uint8Array): UnverifiedRevocationList {
  const outer = new DerSequence(readDer(der));
  const tbs = outer.take(DER.sequence);
  const { algorithm } = algorithmOf(outer.take(DER.sequence));
  const signature = octetsOfBitString(outer.take(DER.bitString));
  outer.end();
  const inner = new DerSequence(tbs);
  inner.takeIf(DER.integer); // version
  inner.take(DER.sequence); // signature algorithm, as outside
  const issuer = inner.take(DER.sequence).whole;
  const thisUpdate = timeOf(inner.takeIf(DER.utcTime, DER.generalizedTime));
  const nextUpdate = inner.takeIf(DER.utcTime, DER.generalizedTime);
  const entries = inner.takeIf(DER.sequence);
  const extensions = inner.takeIf(contextTag(0));
  inner.end();
  const listed = extensions === undefined ? [] : extensionsOf(readDer(extensions.content, DER.sequence));
  return {
    tbs: tbs.whole,
    issuer,
    signatureAlgorithm: algorithm,
    signature,
    thisUpdate,
    nextUpdate: nextUpdate && timeOf(nextUpdate),
    revoked: new Set(
      entries === undefined ? [] : membersOf(entries).map((entry) => integerBytesOf(new DerSequence(entry).take(DER.integer)).toHex()),
    ),
    complete: listed.every(({ id, critical }) => !critical || WHOLE_LIST.has(id)),
  };
}
