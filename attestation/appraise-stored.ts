import {
  decodeEvidence,
  decodePolicy,
  decodeProofFile,
  decodeReferenceValues,
  equalBytes,
  policyDigest,
  type AppraisalPolicy,
  type AttestationResult,
  type ReferenceValues,
} from '@tea/protocol';
import { appraise } from './appraise.ts';

/** Evidence that was kept, with the reference values it was or will be compared with. */
export type StoredEvidence = {
  readonly evidence: Uint8Array;
  readonly referenceValues: ReferenceValues;
  /** DER of certificate revocation lists */
  readonly revocationLists?: readonly Uint8Array[];
};

/** `accepted`: every claim that kept evidence can settle holds. No ground for a release: see `open`. */
export type StoredAppraisal = { readonly accepted: boolean; readonly result: AttestationResult; readonly open: readonly string[] };

/** Claims about a conversation that is over: who asked, and whether the TPM answered. */
const INTERACTIVE = ['ak.activation', 'ak.node', 'binding.nonce', 'binding.account'];

/**
 * Tries a policy on evidence kept from before: what would it say of such a node? Compares the binding with itself, so freshness and identity stay open.
 * @throws TeaError `badMessage` when this is no evidence
 */
export async function appraiseStored(policy: AppraisalPolicy, stored: StoredEvidence, now: Date): Promise<StoredAppraisal> {
  const { binding } = decodeEvidence(stored.evidence);
  const { purpose, chain, errand, nonce } = binding;
  const { result } = await appraise({ ...stored, policy, expected: { purpose, chain, errand, nonce }, activation: { kind: 'missing' }, now });
  const claims = result.claims.map((claim) =>
    INTERACTIVE.includes(claim.id) ? { ...claim, ok: null, actual: 'can’t be told of evidence that was kept', next: 'tea inspect' } : claim,
  );
  const revocationSettled = policy.revocation === 'ifGiven' || claims.some(({ id, ok }) => id === 'ek.revocation' && ok === true);
  const accepted = result.verdict !== 'none' && claims.every(({ ok }) => ok !== false) && revocationSettled;
  return { accepted, result: { ...result, claims }, open: claims.filter(({ ok }) => ok === null).map(({ id }) => id) };
}

/** Evidence out of a proof file, with whether its errand named this policy. @throws TeaError `badMessage` when it is none */
export function storedEvidenceOf(proof: Uint8Array): StoredEvidence & { isItsPolicy(policy: AppraisalPolicy): boolean } {
  const { evidence, referenceValues, policy } = decodeProofFile(proof);
  const own = policyDigest(decodePolicy(policy));
  return { evidence, referenceValues: decodeReferenceValues(referenceValues), isItsPolicy: (other) => equalBytes(policyDigest(other), own) };
}
