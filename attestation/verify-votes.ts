import {
  decodeAttestationResult,
  decodeEvidence,
  decodeReferenceValues,
  decodeVotesFile,
  equalBytes,
  evidenceDigest,
  policyDigest,
  referenceValuesDigest,
  sha256,
  type AttestationResult,
  type ReferenceValues,
  type VotesFile,
} from '@tea/protocol';
import {
  ACCEPTED_RELEASES,
  appraisalStorageKey,
  blockHashStorageKey,
  decodeAcceptedReleases,
  decodeAppraisalRecord,
  decodeHeader,
  decodeNodeRecord,
  hashHeader,
  nodeStorageKey,
  openReadProof,
  type AcceptedRelease,
  type AppraisalRecord,
  type AppraisalSeat,
  type AppraisalVote,
  type NodeRecord,
  type ReleasedDocument,
} from '@tea/protocol/layer1';
import { appraise } from './appraise.ts';
import { describeProvenance } from './appraise-reference-values.ts';
import { finding, mustBeDecided } from './proof-claims.ts';
import type { ProofClaim, ProofPins, ProofReport } from './proof-report.ts';
import { expectedSoftware } from './released.ts';

/** What a member saw and a file can't show: the TPM's answer, and revocation lists it had. */
const ONLY_SEEN = new Set(['ak.activation', 'ek.revocation']);

/**
 * Judges a committee's votes offline: appraises the evidence again as committees do, by what layer 1 had released between the opening of the appraisal and
 * the vote and at the time each member did, and compares. A vote is wrong when it passes evidence that fails, fails evidence that holds for a reason anyone
 * can check, or goes against its own reasons.
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
    const records = decodeAcceptedReleases(state.readAll(ACCEPTED_RELEASES));
    state.end();
    const ours = appraisal !== null && equalBytes(appraisal.evidenceDigest, evidenceDigest(file.evidence));
    claims.push(finding('votes.record', ours, `appraisal ${file.appraisal}, of this evidence`, ours ? 'proven' : 'another, or of other evidence'));
    if (appraisal === null || !ours) return report(claims);
    const referenceValues = decodeReferenceValues(file.referenceValues);
    const documents = file.releases.map((document) => ({ digest: sha256(document), values: decodeReferenceValues(document) }));
    const eventLog = eventLogOf(file.evidence);
    const isLocal = expectedSoftware(eventLog, { atBlock: appraisal.openedAt, records, documents }).kind === 'local';
    const compared = isLocal ? [{ digest: referenceValuesDigest(referenceValues), values: referenceValues }] : documents;
    claims.push(
      finding(
        'referenceValues.pinned',
        pinned.referenceValues === undefined ? null : compared.some(({ digest }) => same(pinned.referenceValues, digest)),
        pinned.referenceValues?.toHex() ?? 'reference values you know',
        compared.map(({ values: { name, version, provenance } }) => `${name} ${version} (${describeProvenance(provenance)})`).join('; ') ||
          'none in the file',
      ),
    );
    const record = profile === null ? undefined : decodeNodeRecord(profile);
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
    const judging = { file, appraisal, referenceValues, records, documents, eventLog, nonce: nonce ?? asked, ...(record && { record }) };
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
  readonly records: readonly AcceptedRelease[];
  readonly documents: readonly ReleasedDocument[];
  readonly eventLog: Uint8Array | null;
  readonly nonce: Uint8Array;
  readonly record?: NodeRecord;
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
  const views = await Promise.all(momentsOf(judging, vote).map((atBlock) => viewAt(atBlock, judging, result)));
  const failing = views.findLast(({ failed }) => failed !== null && failed.length > 0)?.failed;
  const holds = views.some(({ failed }) => failed !== null && failed.length === 0);
  const unread = views.some(({ failed }) => failed === null);
  // Between opening and vote layer 1 may have changed its mind: then the member may have asked before or after.
  if (failing && !vote.pass) return seat(true, `fail: ${failing.join(', ')}`, said);
  if (!holds && unread) return seat(null, 'every release that was in force', `${said}; the file lacks one that the evidence may fit`);
  if (failing && !holds) return seat(false, `fail: ${failing.join(', ')}`, said);
  if (vote.pass) return seat(result.verdict === 'affirming', 'pass, on reasons that affirm', `${said}, on reasons that say ${result.verdict}`);
  const blamed = result.claims.filter(({ ok }) => ok === false).map(({ id }) => id);
  const unseen = blamed.length > 0 && blamed.every((id) => ONLY_SEEN.has(id));
  const otherKey = views.every((view) => view.kind === 'released' && !equalBytes(view.policy, result.policy.digest));
  const why = blamed.length === 0 ? 'on reasons that blame nothing' : `for ${blamed.join(', ')}`;
  if (otherKey && blamed.length > 0)
    return seat(null, 'pass', `${said}, ${why}, by a policy of its own (${result.policy.name}): it may know another release key`);
  return seat(unseen ? null : false, 'pass', `${said}, ${why}`);
}

/** Blocks from the opening of the appraisal to the vote between which layer 1 said the same of all software. */
function momentsOf({ appraisal: { openedAt }, records }: Judging, { atBlock }: AppraisalVote): number[] {
  const changes = records.flatMap(({ acceptedAt, activeFrom, revokedFrom }) => [acceptedAt, activeFrom, revokedFrom ?? 0]);
  return [...new Set([openedAt, ...changes.filter((block) => block > openedAt && block <= atBlock)])].toSorted((a, b) => a - b);
}

/** `failed` is null where the file lacks what to compare with. */
type View =
  | { readonly kind: 'unread'; readonly failed: null }
  | { readonly kind: 'local' | 'released'; readonly failed: readonly string[]; readonly policy: Uint8Array };

/** What fails for anyone who asks layer 1 at that block, of what needs no conversation. */
async function viewAt(atBlock: number, judging: Judging, { appraisedAtMs }: AttestationResult): Promise<View> {
  const { file, appraisal, records, documents, eventLog, nonce, record } = judging;
  const software = expectedSoftware(eventLog, { atBlock, records, documents });
  if (software.kind === 'unread') return { kind: 'unread', failed: null };
  const { result } = await appraise({
    evidence: file.evidence,
    referenceValues: software.kind === 'released' ? software.referenceValues : judging.referenceValues,
    policy: software.policy,
    standings: software.standings,
    expected: {
      purpose: 'join',
      chain: file.chain.genesisHash,
      errand: null,
      nonce,
      node: appraisal.node,
      ...(record && { account: record.teeAccount, listedClass: record.trustClass }),
    },
    activation: { kind: 'missing' },
    now: new Date(appraisedAtMs),
  });
  const failed = result.claims.filter(({ id, ok }) => ok === false && !ONLY_SEEN.has(id)).map(({ id }) => id);
  return { kind: software.kind, failed, policy: policyDigest(software.policy) };
}

function eventLogOf(evidence: Uint8Array): Uint8Array | null {
  try {
    return decodeEvidence(evidence).eventLog;
  } catch {
    return null;
  }
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
    'Whose program this is: while layer 1 has released nothing, the reference values come from the file, and a member compares with what it measured as itself. Since then they are those that governance accepted; whose key signed them, you must know.',
    'That the certificate’s TPM holds the attestation key: each member challenged it, and only they saw the answer.',
  ];
  return { verdict, exitCode, claims, limits, trustClass: 'simulated', receipt: null, errand: null, result: null };
}
