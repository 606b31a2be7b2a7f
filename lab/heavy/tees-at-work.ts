import { secretFromSeed } from '@scure/sr25519';
import { fromHex, toHex } from '@tea/protocol';
import { lotOf, proveLot } from '@tea/protocol/layer1';
import { type Account, accountFromSeed } from '@tea/sdk';
import type { Calls } from './calls.ts';

/** A TEE without a machine: an account that shows its lots and votes. */
export type Tee = { readonly account: Account; readonly node: string; readonly prove: (seed: Uint8Array) => Uint8Array };

export function makeTee(index: number, node: string): Tee {
  const seed = new Uint8Array(32).fill(0x20 + index);
  return { account: accountFromSeed(`TEE ${index}`, seed), node, prove: (draw) => proveLot(secretFromSeed(seed), draw) };
}

/** What every TEE of a network does by itself, at each final block: shows lots that may win, and votes where it has a seat. */
export function startTees(calls: Calls, tees: readonly Tee[], verdict: (node: string) => boolean): Disposable {
  const { ledger } = calls;
  const { api } = ledger;

  async function claim(tee: Tee, draw: bigint): Promise<void> {
    const [record, me] = await Promise.all([api.query.Sortition.Draws.getValue(draw), api.query.Nodes.Nodes.getValue(tee.node)]);
    if (record?.round === undefined || record.ended || me?.status.type !== 'Active') return;
    const seed = fromHex(record.round.seed);
    const proof = tee.prove(seed);
    if (lotOf(tee.account.publicKey, seed, proof) >= record.round.threshold) return;
    await calls.submit(tee.account, api.tx.Sortition.claim({ id: draw, proof: `0x${toHex(proof)}` }));
  }

  async function vote(tee: Tee, candidate: string): Promise<void> {
    const profile = await api.query.Nodes.Nodes.getValue(candidate);
    if (profile === undefined) return;
    const reasons = `0x${'9'.repeat(62)}${tee.node.slice(-2)}`;
    const ballot = { node_id: candidate, evidence_digest: profile.evidence_digest, pass: verdict(candidate), reasons_digest: reasons };
    await calls.submit(tee.account, api.tx.Nodes.vote(ballot));
  }

  async function heed(hash: string): Promise<void> {
    for (const { event } of await api.query.System.Events.getValue({ at: hash })) {
      if (event.type === 'Sortition' && event.value.type === 'Seeded') {
        const { id } = event.value.value;
        for (const tee of tees) void claim(tee, id);
      }
      if (event.type === 'Nodes' && event.value.type === 'Seated') {
        const { members, node_id } = event.value.value;
        for (const tee of tees) if (members.includes(tee.node)) void vote(tee, node_id);
      }
    }
  }

  const subscription = ledger.client.finalizedBlock$.subscribe(({ hash }) => void heed(hash));
  return { [Symbol.dispose]: () => subscription.unsubscribe() };
}
