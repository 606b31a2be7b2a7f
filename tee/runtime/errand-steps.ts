import type { PolkadotSigner } from 'polkadot-api/signer';
import { CID } from 'multiformats/cid';
import { equalBytes, evidenceDigest, oneChunk } from '@tea/protocol';
import type { IpfsClient } from '@tea/protocol/ipfs';
import { termsDigest, type ErrandRecord } from '@tea/protocol/layer1';
import { isCancelAsked, readErrand, type Ledger } from '@tea/protocol/ledger';
import type { Attester } from './attester.ts';
import type { FetchedPart } from './fetch-parts.ts';
import { contentOf } from './releasable-errand.ts';
import type { ReleaseDesk } from './release-desk.ts';
import { CONSUMER_CANCELS, type RunPart, type RunProof, type RunRequest } from './run-errand.ts';

export type ErrandStepParts = {
  readonly ledger: Ledger;
  readonly ipfs: IpfsClient;
  readonly attester: Attester;
  readonly signer: PolkadotSigner;
  readonly desk: Pick<ReleaseDesk, 'expect' | 'holds' | 'take' | 'forget'>;
  /** The published bytes of each part, checked against layer 1's digests. */
  readonly fetch: (parts: readonly Omit<RunPart, 'key'>[], signal: AbortSignal) => Promise<FetchedPart[]>;
  /** Leaves the request's keys as they are. */
  readonly run: (request: RunRequest, fetched: readonly FetchedPart[]) => Promise<RunProof>;
  readonly log: (event: string, errand: bigint, error?: unknown) => void;
};

/**
 * What this process has done for one errand. Of one piece of evidence there is one job: keys are released on it, and layer 1 may be said to have gone
 * back. A run of it that comes to nothing, because content could not be had, is tried again, as the same job.
 */
export type Work = {
  evidence: Uint8Array | null;
  /** How often evidence of before was replaced. */
  begunAnew: number;
  /** Since the evidence: what is to be run, with the keys that were taken for it. They are overwritten when the run has come to something. */
  request: RunRequest | null;
  /** Tries that came to nothing, and the block before which there is no other. */
  tries: number;
  notBefore: number;
  /** What the run came to, until layer 1 has it. */
  proof: RunProof | null;
  readonly ending: AbortController;
};

/** Each costs a fee; an owner who records releases and hands in no key shall not cost us many. */
const MAX_BEGUN_ANEW = 5;
/** Pauses double, from two blocks on: content that can't be had for a hundred blocks is given up. */
const MAX_TRIES = 6;

export function hasEnded({ state }: ErrandRecord): boolean {
  return state === 'Settled' || state === 'Refunded';
}

/** Whether what layer 1 has is what this process made: then its receipt key, and the keys released on it, are here. */
export function isOurEvidence({ evidence }: ErrandRecord, work: Work): boolean {
  return evidence !== null && work.evidence !== null && equalBytes(evidence.digest, evidenceDigest(work.evidence));
}

/** The nonce is the seed of the selection: nobody knew it before the block that chose this node. */
export async function attest(parts: ErrandStepParts, id: bigint, { selection }: ErrandRecord, work: Work): Promise<void> {
  const { ledger, ipfs, attester, signer, desk, log } = parts;
  if (selection === null) return;
  if (work.evidence === null) {
    work.evidence = await attester.attest({ purpose: 'errand', errand: id, nonce: selection.seed });
    dropKeys(work);
    work.tries = 0;
    work.notBefore = 0;
    desk.expect(id, evidenceDigest(work.evidence));
  }
  const { cid } = await ipfs.add(oneChunk(work.evidence));
  const digest = evidenceDigest(work.evidence);
  await ledger.submit(ledger.api.tx.Errands.attest({ id, evidence_cid: CID.parse(cid).bytes, evidence_digest: `0x${digest.toHex()}` }), signer);
  log('attested', id);
}

/**
 * The evidence on layer 1 is of a process that is gone, and with it the keys released on it and the key of its receipts. Where there is time left the
 * errand begins again at fresh evidence: owners look and release again, or don't. Else it goes back to its consumer at its deadline.
 */
export async function attestAnew(parts: ErrandStepParts, id: bigint, errand: ErrandRecord, work: Work): Promise<void> {
  const { ledger, log } = parts;
  if (errand.selection === null || work.begunAnew > MAX_BEGUN_ANEW) return;
  // The host's word: a wrong one costs us a fee, or the errand its second try.
  const periods = await ledger.api.query.Errands.StatePeriods.getValue();
  const until = errand.selection.block + periods.attest + periods.release;
  if (ledger.blockNumber() + 1 >= until || work.begunAnew === MAX_BEGUN_ANEW) {
    work.begunAnew = MAX_BEGUN_ANEW + 1;
    return log(`can't begin again; its consumer gets everything back at block ${errand.deadline}`, id);
  }
  work.begunAnew++;
  log(`begins again from ${errand.state}: whoever released a key is asked to look and release again`, id);
  await attest(parts, id, errand, work);
}

/** Whether a run may be tried now. */
export function mayRun({ proof, tries, notBefore }: Work, blockNumber: number): boolean {
  return proof === null && tries < MAX_TRIES && blockNumber >= notBefore;
}

/**
 * One job for one piece of evidence. Whatever layer 1 said when this began to wait for its turn, it is asked again. Content is fetched before layer 1
 * hears that the run started and before keys are taken; and when it can't be had then or later, keys and job are kept for another try.
 */
export async function run(parts: ErrandStepParts, id: bigint, work: Work): Promise<void> {
  const { ledger, desk, log } = parts;
  const errand = await readErrand(ledger, id);
  if (!mayRun(work, ledger.blockNumber()) || !isOurEvidence(errand, work)) return;
  if (errand.state !== 'KeysReleased' && errand.state !== 'Running') return;
  const sealed = errand.parts.flatMap((terms) => (terms.sealed ? [terms.part] : []));
  // Owners sealed their keys for one order. If layer 1 now tells of another, there is nothing to open it with.
  if (work.request === null && !desk.holds(id, sealed, termsDigest(errand))) {
    log('layer 1 says the keys are released, but for this order and evidence they are not here', id);
    work.evidence = null;
    return attestAnew(parts, id, errand, work);
  }
  try {
    const wanted = work.request?.parts ?? (await contentsOf(parts, errand));
    const fetched = await parts.fetch(wanted, work.ending.signal);
    work.request ??= await begin(parts, id, errand, wanted, work);
    if (work.request === null) return;
    work.proof = await parts.run(work.request, fetched);
  } catch (error) {
    work.tries++;
    work.notBefore = ledger.blockNumber() + 2 ** work.tries;
    if (work.tries < MAX_TRIES && !work.ending.signal.aborted) throw error;
    dropKeys(work);
    desk.forget(id);
    return log(`given up; its consumer gets everything back at block ${errand.deadline}`, id, error);
  }
  dropKeys(work);
  await prove(parts, id, work.proof);
}

async function contentsOf({ ledger }: ErrandStepParts, errand: ErrandRecord): Promise<Omit<RunPart, 'key'>[]> {
  return Promise.all(errand.parts.map(async ({ part }) => ({ part, content: await contentOf(ledger, errand, part) })));
}

/** Tells layer 1 that it starts, and takes the keys: from here on there is this job and no other, whatever layer 1 says. */
async function begin(
  parts: ErrandStepParts,
  id: bigint,
  errand: ErrandRecord,
  wanted: readonly Omit<RunPart, 'key'>[],
  work: Work,
): Promise<RunRequest | null> {
  const { ledger, desk, signer, log } = parts;
  const { selection, evidence } = errand;
  if (selection === null || evidence === null) return null;
  const clockMs = Number(await ledger.api.query.Timestamp.Now.getValue());
  if (errand.state === 'KeysReleased') await ledger.submit(ledger.api.tx.Errands.start({ id }), signer);
  log('started', id);
  const keys = desk.take(id, termsDigest(errand));
  return {
    errand: id,
    parts: wanted.map((each) => ({ ...each, key: keys.get(each.part) ?? null })),
    gasLimit: errand.gasLimit,
    consumer: errand.consumer,
    resultKey: errand.resultKey,
    evidence: evidence.digest,
    clockMs,
    seed: selection.seed,
    startedAtBlock: ledger.blockNumber(),
    ending: work.ending.signal,
  };
}

/** Overwrites the keys of a job that has come to something, or won't. */
export function dropKeys(work: Work): void {
  for (const { key } of work.request?.parts ?? []) key?.fill(0);
  work.request = null;
}

/** Again at every block until layer 1 has it: the run is done, and may not be done twice. */
export async function prove({ ledger, signer, log }: ErrandStepParts, id: bigint, proof: RunProof): Promise<void> {
  await ledger.submit(
    ledger.api.tx.Errands.prove({
      id,
      outcome: { type: pascal(proof.outcome), value: undefined },
      gas_used: proof.gasUsed,
      receipt_digest: `0x${proof.receiptDigest.toHex()}`,
      result_cid: proof.packageCid,
      result_digest: `0x${proof.packageDigest.toHex()}`,
    }),
    signer,
  );
  log('proved', id);
}

/** Ends a run, or a wait for one, that nobody wants any more: its keys are overwritten, and its guest is killed. */
export async function endUnwanted({ ledger, desk, log }: ErrandStepParts, id: bigint, work: Work): Promise<void> {
  if (work.ending.signal.aborted) return;
  const errand = await readErrand(ledger, id);
  if (hasEnded(errand)) {
    desk.forget(id);
    work.ending.abort('the errand is over');
  } else if (errand.state === 'Running' && work.request !== null && (await isCancelAsked(ledger, id))) {
    log(CONSUMER_CANCELS, id);
    work.ending.abort(CONSUMER_CANCELS);
  }
}

/** The pallet names variants as Rust does: `outOfGas` is `OutOfGas` there. */
function pascal<const T extends string>(name: T): Capitalize<T> {
  return (name.charAt(0).toUpperCase() + name.slice(1)) as Capitalize<T>;
}
