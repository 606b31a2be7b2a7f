import {
  decodeSealedRelease,
  equalBytes,
  evidenceDigest,
  policyDigest,
  releaseDigest,
  sha256,
  type AppraisalPolicy,
  type ProofFile,
  type Receipt,
  type ReleasePart,
} from '@tea/protocol';
import { termsDigest, type ErrandRecord } from '@tea/protocol/layer1';
import { finding } from './proof-claims.ts';
import type { ProofClaim } from './proof-report.ts';

/** Whether the file's evidence and policy are those of the errand record. */
export function verifyRecordedEvidence(proof: ProofFile, errand: ErrandRecord, policy: AppraisalPolicy): ProofClaim[] {
  const digest = evidenceDigest(proof.evidence);
  const named = policyDigest(policy);
  return [
    finding(
      'evidence.recorded',
      errand.evidence !== null && equalBytes(errand.evidence.digest, digest),
      errand.evidence?.digest.toHex() ?? 'evidence on layer 1',
      digest.toHex(),
    ),
    finding('errand.policy', equalBytes(errand.policy, named), errand.policy.toHex(), `${policy.name} ${policy.version}, ${named.toHex()}`),
  ];
}

/** Whether there is exactly one release for each sealed part, made for this run and recorded by its owner. */
export function verifyReleases(proof: ProofFile, errand: ErrandRecord, receipt: Receipt): ProofClaim {
  const sealed = errand.parts.filter(({ sealed: isSealed }) => isSealed);
  const expected = sealed.length === 0 ? 'no release: nothing is sealed' : `one release each for ${sealed.map(({ part }) => part).join(', ')}`;
  if (proof.releases.length !== sealed.length) return finding('releases.recorded', false, expected, `${proof.releases.length} releases`);
  for (const [place, terms] of sealed.entries()) {
    const bytes = proof.releases[place] ?? new Uint8Array();
    try {
      const release = decodeSealedRelease(bytes);
      const problems = [
        release.part !== terms.part && `part ${release.part}`,
        !equalBytes(release.chain, proof.chain.genesisHash) && 'another chain',
        release.errand !== proof.errand.id && `errand ${release.errand}`,
        !equalBytes(release.node, errand.selection?.node ?? new Uint8Array()) && 'another node',
        !equalBytes(release.evidence, evidenceDigest(proof.evidence)) && 'other evidence',
        !equalBytes(release.terms, termsDigest(errand)) && 'another order',
        !equalBytes(release.content, terms.sha256) && 'other content',
        release.expiresAtBlock < receipt.startedAtBlock && `expired at block ${release.expiresAtBlock}`,
        !equalBytes(terms.release?.digest ?? new Uint8Array(), releaseDigest(bytes)) && 'not the recorded digest',
      ].filter((problem) => problem !== false);
      if (problems.length > 0) return finding('releases.recorded', false, expected, `for ${terms.part}: ${problems.join(', ')}`);
    } catch (cause) {
      return finding('releases.recorded', false, expected, `for ${terms.part}: ${(cause as Error).message}`);
    }
  }
  return finding('releases.recorded', true, expected, `${sealed.length} releases, each recorded`);
}

/** In what a receipt is of something else than the errand on layer 1: names for people, none when it is of just this errand. */
export function differencesFromErrand(receipt: Receipt, errand: ErrandRecord): string[] {
  const { run } = errand;
  const ordered = (part: ReleasePart) => errand.parts.find((terms) => terms.part === part)?.sha256 ?? new Uint8Array();
  const dataCount = errand.parts.filter(({ part }) => part.startsWith('data/')).length;
  return [
    !equalBytes(receipt.code.sha256, ordered('code')) && 'code',
    (receipt.data.length !== dataCount || receipt.data.some((item, index) => !equalBytes(item.sha256, ordered(`data/${index}`)))) && 'data',
    !equalBytes(receipt.input?.sha256 ?? new Uint8Array(), ordered('input')) && 'input',
    receipt.outcome !== run?.outcome && 'outcome',
    receipt.gasUsed !== run?.gasUsed && 'gas used',
    receipt.gasLimit !== errand.gasLimit && 'gas limit',
    !(receipt.startedAtBlock >= (errand.evidence?.atBlock ?? Infinity) && receipt.startedAtBlock <= (run?.atBlock ?? -1)) && 'starting block',
  ].filter((difference) => difference !== false);
}

/** Whether layer 1 settled this receipt, and the receipt is of what was ordered. */
export function verifyRecordedReceipt(proof: ProofFile, errand: ErrandRecord, receipt: Receipt): ProofClaim[] {
  const digest = sha256(proof.receipt.cose);
  const { run } = errand;
  const differences = differencesFromErrand(receipt, errand);
  return [
    finding(
      'receipt.recorded',
      run !== null && equalBytes(run.receiptDigest, digest),
      run?.receiptDigest.toHex() ?? 'a receipt on layer 1',
      digest.toHex(),
    ),
    finding(
      'receipt.errand',
      differences.length === 0,
      'what the errand record says',
      differences.length === 0 ? 'the same' : `other ${differences.join(', ')}`,
    ),
  ];
}
