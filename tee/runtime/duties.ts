import { setTimeout as delay } from 'node:timers/promises';
import type { PolkadotSigner } from 'polkadot-api/signer';
import { TeaError } from '@tea/protocol';
import { readAppraisal, readNode, readSeats, type Ledger } from '@tea/protocol/ledger';
import { openJudgements } from './judgements.ts';

export type DutiesParts = {
  readonly ledger: Ledger;
  readonly node: Uint8Array;
  readonly signer: PolkadotSigner;
  /** Appraises a Pending node and votes. */
  readonly appraise: (node: Uint8Array) => Promise<void>;
  readonly log: (event: string, error?: unknown) => void;
};

/** Appraising costs some hundred milliseconds of ours and an answer of theirs, which may take until its deadline. */
const JUDGED_AT_ONCE = 4;
const RETRY_AFTER_MS = [500, 2_000, 8_000];

/**
 * What a node owes the network while it runs, at every finalised block: heartbeats, and a vote in each appraisal in which layer 1 gave it a seat.
 * Its own registration it judges where its operator founds the network: then the seat is its own.
 */
export function startDuties({ ledger, node, signer, appraise, log }: DutiesParts): AsyncDisposable {
  const judgements = openJudgements({
    atOnce: JUDGED_AT_ONCE,
    retryAfterMs: RETRY_AFTER_MS,
    delay: (delayMs) => delay(delayMs, undefined, { ref: false }),
    onFailure: (registration, attempt, error) =>
      log(`node ${registration.split(' ')[0]} could not be appraised (attempt ${attempt} of ${RETRY_AFTER_MS.length + 1})`, error),
  });
  let busy = false;

  async function tend(): Promise<void> {
    const [me, seats] = await Promise.all([readNode(ledger, node), readSeats(ledger, node)]);
    if (me === null) return;
    const open = await Promise.all(seats.map(seatOf));
    judgements.retain(new Set(open.map(([registration]) => registration)));
    for (const [registration, candidate] of open) judgements.consider(registration, () => appraise(candidate));
    const period = await ledger.api.query.Nodes.HeartbeatPeriod.getValue();
    const admitted = me.status === 'Active' || me.status === 'Inactive';
    if (admitted && ledger.blockNumber() - me.lastHeartbeat >= period / 3) await ledger.submit(ledger.api.tx.Nodes.heartbeat(), signer);
  }

  /** What a seat of ours is about: one appraisal is of one evidence. */
  async function seatOf(appraisal: bigint): Promise<[registration: string, candidate: Uint8Array]> {
    const record = await readAppraisal(ledger, appraisal);
    if (record === null) throw new TeaError('notFound', `Layer 1 knows no appraisal ${appraisal}`);
    return [`${record.node.toHex()} ${appraisal}`, record.node];
  }

  const subscription = ledger.client.finalizedBlock$.subscribe({
    next: () => {
      if (busy) return;
      busy = true;
      void tend()
        .catch((error: unknown) => log('a duty failed; the next block tries again', error))
        .finally(() => (busy = false));
    },
    error: (error: unknown) => log('the chain went away', error),
  });
  return {
    // Votes under way are left to end, or to be cut off with the bus: a chain that is gone would hold up the stop.
    [Symbol.asyncDispose]: async () => subscription.unsubscribe(),
  };
}
