import { CID } from 'multiformats/cid';
import { activationTranscript, appraise, makeCredential, type Activation, type Appraisal, type AppraisalInput } from '@tea/attestation';
import {
  collectBytes,
  decodeEvidence,
  equalBytes,
  evidenceDigest,
  policyDigest,
  TeaError,
  type ActivationTranscript,
  type AppraisalPolicy,
  type ReferenceValues,
} from '@tea/protocol';
import type { ErrandRecord, ErrandSelection } from '@tea/protocol/layer1';
import { readErrand } from '@tea/protocol/ledger';
import { nameOf } from '@tea/protocol/tpm';
import { resolveReferences, type ReferenceSource, type ResolvedReferences } from './reference-source.ts';
import type { Tea } from './tea.ts';

export type InspectOptions = {
  readonly policy: AppraisalPolicy;
  readonly referenceValues: ReferenceSource;
  readonly now: Date;
  /** DER of the certificate revocation lists the caller has. */
  readonly revocationLists?: readonly Uint8Array[];
  /** The highest issue of signed reference values of this name that the caller accepted so far. */
  readonly acceptedIssue?: (name: string) => number | undefined;
  readonly signal?: AbortSignal;
};

/** What an owner looks at before a key leaves their hands: the executor's evidence for this errand, judged just now, with a live challenge. */
export type Inspection = {
  readonly id: bigint;
  readonly errand: ErrandRecord;
  readonly selection: ErrandSelection;
  readonly evidence: Uint8Array;
  /** What it was compared with, and whose choice that was. */
  readonly referenceValues: ReferenceValues;
  readonly referencesFrom: ResolvedReferences['from'];
  readonly appraisal: Appraisal;
  readonly activation: ActivationTranscript;
};

const MAX_EVIDENCE_FILE_BYTES = 1 << 20;

/**
 * Fetches the evidence layer 1 names, challenges the executor's TPM to activate a credential, and appraises both. Whatever is wrong with the node is a
 * failed claim in the result; only what can't be had at all is an error.
 * @throws TeaError `conflict` before there is evidence, `corrupt` when it is not the recorded one, `refused` when `policy` is not the errand's
 */
export async function inspect(tea: Tea, id: bigint, options: InspectOptions): Promise<Inspection> {
  const { policy, signal } = options;
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
  const [activation, references] = await Promise.all([
    challengeNode(tea, selection.node, evidence),
    resolveReferences(tea, evidence, options.referenceValues, signal),
  ]);
  const appraisal = await appraise({
    evidence,
    ...knowledgeOf(options, references),
    expected: {
      purpose: 'errand',
      chain: tea.ledger.genesis,
      errand: id,
      nonce: selection.seed,
      account: selection.teeAccount,
      node: selection.node,
    },
    activation,
  });
  const { referenceValues, from: referencesFrom } = references;
  return {
    id,
    errand,
    selection,
    evidence,
    referenceValues,
    referencesFrom,
    appraisal,
    activation: activation.kind === 'performed' ? activationTranscript(activation) : activation,
  };
}

/** What a verifier brings to an appraisal, beside the evidence and the conversation it came from. */
export function knowledgeOf(
  { policy, now, revocationLists, acceptedIssue }: InspectOptions,
  { referenceValues, standings }: ResolvedReferences,
): Pick<AppraisalInput, 'policy' | 'now' | 'referenceValues' | 'standings' | 'revocationLists' | 'acceptedIssue'> {
  const accepted = acceptedIssue?.(referenceValues.name);
  return {
    policy,
    now,
    referenceValues,
    standings,
    ...(revocationLists && { revocationLists }),
    ...(accepted !== undefined && { acceptedIssue: accepted }),
  };
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
