import { CID } from 'multiformats/cid';
import { activationTranscript, appraise, makeCredential, type Activation, type Appraisal } from '@tea/attestation';
import {
  collectBytes,
  decodeEvidence,
  equalBytes,
  evidenceDigest,
  policyDigest,
  referenceValuesDigest,
  TeaError,
  type ActivationTranscript,
  type AppraisalPolicy,
  type ReferenceValues,
} from '@tea/protocol';
import type { ErrandRecord, ErrandSelection, SoftwareStanding } from '@tea/protocol/layer1';
import { imagesIn, readErrand, readStandings, type Ledger } from '@tea/protocol/ledger';
import { nameOf } from '@tea/protocol/tpm';
import type { Tea } from './tea.ts';

export type InspectOptions = {
  readonly policy: AppraisalPolicy;
  readonly referenceValues: ReferenceValues;
  readonly now: Date;
  readonly signal?: AbortSignal;
};

/** What an owner looks at before a key leaves their hands: the executor's evidence for this errand, judged just now, with a live challenge. */
export type Inspection = {
  readonly id: bigint;
  readonly errand: ErrandRecord;
  readonly selection: ErrandSelection;
  readonly evidence: Uint8Array;
  readonly appraisal: Appraisal;
  readonly activation: ActivationTranscript;
};

const MAX_EVIDENCE_FILE_BYTES = 1 << 20;

/**
 * Fetches the evidence layer 1 names, challenges the executor's TPM to activate a credential, and appraises both. Whatever is wrong with the node is a
 * failed claim in the result; only what can't be had at all is an error.
 * @throws TeaError `conflict` before there is evidence, `corrupt` when it is not the recorded one, `refused` when `policy` is not the errand's
 */
export async function inspect(tea: Tea, id: bigint, { policy, referenceValues, now, signal }: InspectOptions): Promise<Inspection> {
  const errand = await readErrand(tea.ledger, id);
  const { selection, evidence: recorded } = errand;
  if (selection === null || recorded === null) {
    throw new TeaError('conflict', `Errand ${id} has no evidence yet`, {
      expected: 'state Attested',
      actual: errand.state,
      next: `tea explain ${id}`,
    });
  }
  if (!equalBytes(errand.policy, policyDigest(policy))) {
    throw new TeaError('refused', `Errand ${id} asks for another appraisal policy`, {
      expected: errand.policy.toHex(),
      actual: `${policy.name} (${policyDigest(policy).toHex()})`,
    });
  }
  const evidence = await collectBytes(
    tea.ipfs.cat(CID.decode(recorded.cid).toString(), { maxBytes: MAX_EVIDENCE_FILE_BYTES, ...(signal && { signal }) }),
  );
  if (!equalBytes(evidenceDigest(evidence), recorded.digest)) {
    throw new TeaError('corrupt', 'The evidence is not the one layer 1 recorded', {
      expected: recorded.digest.toHex(),
      actual: evidenceDigest(evidence).toHex(),
    });
  }
  const [activation, standings] = await Promise.all([
    challengeNode(tea, selection.node, evidence),
    softwareStandings(tea.ledger, referenceValues, evidence),
  ]);
  const appraisal = await appraise({
    evidence,
    referenceValues,
    policy,
    expected: {
      purpose: 'errand',
      chain: tea.ledger.genesis,
      errand: id,
      nonce: selection.seed,
      account: selection.teeAccount,
      node: selection.node,
    },
    activation,
    now,
    standings,
  });
  return { id, errand, selection, evidence, appraisal, activation: activation.kind === 'performed' ? activationTranscript(activation) : activation };
}

/** What layer 1 says, now, of the reference values and of what the evidence says was started. */
export async function softwareStandings(
  ledger: Pick<Ledger, 'state'>,
  referenceValues: ReferenceValues,
  evidence: Uint8Array,
): Promise<readonly SoftwareStanding[]> {
  const software = [{ of: 'referenceValues', digest: referenceValuesDigest(referenceValues) } as const, ...imagesIn(evidence)];
  return (await readStandings(ledger, software)).value;
}

/** A node that can't or won't answer has not shown that its AK belongs to its EK: a missing activation, which no policy lets pass. */
export async function challengeNode(tea: Tea, node: Uint8Array, evidence: Uint8Array): Promise<Activation | { readonly kind: 'missing' }> {
  try {
    const { akPublic, ekCertificates } = decodeEvidence(evidence);
    const akName = nameOf(akPublic);
    const ekCertificate = ekCertificates[0] ?? new Uint8Array();
    const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
    const { challenge, credential } = await makeCredential({ ekCertificate, akName, random });
    return { kind: 'performed', ekCertificate, akName, challenge, credential, answer: await tea.node(node).challenge(challenge) };
  } catch {
    return { kind: 'missing' };
  }
}
