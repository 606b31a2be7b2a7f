import type { PolkadotSigner } from 'polkadot-api/signer';
import { equalBytes, fromHex } from '@tea/protocol';
import type { Ledger } from '@tea/protocol/ledger';

export type DutiesParts = {
  readonly ledger: Ledger;
  readonly node: Uint8Array;
  readonly signer: PolkadotSigner;
  /** Appraises a Pending node and votes. */
  readonly appraise: (node: Uint8Array) => Promise<void>;
  readonly log: (event: string, error?: unknown) => void;
};

/**
 * What a node owes the network while it runs, at every finalised block: heartbeats, and a vote on each node that registered while it may vote.
 * Its own registration it judges too: layer 1 counts that vote only where the operator founded the network.
 */
export function startDuties({ ledger, node, signer, appraise, log }: DutiesParts): AsyncDisposable {
  const id = `0x${node.toHex()}` as const;
  /** Registrations judged already, of those that still wait. */
  let judged = new Set<string>();
  let busy = false;

  async function tend(): Promise<void> {
    const nodes = await ledger.api.query.Nodes.Nodes.getEntries();
    const me = nodes.find(({ keyArgs: [key] }) => key === id)?.value;
    if (me === undefined) return;
    const pending = nodes.filter(({ value }) => value.status.type === 'Pending');
    judged = judged.intersection(new Set(pending.map(({ keyArgs: [key], value }) => judgementOf(key, value))));
    for (const { keyArgs, value } of pending) {
      const judgement = judgementOf(keyArgs[0], value);
      const mayVote = equalBytes(fromHex(keyArgs[0]), node) || (me.status.type === 'Active' && value.operator !== me.operator);
      if (!mayVote || judged.has(judgement)) continue;
      judged.add(judgement);
      await appraise(fromHex(keyArgs[0])).catch((error: unknown) => log(`node ${keyArgs[0]} could not be appraised`, error));
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
    [Symbol.asyncDispose]: async () => subscription.unsubscribe(),
  };
}

function judgementOf(node: string, { evidence_digest }: { readonly evidence_digest: string }): string {
  return `${node} ${evidence_digest}`;
}
