import type { PolkadotSigner } from 'polkadot-api/signer';
import { CID } from 'multiformats/cid';
import { equalBytes, evidenceDigest, oneChunk } from '@tea/protocol';
import type { IpfsClient } from '@tea/protocol/ipfs';
import { termsDigest, type ErrandRecord } from '@tea/protocol/layer1';
import { isCancelAsked, readErrand, type Ledger } from '@tea/protocol/ledger';
import type { Attester } from './attester.ts';
import { contentOf } from './releasable-errand.ts';
import type { ReleaseDesk } from './release-desk.ts';
import { CONSUMER_CANCELS, type RunPart, type RunProof, type RunRequest } from './run-errand.ts';

export type ErrandStepParts = {
  readonly ledger: Ledger;
  readonly ipfs: IpfsClient;
  readonly attester: Attester;
  readonly signer: PolkadotSigner;
  readonly desk: Pick<ReleaseDesk, 'expect' | 'holds' | 'take' | 'forget'>;
  readonly run: (request: RunRequest) => Promise<RunProof>;
  readonly log: (event: string, errand: bigint, error?: unknown) => void;
};

/**
 * What this process has done for one errand. Of one piece of evidence there is one run: keys are released on it, and layer 1 may be said to have gone
 * back.
 */
export type Work = {
  evidence: Uint8Array | null;
  /** How often evidence of before was replaced. */
  begunAnew: number;
  /** Since the evidence: the keys were taken. */
  ran: boolean;
  /** What the run came to, until layer 1 has it. */
  proof: RunProof | null;
  readonly ending: AbortController;
};

/** Each costs a fee; an owner who records releases and hands in no key shall not cost us many. */
const MAX_BEGUN_ANEW = 5;

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
    work.ran = false;
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

/** Once for one piece of evidence. Whatever layer 1 said when this began to wait for its turn, it is asked again. */
export async function run(parts: ErrandStepParts, id: bigint, work: Work): Promise<void> {
  const { ledger, desk, signer, log } = parts;
  const errand = await readErrand(ledger, id);
  const { selection, evidence, state } = errand;
  if (selection === null || evidence === null || work.ran || !isOurEvidence(errand, work)) return;
  if (state !== 'KeysReleased' && state !== 'Running') return;
  const sealed = errand.parts.flatMap((terms) => (terms.sealed ? [terms.part] : []));
  // Owners sealed their keys for one order. If layer 1 now tells of another, there is nothing to open it with.
  const terms = termsDigest(errand);
  if (!desk.holds(id, sealed, terms)) {
    log('layer 1 says the keys are released, but for this order and evidence they are not here', id);
    work.evidence = null;
    return attestAnew(parts, id, errand, work);
  }
  const contents = await Promise.all(errand.parts.map(({ part }) => contentOf(ledger, errand, part)));
  const clockMs = Number(await ledger.api.query.Timestamp.Now.getValue());
  if (state === 'KeysReleased') await ledger.submit(ledger.api.tx.Errands.start({ id }), signer);
  log('started', id);
  work.ran = true;
  const keys = desk.take(id, terms);
  const runParts = errand.parts.flatMap(({ part }, index): RunPart[] => {
    const content = contents[index];
    return content === undefined ? [] : [{ part, content, key: keys.get(part) ?? null }];
  });
  work.proof = await parts.run({
    errand: id,
    parts: runParts,
    gasLimit: errand.gasLimit,
    consumer: errand.consumer,
    resultKey: errand.resultKey,
    evidence: evidence.digest,
    clockMs,
    seed: selection.seed,
    startedAtBlock: ledger.blockNumber(),
    ending: work.ending.signal,
  });
  await prove(parts, id, work.proof);
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
  } else if (errand.state === 'Running' && work.ran && (await isCancelAsked(ledger, id))) {
    log(CONSUMER_CANCELS, id);
    work.ending.abort(CONSUMER_CANCELS);
  }
}

/** The pallet names variants as Rust does: `outOfGas` is `OutOfGas` there. */
function pascal<const T extends string>(name: T): Capitalize<T> {
  return (name.charAt(0).toUpperCase() + name.slice(1)) as Capitalize<T>;
}
