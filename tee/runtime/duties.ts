import { setTimeout as delay } from 'node:timers/promises';
import type { PolkadotSigner } from 'polkadot-api/signer';
import { equalBytes, fromHex } from '@tea/protocol';
import type { Ledger } from '@tea/protocol/ledger';
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
 * What a node owes the network while it runs, at every finalised block: heartbeats, and a vote on each node that registered while it may vote.
 * Its own registration it judges too: layer 1 counts that vote only where the operator founded the network.
 */
export function startDuties({ ledger, node, signer, appraise, log }: DutiesParts): AsyncDisposable {
  const id = `0x${node.toHex()}` as const;
  const judgements = openJudgements({
    atOnce: JUDGED_AT_ONCE,
    retryAfterMs: RETRY_AFTER_MS,
    delay: (delayMs) => delay(delayMs, undefined, { ref: false }),
    onFailure: (registration, attempt, error) =>
      log(`node ${registration.split(' ')[0]} could not be appraised (attempt ${attempt} of ${RETRY_AFTER_MS.length + 1})`, error),
  });
  let busy = false;

  async function tend(): Promise<void> {
    const nodes = await ledger.api.query.Nodes.Nodes.getEntries();
    const me = nodes.find(({ keyArgs: [key] }) => key === id)?.value;
    if (me === undefined) return;
    const pending = nodes.filter(({ value }) => value.status.type === 'Pending');
    judgements.retain(new Set(pending.map(({ keyArgs: [key], value }) => registrationOf(key, value))));
    for (const { keyArgs, value } of pending) {
      const candidate = fromHex(keyArgs[0]);
      const mayVote = equalBytes(candidate, node) || (me.status.type === 'Active' && value.operator !== me.operator);
      if (mayVote) judgements.consider(registrationOf(keyArgs[0], value), () => appraise(candidate));
    }
    const period = await ledger.api.query.Nodes.HeartbeatPeriod.getValue();
    const admitted = me.status.type === 'Active' || me.status.type === 'Inactive';
    if (admitted && ledger.blockNumber() - me.last_heartbeat >= period / 3) await ledger.submit(ledger.api.tx.Nodes.heartbeat(), signer);
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

function registrationOf(node: string, { evidence_digest }: { readonly evidence_digest: string }): string {
  return `${node} ${evidence_digest}`;
}
