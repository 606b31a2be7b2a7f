import { EVIDENCE_PCRS, replay, type PcrValue, type ReferenceValues } from '@tea/protocol';
import { pcrDigest, policyPcrDigest, type PcrSelection } from '@tea/protocol/tpm';

/** The one PCR selection evidence, receipts and sealing keys use. */
export const EVIDENCE_SELECTION: PcrSelection = [{ hash: 'sha256', pcrs: EVIDENCE_PCRS }];

/**
 * The PCR values a machine in a reference state shows, in the order of `EVIDENCE_PCRS`. PCRs no event touches are zero.
 * @param measured digest that was measured at each event's place, out of those allowed there; the first allowed where missing
 */
export function expectedPcrs(referenceValues: ReferenceValues, measured: readonly Uint8Array[] = []): PcrValue[] {
  const values = replay(
    referenceValues.events.map(({ pcr, allowed }, index) => ({ pcr, digest: measured[index] ?? allowed[0]?.digest ?? new Uint8Array(32) })),
  );
  return evidencePcrs(values);
}

/** Values of `EVIDENCE_PCRS` in their order; zero where nothing was extended. */
export function evidencePcrs(values: ReadonlyMap<number, Uint8Array>): PcrValue[] {
  return EVIDENCE_PCRS.map((index) => ({ index, digest: values.get(index) ?? new Uint8Array(32) }));
}

/** The `authPolicy` of a sealing key that only this state may use: PolicyPCR over all of `EVIDENCE_PCRS`. */
export function sealingAuthPolicy(pcrs: readonly PcrValue[]): Uint8Array {
  return policyPcrDigest(EVIDENCE_SELECTION, pcrDigest(pcrs.map(({ digest }) => digest)));
}
