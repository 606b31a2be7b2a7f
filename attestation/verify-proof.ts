import {
  decodePolicy,
  decodeProofFile,
  decodeReferenceValues,
  equalBytes,
  referenceValuesDigest,
  type AppraisalPolicy,
  type AttestationResult,
  type Claim,
  type ProofFile,
  type Receipt,
  type ReferenceValues,
  type TrustClass,
} from '@tea/protocol';
import type { ErrandRecord } from '@tea/protocol/layer1';
import { appraise, verdictOf } from './appraise.ts';
import { RECORDED_ACTIVATION } from './appraise-keys.ts';
import type { Appraisal, AppraisalInput } from './appraisal.ts';
import { describeProvenance } from './appraise-reference-values.ts';
import { finding, mustBeDecided } from './proof-claims.ts';
import type { ProofClaim, ProofPins, ProofReport } from './proof-report.ts';
import { verifyChain } from './verify-chain.ts';
import { verifyFinalised } from './verify-finality.ts';
import { verifySelection } from './verify-selection.ts';
import { verifyRecordedEvidence, verifyRecordedReceipt, verifyReleases } from './verify-errand.ts';
import { verifyReceiptsQuote, verifySignedReceipt } from './verify-receipt.ts';

/**
 * Checks a proof file claim by claim, offline: no network, no clock, nothing but these bytes and what the reader pins.
 * @param bytes the file as it came
 * @returns a report; never throws for what the file holds
 */
export async function verifyProof(bytes: Uint8Array, { pinned = {} }: { readonly pinned?: ProofPins } = {}): Promise<ProofReport> {
  let proof: ProofFile;
  try {
    proof = decodeProofFile(bytes);
  } catch (cause) {
    return report({ claims: [finding('file.format', false, 'a proof file of format tea/proof/1', (cause as Error).message)] });
  }
  const intact = finding('file.format', true, 'a proof file of format tea/proof/1', 'decoded, and its digest holds');
  const chain = verifyChain(proof, pinned);
  const claims = [intact, ...chain.claims, await verifyFinalised(proof)];
  const { errand } = chain;
  let documents: { readonly policy: AppraisalPolicy; readonly referenceValues: ReferenceValues };
  try {
    documents = { policy: decodePolicy(proof.policy), referenceValues: decodeReferenceValues(proof.referenceValues) };
  } catch (cause) {
    return report({ claims: [...claims, finding('errand.policy', false, 'a policy and reference values', (cause as Error).message)], errand });
  }
  claims.push(pinnedReferenceValues(documents.referenceValues, pinned));
  if (errand === null) return report({ claims });
  claims.push(...verifySelection(proof, errand), ...verifyRecordedEvidence(proof, errand, documents.policy));
  const appraisal = await appraiseAgain(proof, errand, { ...documents, ...(pinned.revocationLists && { revocationLists: pinned.revocationLists }) });
  const { trustClass } = appraisal.result;
  claims.push(...attestationClaims(appraisal.result), resultRepeats(proof.result, appraisal.result, documents.policy));
  if (appraisal.node === null) return report({ claims, errand, result: appraisal.result });
  const { node } = appraisal;
  const { genesisHash } = proof.chain;
  const signed = await verifySignedReceipt({ bundle: proof.receipt, node, chain: genesisHash, errand: proof.errand.id, trustClass });
  claims.push(...signed.claims, ...(await verifyReceiptsQuote(proof.receipt.quote, node, genesisHash)));
  if (signed.receipt !== null) claims.push(...verifyRecordedReceipt(proof, errand, signed.receipt), verifyReleases(proof, errand, signed.receipt));
  return report({ claims, errand, result: appraisal.result, receipt: signed.receipt });
}

/** The same appraisal the writer made, but with the activation as what it is to a third party: somebody's word. */
function appraiseAgain(
  proof: ProofFile,
  { selection }: ErrandRecord,
  documents: Pick<AppraisalInput, 'policy' | 'referenceValues' | 'revocationLists'>,
): Promise<Appraisal> {
  const none = new Uint8Array(32);
  return appraise({
    ...documents,
    evidence: proof.evidence,
    expected: {
      purpose: 'errand',
      chain: proof.chain.genesisHash,
      errand: proof.errand.id,
      nonce: selection?.seed ?? none, // fixed by layer 1 after the errand was funded
      node: selection?.node ?? none,
      account: selection?.teeAccount ?? none,
    },
    activation: { kind: 'recorded', transcript: proof.activation },
    now: new Date(proof.result.appraisedAtMs),
  });
}

export function attestationClaims(result: AttestationResult): ProofClaim[] {
  return result.claims.map(({ id, title, ok, expected, actual, next }) => {
    const open = ok === null || (id === 'ak.activation' && actual === RECORDED_ACTIVATION);
    return { id: `attestation.${id}`, what: title, outcome: open ? 'cannotTell' : ok ? 'ok' : 'failed', expected, actual, next };
  });
}

/** What the writer could settle and a file can't: they performed the activation, may have had revocation lists, and asked layer 1 at that moment. */
const WRITERS_WORD = ['ak.activation', 'ek.revocation', 'referenceValues.accepted'];

/** The claims that rest on the writer's word may differ, and the verdict as far as they change it; nothing else may. */
export function resultRepeats(written: AttestationResult, ours: AttestationResult, policy: AppraisalPolicy): ProofClaim {
  const theirs = new Map(written.claims.filter(({ id }) => WRITERS_WORD.includes(id)).map(({ id, ok }) => [id, ok]));
  const claims = ours.claims.map((claim) => ({ ...claim, ok: theirs.get(claim.id) ?? claim.ok }));
  const verdict = ours.verdict === 'warning' || ours.verdict === 'affirming' ? verdictOf(claims, policy, true) : ours.verdict;
  const differences = [
    written.verdict !== verdict && `verdict ${written.verdict}`,
    written.trustClass !== ours.trustClass && `trust class ${written.trustClass}`,
    !equalBytes(written.evidence, ours.evidence) && 'evidence',
    !(
      written.policy.name === ours.policy.name &&
      written.policy.version === ours.policy.version &&
      equalBytes(written.policy.digest, ours.policy.digest)
    ) && 'policy',
    !(
      written.referenceValues.name === ours.referenceValues.name &&
      written.referenceValues.version === ours.referenceValues.version &&
      equalBytes(written.referenceValues.digest, ours.referenceValues.digest)
    ) && 'reference values',
    written.claims.length !== ours.claims.length && `${written.claims.length} claims`,
    ...ours.claims.map((claim, place) => {
      const other = written.claims[place];
      const same = other?.id === claim.id && (WRITERS_WORD.includes(claim.id) || other.ok === claim.ok);
      return !same && `claim ${claim.id}`;
    }),
  ].filter((difference) => difference !== false);
  const reworded = ours.claims.filter((claim, place) => isReworded(claim, written.claims[place])).map(({ id }) => id);
  const same = reworded.length === 0 ? true : null;
  const words = `the same in other words, of another release or altered, at ${reworded.join(', ')}`;
  return finding(
    'result.repeats',
    differences.length === 0 ? same : false,
    `${verdict}, ${ours.trustClass}`,
    differences.length > 0 ? `another ${differences.join(', ')}` : same ? 'the same' : words,
  );
}

/** Words are for people, and may change with a release: a proof that says the same in others is not false by that, and no proof of what they say. */
function isReworded(claim: Claim, other: Claim | undefined): boolean {
  if (other?.title !== claim.title || other.source !== claim.source) return true;
  if (WRITERS_WORD.includes(claim.id)) return false;
  return other.expected !== claim.expected || other.actual !== claim.actual || other.next !== claim.next;
}

export function pinnedReferenceValues(values: ReferenceValues, { referenceValues: pin }: ProofPins): ProofClaim {
  const digest = referenceValuesDigest(values);
  return finding(
    'referenceValues.pinned',
    pin === undefined ? null : equalBytes(pin, digest),
    pin?.toHex() ?? 'reference values you know',
    `${values.name} ${values.version} (${describeProvenance(values.provenance)}), ${digest.toHex()}`,
  );
}

type Findings = {
  readonly claims: readonly ProofClaim[];
  readonly errand?: ErrandRecord | null;
  readonly result?: AttestationResult | null;
  readonly receipt?: Receipt | null;
};

function report({ claims, errand = null, result = null, receipt = null }: Findings): ProofReport {
  const failed = claims.some(({ outcome }) => outcome === 'failed');
  const open = claims.some((claim) => claim.outcome === 'cannotTell' && mustBeDecided(claim));
  const verdict = failed ? 'fails' : open ? 'cannotTell' : 'holds';
  const trustClass = result?.trustClass ?? 'simulated';
  return {
    verdict,
    exitCode: ({ holds: 0, fails: 1, cannotTell: 2 } as const)[verdict],
    claims,
    limits: limitsOf(claims, trustClass, receipt?.entropic === true),
    trustClass,
    receipt,
    errand,
    result,
  };
}

function limitsOf(claims: readonly ProofClaim[], trustClass: TrustClass, entropic: boolean): string[] {
  const open = new Set(claims.filter(({ outcome }) => outcome === 'cannotTell').map(({ id }) => id));
  return [
    open.has('chain.genesis') && 'Which network this is: any genesis hash can stand in a file. Pin yours.',
    open.has('chain.block') &&
      open.has('chain.finality') &&
      'Consensus: a header in a file proves nothing about what the network agreed on. Pin the hash of a finalised block, or ask for a file with a proof of finality.',
    open.has('referenceValues.pinned') && 'Whose program this is: the reference values come from the file. Pin the digest of a release you trust.',
    open.has('attestation.ak.activation') &&
      'That the certificate’s TPM holds the attestation key: credential activation is interactive and convinces only whoever performed it.',
    open.has('attestation.ek.revocation') && 'That no certificate was revoked: no revocation list stands in a file. Give the maker’s.',
    open.has('attestation.referenceValues.accepted') &&
      'That layer 1 accepted the software when keys were released: the file holds one record of layer 1, the errand’s. Read Releases.Accepted there.',
    entropic && 'That another run gives the same result: the program was deployed as entropic, and saw randomness of the machine.',
    'When it was judged: certificates were checked at the time the file states.',
    claims.some(({ id, outcome }) => id === 'selection.lots' && outcome === 'ok')
      ? 'Whether somebody was kept from showing a lower lot: a draw tells of the lots that were shown.'
      : 'Whether the executor was chosen fairly: the file does not show it. tea chain export does.',
    trustClass === 'simulated' && 'Anything against the owner of the machine: the TPM is simulated, and whoever runs it can forge all of this.',
    trustClass !== 'simulated' && trustClass !== 'tpm+memory-encryption' && 'That nobody read the memory: a TPM does not encrypt it.',
  ].filter((limit) => limit !== false);
}
