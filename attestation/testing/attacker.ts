import { bindingDigest, encodeEventLog, encodeEvidence, type Evidence, type TeaEvent } from '@tea/protocol';
import { nameOf, pcrDigest, policyPcrDigest, type ObjectAttributes, type PcrSelection } from '@tea/protocol/tpm';
import type { AppraisalInput } from '../appraisal.ts';
import { expectedPcrs } from '../expected-state.ts';
import { activationOf, inputFor, logOf, requote, type Scenario } from './scenario.ts';
import { AK_ATTRIBUTES, syntheticTpm, type SyntheticTpm } from './synthetic-tpm.ts';

export { KeyUsageFlags } from '@peculiar/asn1-x509';

/** What an attacker does to an honest node's evidence. Each returns what a verifier would be handed. */
export function evidenceOf(honest: Scenario, evidence: Evidence): AppraisalInput {
  return { ...inputFor(honest), evidence: encodeEvidence(evidence) };
}

/** The honest node's evidence with this sealing key in place of its own, quoted afresh over it. */
export async function withSealingKey(honest: Scenario, publicArea: Uint8Array, certifier = honest.tpm): Promise<AppraisalInput> {
  const sealing = { public: publicArea, ...(await certifier.certify(publicArea)) };
  return evidenceOf(honest, { ...(await requote(honest, { sealingKeyName: nameOf(publicArea) })), sealing });
}

/** Another attestation key in the honest node's TPM, which measured the honest events. */
export async function withAttestationKey(honest: Scenario, akAttributes: ObjectAttributes): Promise<AppraisalInput> {
  return nodeOf({ ...honest, tpm: await measuredTpm(honest, akAttributes) });
}

/** The honest node's TPM with a new attestation key, after the honest events. */
export async function measuredTpm(honest: Scenario, akAttributes = AK_ATTRIBUTES): Promise<SyntheticTpm> {
  const tpm = await syntheticTpm({ akAttributes, ek: honest.tpm.ek });
  for (const { pcr, digest } of honest.log) tpm.extend(pcr, digest);
  return tpm;
}

/** A node that measured `events`, whatever it shows as its log. */
export async function withMeasured(honest: Scenario, events: readonly TeaEvent[], eventLog?: Uint8Array): Promise<AppraisalInput> {
  const tpm = await syntheticTpm({ ek: honest.tpm.ek });
  const log = logOf(events);
  for (const { pcr, digest } of log) tpm.extend(pcr, digest);
  return nodeOf({ ...honest, tpm }, { eventLog: eventLog ?? encodeEventLog(log) });
}

/** A node with the keys and PCRs of `scenario.tpm`, otherwise as the scenario says. */
export async function nodeOf(scenario: Scenario, change: Partial<Evidence> = {}): Promise<AppraisalInput> {
  const { tpm, evidence } = scenario;
  const sealing = { public: evidence.sealing.public, ...(await tpm.certify(evidence.sealing.public)) };
  const activation = await activationOf(tpm, evidence.ekCertificates[0] ?? new Uint8Array());
  const { node: _, ...expected } = scenario.expected;
  const quote = await tpm.quote(bindingDigest(evidence.binding));
  return inputFor(scenario, { akPublic: tpm.akPublic, sealing, quote, ...change }, { activation, expected });
}

/** PolicyPCR over another selection of the values the honest reference values expect. */
export function policyOver(honest: Scenario, selection: PcrSelection): Uint8Array {
  const values = new Map(expectedPcrs(honest.referenceValues).map(({ index, digest }) => [index, digest]));
  return policyPcrDigest(selection, pcrDigest(selection.flatMap(({ pcrs }) => pcrs.map((index) => values.get(index) ?? new Uint8Array(32)))));
}
