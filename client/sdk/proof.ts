import { encodePolicy, encodeProofFile, encodeReferenceValues, type AppraisalPolicy, type ReceiptBundle, type ReferenceValues } from '@tea/protocol';
import type { Inspection } from './inspect.ts';
import { proveErrand } from './prove-errand.ts';
import type { Tea } from './tea.ts';

export type ProofRequest = {
  readonly inspection: Inspection;
  readonly policy: AppraisalPolicy;
  readonly referenceValues: ReferenceValues;
  readonly bundle: ReceiptBundle;
  /** `encodeSealedRelease` of each, in the order code, data/N, input. */
  readonly releases: readonly Uint8Array[];
};

/**
 * Puts together everything a stranger needs to check this errand offline: the record as the last finalised block holds it, with a storage proof.
 * @returns the bytes of proof.json
 */
export async function writeProof({ ledger }: Tea, { inspection, policy, referenceValues, bundle, releases }: ProofRequest): Promise<Uint8Array> {
  const { id, evidence, activation, appraisal } = inspection;
  return encodeProofFile({
    format: 'tea/proof/1',
    ...(await proveErrand(ledger, id)),
    evidence,
    activation,
    referenceValues: encodeReferenceValues(referenceValues),
    policy: encodePolicy(policy),
    result: appraisal.result,
    receipt: bundle,
    releases,
  });
}
