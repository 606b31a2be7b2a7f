import type { AttestationResult } from '@tea/protocol';
import type { AppraisalRecord, NodeReason, NodeRecord } from '@tea/protocol/layer1';
import { readAppraisal, readNode } from '@tea/protocol/ledger';
import { voteReasons } from './node.ts';
import { repairOf } from './repairs.ts';
import type { Tea } from './tea.ts';

/** What a node's operator should know: where it stands on layer 1, why, what its committee found, and what to do. */
export type NodeStanding = {
  readonly record: NodeRecord;
  readonly appraisal: AppraisalRecord | null;
  /** In one sentence. */
  readonly means: string;
  /** What to do, first things first; empty when there is nothing to do. */
  readonly next: readonly string[];
  /** Claims that failed, by the published reasons of members who voted against it. */
  readonly failed: readonly FailedClaim[];
  /** Members who voted against it and whose reasons nobody has any more. */
  readonly unexplained: number;
  /** Blocks for which layer 1 still takes the evidence; negative when it no longer does. */
  readonly blocksLeft: number;
};

export type FailedClaim = { readonly id: string; readonly title: string; readonly expected: string; readonly actual: string; readonly next: string };

const MEANS: Readonly<Record<NodeReason, string>> = {
  Registered: 'It was registered, and its committee has not decided yet.',
  EvidenceReplaced: 'It brought new evidence, and its committee has not decided yet; meanwhile it gets no errands.',
  Admitted: 'Its committee found its evidence good.',
  Returned: 'It was silent for a while and sends heartbeats again.',
  Silent: 'No heartbeat of it came in time.',
  FoundWanting: 'Its committee found its evidence wanting. It gets no errands, and heartbeats do not bring it back.',
  EvidenceTooOld: 'Its evidence got too old, and no newer came.',
  NoCommittee: 'No committee could be drawn for it: too few nodes of other operators were Active.',
  Undecided: 'Its committee did not decide in time.',
  Left: 'Its operator gave it up; the stake returns by itself.',
};

const RENEW = 'then have it appraised again, which costs its operator the committee’s fee: tea node renew NODE';
const NEXT: Readonly<Record<NodeReason, readonly string[]>> = {
  Registered: ['keep it running: members challenge its TPM'],
  EvidenceReplaced: ['keep it running: members challenge its TPM'],
  Admitted: [],
  Returned: [],
  Silent: ['start it (tea up with its state folder), or look whether it reaches layer 1: its next heartbeat brings it back'],
  FoundWanting: [RENEW],
  EvidenceTooOld: ['start it: a running TEE brings new evidence by itself, and says in its log why when it can’t'],
  NoCommittee: ['wait: a running TEE tries again by itself, later and later; or tea node renew NODE as soon as others are Active'],
  Undecided: ['keep it running and reachable: its TEE tries again by itself; or tea node renew NODE'],
  Left: [],
};

/** @returns null when layer 1 knows no such node */
export async function nodeStanding(tea: Tea, node: Uint8Array): Promise<NodeStanding | null> {
  const { ledger } = tea;
  const record = await readNode(ledger, node);
  if (record === null) return null;
  const appraisal = await readAppraisal(ledger, record.appraisal);
  const against = appraisal?.seats.flatMap(({ vote }) => (vote === null || vote.pass ? [] : [vote])) ?? [];
  const results = await Promise.all(against.map(({ reasonsDigest }) => voteReasons(tea, reasonsDigest).catch(() => null)));
  const failed = failedIn(results.filter((result) => result !== null));
  const repairs = record.reason === 'FoundWanting' ? failed.map(({ next }) => next) : [];
  return {
    record,
    appraisal,
    means: MEANS[record.reason],
    next: [...new Set([...repairs, ...NEXT[record.reason]])],
    failed,
    unexplained: results.filter((result) => result === null).length,
    blocksLeft: record.expiresAt - ledger.blockNumber(),
  };
}

/** One of each claim, in the order of the report. */
function failedIn(results: readonly AttestationResult[]): FailedClaim[] {
  const claims = results.flatMap(({ claims: all }) => all.filter(({ ok }) => ok === false));
  const byId = new Map(
    claims.toReversed().map(({ id, title, expected, actual, next }) => [id, { id, title, expected, actual, next: repairOf({ id, next }) }]),
  );
  return [...new Set(claims.map(({ id }) => id))].flatMap((id) => byId.get(id) ?? []);
}
