import {
  decodeEvidence,
  policyDigest,
  referenceValuesDigest,
  TRUST_CLASSES,
  type AppraisalPolicy,
  type AttestationResult,
  type Claim,
  type Evidence,
  type TrustClass,
  type Verdict,
} from '@tea/protocol';
import { decodeAttest, decodePublicArea, nameOf, publicKeyOf, type UnverifiedAttest, type UnverifiedPublicArea } from '@tea/protocol/tpm';
import { appraiseAcceptance } from './appraise-acceptance.ts';
import { appraiseAk, appraiseSealingKey, isRecordedActivation } from './appraise-keys.ts';
import { appraiseEventLog, isKnown } from './appraise-log.ts';
import { appraiseQuote } from './appraise-quote.ts';
import { appraiseReferenceValues } from './appraise-reference-values.ts';
import type { Appraisal, AppraisalInput, AppraisedNode } from './appraisal.ts';
import { complete, judge } from './claims.ts';
import { appraiseEkChain } from './ek-certificate.ts';
import { recallEventLog } from './event-log-memory.ts';
import { evidencePcrs, expectedPcrs } from './expected-state.ts';

/**
 * Judges evidence (RFC 9334: evidence + endorsements + reference values + policy → attestation result). Never throws for what the
 * evidence holds: undecodable parts are failed claims, so that whoever reads the result sees all that is wrong at once.
 *
 * `affirming`: every claim holds. `warning`: every claim holds but that somebody else performed the credential activation, or that the policy
 * asks for revocation lists and none speaks of some certificate. `contraindicated`: something failed. `none`: this is no evidence at all.
 */
export async function appraise(input: AppraisalInput): Promise<Appraisal> {
  const digesting = digestOf(input.evidence);
  const evidence = attempt(() => decodeEvidence(input.evidence));
  if (!evidence.ok) {
    const claims = [judge('evidence.decodes', false, 'evidence in deterministic CBOR', evidence.reason)];
    return { result: resultOf(input, await digesting, 'none', 'simulated', claims), node: null };
  }
  const decoded = decodeParts(evidence.value);
  const [digest, { trustClass, claims }] = await Promise.all([digesting, judgeAll(evidence.value, decoded, input)]);
  const verdict = verdictOf(claims, input.policy, isRecordedActivation(evidence.value, input.activation));
  const node = verdict === 'affirming' || verdict === 'warning' ? factsOf(evidence.value, decoded, digest) : null;
  return { result: resultOf(input, digest, verdict, trustClass, claims), node };
}

/** `evidenceDigest`, by WebCrypto: evidence is large enough for that to pay, without a copy of it. */
async function digestOf(evidence: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', evidence as Uint8Array<ArrayBuffer>));
}

/** What several checks read, decoded once. */
type DecodedParts = {
  readonly ak: Attempt<UnverifiedPublicArea>;
  readonly sealingKey: Attempt<UnverifiedPublicArea>;
  readonly quoted: Attempt<UnverifiedAttest>;
};

function decodeParts({ akPublic, sealing, quote }: Evidence): DecodedParts {
  return {
    ak: attempt(() => decodePublicArea(akPublic)),
    sealingKey: attempt(() => decodePublicArea(sealing.public)),
    quoted: attempt(() => decodeAttest(quote.attest)),
  };
}

async function judgeAll(
  evidence: Evidence,
  decoded: DecodedParts,
  input: AppraisalInput,
): Promise<{ readonly trustClass: TrustClass; readonly claims: Claim[] }> {
  const { referenceValues, policy, expected, now, revocationLists, acceptedIssue, standings } = input;
  const log = attempt(() => recallEventLog(evidence.eventLog));
  const known = log.ok ? isKnown(log.value, referenceValues) : null;
  const pcrs = log.ok && known?.[0] ? evidencePcrs(log.value.replayed) : expectedPcrs(referenceValues);
  const [ek, ak, sealing, quote, vouched] = await Promise.all([
    attemptAsync(() => appraiseEkChain(evidence.ekCertificates, policy.roots, now, revocationLists)),
    attemptAsync(() => appraiseAk(evidence, valueOf(decoded.ak), input)),
    attemptAsync(() => appraiseSealingKey(evidence, valueOf(decoded.ak), valueOf(decoded.sealingKey), pcrs)),
    attemptAsync(() => appraiseQuote(evidence, valueOf(decoded.ak), valueOf(decoded.quoted), expected)),
    appraiseReferenceValues(referenceValues, policy, { now, ...(acceptedIssue !== undefined && { acceptedIssue }) }),
  ]);
  const trustClass = ek.ok ? ek.value.trustClass : 'simulated';
  const broken = new Set([ek, ak, sealing, quote, log].filter((part) => !part.ok).map(({ reason }) => reason));
  const claims = complete([
    judge('evidence.decodes', broken.size === 0, 'evidence whose every part decodes', [...broken].join('; ') || 'decodes'),
    ...(ek.ok ? ek.value.claims : []),
    ...[ak, sealing, quote].flatMap((part) => (part.ok ? part.value : [])),
    ...(log.ok && known ? appraiseEventLog(log.value, evidence.quote.pcrs, referenceValues, known) : []),
    ...vouched,
    ...appraiseAcceptance(policy, standings),
    ...appraiseListing(expected.listedClass, trustClass),
    judge(
      'policy.trustClass',
      ek.ok && policy.acceptedClasses.includes(trustClass),
      policy.acceptedClasses.join(', '),
      ek.ok ? `${trustClass}, endorsed by ${ek.value.endorsedBy}` : 'unknown',
    ),
  ]);
  return { trustClass, claims };
}

/** Whoever is listed under a better class than its certificate shows would be taken for it by those who only read the list. */
function appraiseListing(listed: TrustClass | undefined, shown: TrustClass): Claim[] {
  if (listed === undefined) return [];
  return [judge('node.listedClass', TRUST_CLASSES.indexOf(listed) <= TRUST_CLASSES.indexOf(shown), `${shown}, or a weaker class`, listed)];
}

/** What the claims come to. @param recordedActivation whether a failed activation claim is one that somebody else performed */
export function verdictOf(claims: readonly Claim[], { revocation }: AppraisalPolicy, recordedActivation: boolean): Verdict {
  const failed = claims.filter(({ ok }) => ok === false).map(({ id }) => id);
  if (failed.some((id) => id !== 'ak.activation' || !recordedActivation)) return 'contraindicated';
  const open = claims.some(({ id, ok }) => ok === null && !(id === 'ek.revocation' && revocation === 'ifGiven'));
  return failed.length > 0 || open ? 'warning' : 'affirming';
}

function factsOf(evidence: Evidence, decoded: DecodedParts, digest: Uint8Array): AppraisedNode | null {
  const sealingKey = publicKeyOf(valueOf(decoded.sealingKey));
  if (sealingKey.type !== 'ecc') return null; // claim sealing.attributes has failed for any other
  const { account, receiptKey } = evidence.binding;
  const node = nameOf(evidence.akPublic).slice(2);
  return {
    appraised: true,
    node,
    account,
    akPublic: evidence.akPublic,
    sealingKey: sealingKey.point,
    receiptKey,
    evidence: digest,
    pcrs: evidence.quote.pcrs,
    clock: valueOf(decoded.quoted).clockInfo,
  };
}

function resultOf(
  { policy, referenceValues, now }: AppraisalInput,
  evidence: Uint8Array,
  verdict: Verdict,
  trustClass: TrustClass,
  claims: readonly Claim[],
): AttestationResult {
  return {
    v: 1,
    verdict,
    trustClass,
    claims,
    evidence,
    policy: { name: policy.name, version: policy.version, digest: policyDigest(policy) },
    referenceValues: { name: referenceValues.name, version: referenceValues.version, digest: referenceValuesDigest(referenceValues) },
    appraisedAtMs: now.getTime(),
  };
}

type Attempt<T> = { readonly ok: true; readonly value: T; readonly reason: '' } | { readonly ok: false; readonly reason: string };

/** @throws Error with the reason of an attempt that failed */
function valueOf<T>(tried: Attempt<T>): T {
  if (!tried.ok) throw new Error(tried.reason);
  return tried.value;
}

/** Decoders of hostile bytes throw; here that is one more finding. */
function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { ok: true, value: work(), reason: '' };
  } catch (cause) {
    return { ok: false, reason: (cause as Error).message };
  }
}

async function attemptAsync<T>(work: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work(), reason: '' };
  } catch (cause) {
    return { ok: false, reason: (cause as Error).message };
  }
}
