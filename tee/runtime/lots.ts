import type { PolkadotSigner } from 'polkadot-api/signer';
import { equalBytes, isTeaError, toHex } from '@tea/protocol';
import { lotOf } from '@tea/protocol/layer1';
import { readAppraisal, readDraw, readNode, type Ledger } from '@tea/protocol/ledger';

export type LotsParts = {
  readonly ledger: Ledger;
  readonly node: Uint8Array;
  readonly account: { readonly publicKey: Uint8Array; readonly signer: PolkadotSigner; prove(seed: Uint8Array): Uint8Array };
  readonly log: (event: string, error?: unknown) => void;
};

/** A draw that takes claims stays in mind; of those long over there may be any number. */
const MAX_REMEMBERED = 4_096;

/**
 * Shows this node's lots: in every draw that takes claims, at each of its rounds, when the lot is under the threshold. A lot that isn't shown costs the
 * node a turn and nobody else anything, so a claim that fails is logged and left.
 *
 * Which draws there are is the host's word: it can keep us from one, as it can keep us from anything, but not have a lot computed over a seed of its
 * own, for the draw is read with a storage proof.
 */
export function startLots({ ledger, node, account, log }: LotsParts): AsyncDisposable {
  const seen = new Set<string>();

  async function heed(hash: string): Promise<void> {
    for (const { event } of await ledger.api.query.System.Events.getValue({ at: hash })) {
      if (event.type === 'Sortition' && event.value.type === 'Seeded') void consider(event.value.value.id);
    }
  }

  /** Draws that took claims before this process did. */
  async function catchUp(): Promise<void> {
    for (const { keyArgs } of await ledger.api.query.Sortition.Due.getEntries()) void consider(keyArgs[1]);
  }

  async function consider(draw: bigint): Promise<void> {
    let round = '';
    try {
      const [record, me] = await Promise.all([readDraw(ledger, draw), readNode(ledger, node)]);
      if (record === null || record.round === null || record.ended || me?.status !== 'Active') return;
      const { number, seed, threshold } = record.round;
      if (seen.has(`${draw} ${number}`)) return;
      round = `${draw} ${number}`;
      seen.add(round);
      for (const oldest of [...seen].slice(0, -MAX_REMEMBERED)) seen.delete(oldest);
      if (record.subject.kind === 'committee') {
        const appraisal = await readAppraisal(ledger, record.subject.appraisal);
        if (appraisal === null || equalBytes(appraisal.operator, me.operator)) return;
      }
      const proof = account.prove(seed);
      if (lotOf(account.publicKey, seed, proof) >= threshold) return;
      await ledger.submit(ledger.api.tx.Sortition.claim({ id: draw, proof: `0x${toHex(proof)}` }), account.signer);
    } catch (error) {
      // Refused by layer 1: lower lots were shown, the window closed, too dear. It is another's turn. Whatever else failed may be tried again.
      if (isTeaError(error, 'chain')) return log(`draw ${draw}: not claimed`);
      seen.delete(round);
      log(`draw ${draw}: not claimed`, error);
    }
  }

  const subscription = ledger.client.finalizedBlock$.subscribe({
    next: ({ hash }) => void heed(hash).catch((error: unknown) => log('events of a block could not be read', error)),
    error: (error: unknown) => log('the chain went away', error),
  });
  catchUp().catch((error: unknown) => log('draws from before could not be read', error));
  return { [Symbol.asyncDispose]: async () => subscription.unsubscribe() };
}
