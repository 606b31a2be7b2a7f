import type { PolkadotSigner } from 'polkadot-api/signer';
import { CID } from 'multiformats/cid';
import { equalBytes, evidenceDigest, oneChunk, TeaError, type ContentDigest, type ReleasePart } from '@tea/protocol';
import type { IpfsClient } from '@tea/protocol/ipfs';
import { termsDigest, type ErrandRecord } from '@tea/protocol/layer1';
import { countOpenErrands, readErrand, readOpenErrands, readPartCid, type Ledger } from '@tea/protocol/ledger';
import type { Attester } from './attester.ts';
import { fairQueue } from './fair-queue.ts';
import type { ReleasableErrand, ReleaseDesk } from './release-desk.ts';
import type { RunPart, RunProof, RunRequest } from './run-errand.ts';

export type ErrandEngineParts = {
  readonly ledger: Ledger;
  readonly ipfs: IpfsClient;
  readonly attester: Attester;
  readonly signer: PolkadotSigner;
  readonly desk: Pick<ReleaseDesk, 'expect' | 'holds' | 'take' | 'forget'>;
  readonly run: (request: RunRequest) => Promise<RunProof>;
  readonly log: (event: string, errand: bigint, error?: unknown) => void;
};

export type ErrandEngine = AsyncDisposable & {
  /** Looks at the errand now: a release came in, or a block did. */
  look(id: bigint): void;
};

/** What this process does for one errand. Evidence is made once: keys are released on it, and layer 1 may be said to have gone back. */
type Work = { busy: boolean; again: boolean; evidence: Uint8Array | null };

/** The host says which errands there are; it shall not fill our memory with them. */
const MAX_ACTIVE = 1024;
/** Each holds its content and a guest in memory. The others wait their consumers' turns; an errand that waits past its deadline is refunded. */
const MAX_RUNS = 2;

/**
 * Does for each errand of this node what its state on layer 1 asks of the executor: attest when Selected, run when the keys are released. It keeps
 * nothing that layer 1 doesn't know but keys and running guests; what a killed TEE leaves undone is refunded by its deadline.
 */
export function startErrandEngine(parts: ErrandEngineParts): ErrandEngine {
  const { ledger, desk, log } = parts;
  const active = new Map<bigint, Work>();
  const runs = fairQueue(MAX_RUNS, MAX_ACTIVE);

  const subscription = ledger.client.finalizedBlock$.subscribe({
    next: ({ hash }) => void heed(hash),
    error: (error: unknown) => log('the chain went away', 0n, error),
  });
  adoptAll().catch((error: unknown) => log('errands from before could not be read', 0n, error));

  /** Errands of this node that were under way before this process was, or that no event told of. */
  async function adoptAll(): Promise<void> {
    const { ids, hidden } = await readOpenErrands(ledger, parts.attester.node);
    for (const id of ids) adopt(id);
    if (hidden > 0) log(`layer 1 counts ${hidden} errands of this node that the host does not show`, 0n);
  }

  /** Events are the host's word, the count is proven. Errands that ended count here until they were looked at, so it may be checked once too often. */
  async function missNone(): Promise<void> {
    if ((await countOpenErrands(ledger, parts.attester.node)) > active.size) await adoptAll();
  }

  async function heed(hash: string): Promise<void> {
    try {
      for (const { event } of await ledger.api.query.System.Events.getValue({ at: hash })) {
        if (event.type === 'Errands' && event.value.type === 'Selected' && isMe(event.value.value.node)) adopt(event.value.value.id);
      }
    } catch (error) {
      log('events of a block could not be read', 0n, error);
    }
    await missNone().catch((error: unknown) => log('this node’s errands could not be counted', 0n, error));
    for (const id of active.keys()) look(id);
  }

  function isMe(node: string): boolean {
    return equalBytes(Uint8Array.fromHex(node.slice(2)), parts.attester.node);
  }

  function adopt(id: bigint): void {
    if (!active.has(id)) {
      if (active.size >= MAX_ACTIVE) return log(`left alone: ${MAX_ACTIVE} errands are under way here`, id);
      active.set(id, { busy: false, again: false, evidence: null });
    }
    look(id);
  }

  function look(id: bigint): void {
    const entry = active.get(id);
    if (entry === undefined) return;
    if (entry.busy) {
      entry.again = true;
      return;
    }
    entry.busy = true;
    entry.again = false;
    void act(id, entry)
      .catch((error: unknown) => log('a step failed; the next block tries again', id, error))
      .finally(() => {
        entry.busy = false;
        if (entry.again) look(id);
      });
  }

  async function act(id: bigint, work: Work): Promise<void> {
    const errand = await readErrand(ledger, id);
    if (errand.selection !== null && !equalBytes(errand.selection.node, parts.attester.node)) return void active.delete(id);
    if (errand.state === 'Selected') return attest(parts, id, errand, work);
    if (errand.state === 'KeysReleased') return runs.run(errand.consumer.toHex(), () => run(parts, id, errand));
    if (errand.state === 'Settled' || errand.state === 'Refunded') {
      active.delete(id);
      desk.forget(id);
      log(errand.state, id);
    }
  }

  return {
    look,
    [Symbol.asyncDispose]: async () => {
      subscription.unsubscribe();
      for (const id of active.keys()) desk.forget(id);
    },
  };
}

/** What the release desk must know of an errand. @throws TeaError `notFound` unless this node was selected for it */
export async function releasableErrand(ledger: Ledger, node: Uint8Array, id: bigint): Promise<ReleasableErrand> {
  const errand = await readErrand(ledger, id);
  if (errand.selection === null || !equalBytes(errand.selection.node, node)) {
    throw new TeaError('notFound', `This node does not execute errand ${id}`, { next: 'ask layer 1 which node does: tea explain' });
  }
  const sealed = errand.parts.filter((part) => part.sealed);
  const contents = await Promise.all(sealed.map(async (terms) => [terms.part, await contentOf(ledger, errand, terms.part)] as const));
  return { id, acceptsReleases: errand.state === 'Attested', terms: termsDigest(errand), sealedParts: new Map(contents) };
}

async function contentOf(ledger: Ledger, errand: ErrandRecord, part: ReleasePart): Promise<ContentDigest> {
  const terms = errand.parts.find((each) => each.part === part);
  if (terms === undefined) throw new TeaError('notFound', `The errand has no part ${part}`);
  return { cid: CID.decode(await readPartCid(ledger, errand, part)).toString(), sha256: terms.sha256 };
}

/** The nonce is the seed of the selection: nobody knew it before the block that chose this node. */
async function attest(parts: ErrandEngineParts, id: bigint, { selection }: ErrandRecord, work: Work): Promise<void> {
  const { ledger, ipfs, attester, signer, desk, log } = parts;
  if (selection === null) return;
  if (work.evidence === null) {
    work.evidence = await attester.attest({ purpose: 'errand', errand: id, nonce: selection.seed });
    desk.expect(id, evidenceDigest(work.evidence));
  }
  const { cid } = await ipfs.add(oneChunk(work.evidence));
  const digest = evidenceDigest(work.evidence);
  await ledger.submit(ledger.api.tx.Errands.attest({ id, evidence_cid: CID.parse(cid).bytes, evidence_digest: `0x${digest.toHex()}` }), signer);
  log('attested', id);
}

async function run(parts: ErrandEngineParts, id: bigint, errand: ErrandRecord): Promise<void> {
  const { ledger, desk, signer, log } = parts;
  const { selection, evidence } = errand;
  if (selection === null || evidence === null) return;
  const sealed = errand.parts.flatMap((terms) => (terms.sealed ? [terms.part] : []));
  // Owners sealed their keys for one order. If layer 1 now tells of another, there is nothing to open it with.
  const terms = termsDigest(errand);
  if (!desk.holds(id, sealed, terms)) return log('layer 1 says the keys are released, but for this order they are not here', id);
  const contents = await Promise.all(errand.parts.map(({ part }) => contentOf(ledger, errand, part)));
  const clockMs = Number(await ledger.api.query.Timestamp.Now.getValue());
  await ledger.submit(ledger.api.tx.Errands.start({ id }), signer);
  log('started', id);
  const keys = desk.take(id, terms);
  const runParts = errand.parts.flatMap(({ part }, index): RunPart[] => {
    const content = contents[index];
    return content === undefined ? [] : [{ part, content, key: keys.get(part) ?? null }];
  });
  const proof = await parts.run({
    errand: id,
    parts: runParts,
    gasLimit: errand.gasLimit,
    consumer: errand.consumer,
    resultKey: errand.resultKey,
    evidence: evidence.digest,
    clockMs,
    seed: selection.seed,
    startedAtBlock: ledger.blockNumber(),
  });
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

/** The pallet names variants as Rust does: `outOfGas` is `OutOfGas` there. */
function pascal<const T extends string>(name: T): Capitalize<T> {
  return (name.charAt(0).toUpperCase() + name.slice(1)) as Capitalize<T>;
}
