import {
  decodeAttestationResult,
  decodeEvidence,
  decodeReferenceValues,
  decodeVotesFile,
  equalBytes,
  evidenceDigest,
  referenceValuesDigest,
  sha256,
  type AttestationResult,
  type ReferenceValues,
  type VotesFile,
} from '@tea/protocol';
import {
  appraisalStorageKey,
  blockHashStorageKey,
  decodeAppraisalRecord,
  decodeHeader,
  decodeNodeRecord,
  hashHeader,
  nodeStorageKey,
  openReadProof,
  type AppraisalRecord,
  type AppraisalSeat,
} from '@tea/protocol/layer1';
import { appraise } from './appraise.ts';
import { describeProvenance } from './appraise-reference-values.ts';
import { laptopPolicy } from './policies.ts';
import { finding, mustBeDecided } from './proof-claims.ts';
import type { ProofClaim, ProofPins, ProofReport } from './proof-report.ts';

/** What a member saw and a file can't show: the TPM's answer, lists it had, what layer 1 said of the software at that moment. */
const ONLY_SEEN = new Set(['ak.activation', 'ek.revocation', 'referenceValues.accepted']);

/**
 * Judges a committee's votes offline: appraises the evidence again, by the policy that committees use and at the time each member did, and compares. A
 * vote is wrong when it passes evidence that fails, fails evidence that holds for a reason anyone can check, or goes against its own reasons.
 * @returns a report as of a proof: `fails` when a vote was wrong; never throws for what the file holds
 */
export async function verifyVotes(bytes: Uint8Array, { pinned = {} }: { readonly pinned?: ProofPins } = {}): Promise<ProofReport> {
  let file: VotesFile;
  try {
    file = decodeVotesFile(bytes);
  } catch (cause) {
    return report([finding('file.format', false, 'a file of format tea/votes/1', (cause as Error).message)]);
  }
  const claims = [finding('file.format', true, 'a file of format tea/votes/1', 'decoded')];
  try {
    const { genesisHash, header, proof } = file.chain;
    const block = decodeHeader(header);
    const hash = hashHeader(block);
    const same = (pin: Uint8Array | undefined, value: Uint8Array) => (pin === undefined ? null : equalBytes(pin, value));
    claims.push(
      finding('chain.genesis', same(pinned.genesisHash, genesisHash), pinned.genesisHash?.toHex() ?? 'a genesis hash you know', genesisHash.toHex()),
      finding('chain.block', same(pinned.blockHash, hash), pinned.blockHash?.toHex() ?? 'the hash of a finalised block you know', hash.toHex()),
    );
    const state = openReadProof({ stateRoot: block.stateRoot, proof });
    const stored = state.read(appraisalStorageKey(file.appraisal));
    const appraisal = stored === null ? null : decodeAppraisalRecord(stored);
    const profile = appraisal === null ? null : state.read(nodeStorageKey(appraisal.node));
    const nonce = file.nonceBlock === null ? null : state.read(blockHashStorageKey(file.nonceBlock));
    state.end();
    const ours = appraisal !== null && equalBytes(appraisal.evidenceDigest, evidenceDigest(file.evidence));
    claims.push(finding('votes.record', ours, `appraisal ${file.appraisal}, of this evidence`, ours ? 'proven' : 'another, or of other evidence'));
    if (appraisal === null || !ours) return report(claims);
    const referenceValues = decodeReferenceValues(file.referenceValues);
    claims.push(
      finding(
        'referenceValues.pinned',
        same(pinned.referenceValues, referenceValuesDigest(referenceValues)),
        pinned.referenceValues?.toHex() ?? 'reference values you know',
        `${referenceValues.name} ${referenceValues.version} (${describeProvenance(referenceValues.provenance)})`,
      ),
    );
    const account = profile === null ? undefined : decodeNodeRecord(profile).teeAccount;
    const asked = nonceOf(file.evidence);
    const fresh = nonce === null || file.nonceBlock === null ? null : equalBytes(nonce, asked) && file.nonceBlock < appraisal.openedAt;
    claims.push(
      finding(
        'votes.nonce',
        fresh,
        `the hash of a block before ${appraisal.openedAt}`,
        fresh === null ? 'not in this state' : `block ${file.nonceBlock}`,
      ),
    );
    const judging = { file, appraisal, referenceValues, nonce: nonce ?? asked, ...(account && { account }) };
    for (const [place, seat] of appraisal.seats.entries()) claims.push(await judgeSeat(seat, file.reasons[place] ?? null, judging));
  } catch (cause) {
    claims.push(finding('votes.record', false, `a storage proof of appraisal ${file.appraisal}`, (cause as Error).message));
  }
  return report(claims);
}

type Judging = {
  readonly file: VotesFile;
  readonly appraisal: AppraisalRecord;
  readonly referenceValues: ReferenceValues;
  readonly nonce: Uint8Array;
  readonly account?: Uint8Array;
};

async function judgeSeat({ node, vote }: AppraisalSeat, reasons: Uint8Array | null, judging: Judging): Promise<ProofClaim> {
  const seat = (outcome: boolean | null, expected: string, actual: string) =>
    finding('votes.seat', outcome, `member ${node.toHex()}: ${expected}`, actual);
  if (vote === null) return seat(true, 'a right vote, or none', 'none');
  const said = `voted ${vote.pass ? 'pass' : 'fail'}`;
  if (reasons === null) return seat(null, 'reasons', `${said}; its reasons are not in the file`);
  const result = decodeAttestationResult(reasons);
  if (!equalBytes(sha256(reasons), vote.reasonsDigest)) return seat(false, `reasons of digest ${vote.reasonsDigest.toHex()}`, 'others');
  if (!equalBytes(result.evidence, judging.appraisal.evidenceDigest))
    return seat(false, 'reasons about this evidence', `${said}, about other evidence`);
  const failed = await failingClaims(judging, result);
  if (failed.length > 0) return seat(!vote.pass, `fail: ${failed.join(', ')}`, said);
  if (vote.pass) return seat(result.verdict === 'affirming', 'pass, on reasons that affirm', `${said}, on reasons that say ${result.verdict}`);
  const blamed = result.claims.filter(({ ok }) => ok === false).map(({ id }) => id);
  const unseen = blamed.length > 0 && blamed.every((id) => ONLY_SEEN.has(id));
  return seat(unseen ? null : false, 'pass', `${said}, ${blamed.length === 0 ? 'on reasons that blame nothing' : `for ${blamed.join(', ')}`}`);
}

/** What fails for anyone, of what needs no conversation. */
async function failingClaims({ file, appraisal, referenceValues, nonce, account }: Judging, { appraisedAtMs }: AttestationResult): Promise<string[]> {
  const { result } = await appraise({
    evidence: file.evidence,
    referenceValues,
    policy: laptopPolicy,
    expected: { purpose: 'join', chain: file.chain.genesisHash, errand: null, nonce, node: appraisal.node, ...(account && { account }) },
    activation: { kind: 'missing' },
    now: new Date(appraisedAtMs),
  });
  return result.claims.filter(({ id, ok }) => ok === false && !ONLY_SEEN.has(id)).map(({ id }) => id);
}

/** What is no evidence answers nothing; the appraisal says so. */
function nonceOf(evidence: Uint8Array): Uint8Array {
  try {
    return decodeEvidence(evidence).binding.nonce;
  } catch {
    return new Uint8Array(32);
  }
}

function report(claims: readonly ProofClaim[]): ProofReport {
  const failed = claims.some(({ outcome }) => outcome === 'failed');
  const open = claims.some((claim) => claim.outcome === 'cannotTell' && mustBeDecided(claim));
  const verdict = failed ? 'fails' : open ? 'cannotTell' : 'holds';
  const exitCode = ({ holds: 0, fails: 1, cannotTell: 2 } as const)[verdict];
  const limits = [
    'Which network this is, and that it agreed on that block: pin its genesis hash, and the block’s.',
    'Whose program this is: the reference values come from the file. A member compares with what it measured as itself.',
    'That the certificate’s TPM holds the attestation key: each member challenged it, and only they saw the answer.',
  ];
  return { verdict, exitCode, claims, limits, trustClass: 'simulated', receipt: null, errand: null, result: null };
}
