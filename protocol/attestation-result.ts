import type { TrustClass } from './trust-class.ts';

/**
 * An attestation result (RFC 9334), in the words of EAR: a verdict with every claim it rests on. It is one verifier's judgement at one
 * moment; whoever doesn't trust that verifier appraises the evidence again.
 */
export type Verdict = 'affirming' | 'warning' | 'contraindicated' | 'none';

export type Claim = {
  /** stable, e.g. `quote.freshness` */
  readonly id: string;
  /** for people: what must be true */
  readonly title: string;
  /** null when it can't be told; whoever does not look closer takes that for no */
  readonly ok: boolean | null;
  readonly expected: string;
  readonly actual: string;
  /** what to do about it; empty when `ok` */
  readonly next: string;
  /** where the expectation comes from: a clause, the reference values, the policy, the caller */
  readonly source: string;
};

export type AttestationResult = {
  readonly v: 1;
  readonly verdict: Verdict;
  readonly trustClass: TrustClass;
  readonly claims: readonly Claim[];
  /** digest of the evidence, 32 bytes */
  readonly evidence: Uint8Array;
  readonly policy: { readonly name: string; readonly version: number; readonly digest: Uint8Array };
  readonly referenceValues: { readonly name: string; readonly version: string; readonly digest: Uint8Array };
  /** when it was judged, milliseconds since 1970 */
  readonly appraisedAtMs: number;
};
