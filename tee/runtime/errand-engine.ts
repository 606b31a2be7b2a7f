import { equalBytes } from '@tea/protocol';
import { countOpenErrands, readErrand, readOpenErrands } from '@tea/protocol/ledger';
import {
  attest,
  attestAnew,
  dropKeys,
  endUnwanted,
  hasEnded,
  isOurEvidence,
  mayRun,
  prove,
  run,
  type ErrandStepParts,
  type Work,
} from './errand-steps.ts';
import { admission } from './admission.ts';
import { fairQueue } from './fair-queue.ts';

export type ErrandEngine = AsyncDisposable & {
  /** Looks at the errand now: a release came in, or a block did. */
  look(id: bigint): void;
};

type Entry = { busy: boolean; again: boolean; readonly work: Work };

/** The host says which errands there are; it shall not fill our memory with them, nor shall one consumer. */
const MAX_ACTIVE = 1024;
const MAX_OF_ONE_CONSUMER = 128;

export type ErrandEngineParts = ErrandStepParts & {
  /** How many guests run at a time. The others wait their consumers' turns; an errand that waits past its deadline is refunded. */
  readonly places: number;
};

/**
 * Does for each errand of this node what its state on layer 1 asks of the executor: attest when Selected, run when the keys are released. It keeps
 * nothing that layer 1 doesn't know but keys and running guests. A TEE that was killed begins again with its open errands, see `attestAnew`; what it has
 * no time left for is refunded by its deadline.
 */
export function startErrandEngine(parts: ErrandEngineParts): ErrandEngine {
  const { ledger, desk, log } = parts;
  const active = new Map<bigint, Entry>();
  const admitted = admission(MAX_ACTIVE, MAX_OF_ONE_CONSUMER);
  const runs = fairQueue(parts.places, MAX_ACTIVE);

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
    if ((await countOpenErrands(ledger, parts.attester.node)) > active.size + admitted.leftAlone) await adoptAll();
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
      if (active.size >= MAX_ACTIVE || admitted.isLeftAlone(id)) return;
      const work: Work = { evidence: null, begunAnew: 0, request: null, tries: 0, notBefore: 0, proof: null, ending: new AbortController() };
      active.set(id, { busy: false, again: false, work });
    }
    look(id);
  }

  function look(id: bigint): void {
    const entry = active.get(id);
    if (entry === undefined) return;
    if (entry.busy) {
      entry.again = true;
      endUnwanted(parts, id, entry.work).catch((error: unknown) => log('whether it is still wanted could not be read', id, error));
      return;
    }
    entry.busy = true;
    entry.again = false;
    void act(id, entry.work)
      .catch((error: unknown) => log('a step failed; the next block tries again', id, error))
      .finally(() => {
        entry.busy = false;
        if (entry.again) look(id);
      });
  }

  async function act(id: bigint, work: Work): Promise<void> {
    const errand = await readErrand(ledger, id);
    if (errand.selection !== null && !equalBytes(errand.selection.node, parts.attester.node)) return drop(id);
    if (hasEnded(errand)) {
      drop(id);
      desk.forget(id);
      dropKeys(work);
      return log(errand.state, id);
    }
    if (!admitted.enter(id, errand.consumer.toHex())) {
      active.delete(id);
      return log('left alone for now: there are too many errands under way here, or too many of its consumer’s', id);
    }
    if (errand.state === 'Selected') return attest(parts, id, errand, work);
    const hasKeys = errand.state === 'KeysReleased' || errand.state === 'Running';
    if (!hasKeys && errand.state !== 'Attested') return;
    if (!isOurEvidence(errand, work)) return attestAnew(parts, id, errand, work);
    if (!hasKeys) return;
    if (work.proof !== null) return prove(parts, id, work.proof);
    if (mayRun(work, ledger.blockNumber())) return runs.run(errand.consumer.toHex(), () => run(parts, id, work));
  }

  function drop(id: bigint): void {
    active.delete(id);
    admitted.leave(id);
  }

  return {
    look,
    [Symbol.asyncDispose]: async () => {
      subscription.unsubscribe();
      for (const [id, { work }] of active) {
        desk.forget(id);
        dropKeys(work);
      }
    },
  };
}
