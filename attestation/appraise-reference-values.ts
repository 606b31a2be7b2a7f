import {
  equalBytes,
  referenceValuesStatement,
  SIGNED_REFERENCE_VALUES,
  verifySigned,
  type AppraisalPolicy,
  type Claim,
  type Provenance,
  type ReferenceValues,
  type ReferenceValuesRule,
  type SignedProvenance,
} from '@tea/protocol';
import { judge } from './claims.ts';

/**
 * Whether the reference values are ones to compare with: somebody the policy accepts vouches for them, now, and they are not older than
 * what was accepted before. A signature is verified whatever the policy asks for: a false one is worse than none.
 * @param acceptedIssue highest issue of a set of this name that the caller has accepted so far
 */
export async function appraiseReferenceValues(
  values: ReferenceValues,
  { referenceValues: rule }: AppraisalPolicy,
  { now, acceptedIssue = 0 }: { readonly now: Date; readonly acceptedIssue?: number },
): Promise<Claim[]> {
  const { provenance } = values;
  const minimum = rule.accept === 'signed' ? rule.minimumIssue : 0;
  return [
    judge('referenceValues.provenance', ...(await vouchedFor(values, rule))),
    judge('referenceValues.validity', ...valid(provenance, now)),
    judge(
      'referenceValues.rollback',
      provenance.kind === 'signed' ? provenance.issue >= Math.max(minimum, acceptedIssue) : acceptedIssue === 0,
      `issue ${minimum} or later, and none before one you accepted`,
      `${provenance.kind === 'signed' ? `issue ${provenance.issue}` : 'no issue: unsigned'}${
        provenance.kind === 'signed' && provenance.issue >= acceptedIssue ? '' : acceptedIssue > 0 ? `; you accepted issue ${acceptedIssue}` : ''
      }`,
    ),
  ];
}

/** For people: who says so, as far as the values themselves tell. */
export function describeProvenance(provenance: Provenance): string {
  return provenance.kind === 'unsigned'
    ? `unsigned: ${provenance.note}`
    : `signed by key ${provenance.key.toHex()}, which calls itself ${provenance.signer}, issue ${provenance.issue}`;
}

async function vouchedFor(values: ReferenceValues, rule: ReferenceValuesRule): Promise<Finding> {
  const { provenance } = values;
  const expected = rule.accept === 'unsigned' ? 'signed, or built by yourself' : `signed by ${describeKeys(rule)}`;
  if (provenance.kind === 'unsigned') return [rule.accept === 'unsigned', expected, describeProvenance(provenance)];
  if (!(await verifySigned(SIGNED_REFERENCE_VALUES, referenceValuesStatement(values, provenance), provenance.signature, provenance.key)))
    return [false, expected, `a signature that is not of key ${provenance.key.toHex()}, or over other values`];
  if (rule.accept === 'unsigned') return [true, expected, describeProvenance(provenance)];
  const known = rule.releaseKeys.find(({ key }) => equalBytes(key, provenance.key));
  return known ? [true, expected, `signed by ${known.name}`] : [false, expected, describeProvenance(provenance)];
}

function describeKeys({ releaseKeys }: ReferenceValuesRule & { readonly accept: 'signed' }): string {
  return releaseKeys.map(({ name, key }) => `${name} (${key.toHex()})`).join(' or ') || 'a release key, of which the policy names none';
}

function valid(provenance: Provenance, now: Date): Finding {
  const expected = `valid at ${now.toISOString()}`;
  if (provenance.kind === 'unsigned') return [true, expected, 'no period: unsigned'];
  return [isCurrent(provenance, now), expected, `from ${shownTime(provenance.notBeforeMs)} to ${shownTime(provenance.notAfterMs)}`];
}

function isCurrent({ notBeforeMs, notAfterMs }: SignedProvenance, now: Date): boolean {
  return notBeforeMs <= now.getTime() && now.getTime() <= notAfterMs;
}

/** A signer may write a number no calendar holds. */
function shownTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? `${ms} ms` : date.toISOString();
}

type Finding = readonly [ok: boolean, expected: string, actual: string];
