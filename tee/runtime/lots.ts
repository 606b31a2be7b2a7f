import type { PolkadotSigner } from 'polkadot-api/signer';
import { equalBytes, isTeaError, toHex } from '@tea/protocol';
import { lotOf, type DrawRecord, type DrawRound } from '@tea/protocol/layer1';
import { readAppraisal, readDraws, readLastDraw, readNode, type Ledger } from '@tea/protocol/ledger';

export type LotsParts = {
  readonly ledger: Ledger;
  readonly node: Uint8Array;
  readonly account: { readonly publicKey: Uint8Array; readonly signer: PolkadotSigner; prove(seed: Uint8Array): Uint8Array };
  readonly log: (event: string, error?: unknown) => void;
};

/** Of the draws before this process, so many are looked at; what is older has closed, or is another's. The same bounds what waits here. */
const MAX_OPEN = 1_024;
const MAX_READ_AT_ONCE = 128;

/**
 * Shows this node's lots: in every draw that takes claims, at each of its rounds, when the lot is under the threshold. A lot that isn't shown costs the
 * node a turn and nobody else anything, so a claim that layer 1 refuses is left.
 *
 * Nothing here is the host's word: how many draws there are, each draw's seed and this node's standing are read with storage proofs. So the host can
 * have no lot computed over a seed of its own, and hides a draw only by hiding the block.
 */
export function startLots({ ledger, node, account, log }: LotsParts): AsyncDisposable {
  /** Draws that may take claims, and the block from which each is worth a look. */
  const open = new Map<bigint, number>();
  let newest: bigint | null = null;
  let busy = false;
  let again = false;

  async function tend(): Promise<void> {
    const now = ledger.blockNumber();
    const last = await readLastDraw(ledger);
    for (let id = bounded(newest, last) + 1n; id <= last; id++) open.set(id, now);
    newest = last;
    for (const oldest of [...open.keys()].slice(0, -MAX_OPEN)) open.delete(oldest);
    const due = [...open].filter(([, from]) => from <= now).map(([id]) => id);
    for (let at = 0; at < due.length; at += MAX_READ_AT_ONCE) {
      const ids = due.slice(at, at + MAX_READ_AT_ONCE);
      const draws = await readDraws(ledger, ids);
      for (const [place, id] of ids.entries()) heed(id, draws[place] ?? null);
    }
  }

  function heed(id: bigint, draw: DrawRecord | null): void {
    if (draw === null || draw.ended) return void open.delete(id);
    if (draw.round === null) return; // the next block gives it its seed
    const { round } = draw;
    open.set(id, round.closesAt); // then it has ended, or goes on with another seed
    void claim(id, draw, round).catch((error: unknown) => {
      // Lower lots were shown, the window closed, too dear: it is another's turn. Whatever else failed may be tried at the next block.
      if (isTeaError(error, 'chain')) return log(`draw ${id}: not claimed: ${error.actual ?? ''}`);
      open.set(id, 0);
      log(`draw ${id}: not claimed`, error);
    });
  }

  async function claim(id: bigint, { subject }: DrawRecord, { seed, threshold }: DrawRound): Promise<void> {
    const me = await readNode(ledger, node);
    // Between evidence and its admission, after a restart for one: the round may last longer than that.
    if (me?.status === 'Pending') return void open.set(id, 0);
    if (me?.status !== 'Active') return;
    if (subject.kind === 'committee') {
      const appraisal = await readAppraisal(ledger, subject.appraisal);
      if (appraisal === null || equalBytes(appraisal.operator, me.operator)) return;
    }
    const proof = account.prove(seed);
    if (lotOf(account.publicKey, seed, proof) >= threshold) return;
    await ledger.submit(ledger.api.tx.Sortition.claim({ id, proof: `0x${toHex(proof)}` }), account.signer);
  }

  /** Every final block is looked at, or a later one in its stead. */
  async function look(): Promise<void> {
    again = true;
    if (busy) return;
    busy = true;
    while (again) {
      again = false;
      await tend().catch((error: unknown) => log('draws could not be read; the next block tries again', error));
    }
    busy = false;
  }

  const subscription = ledger.client.finalizedBlock$.subscribe({
    next: () => void look(),
    error: (error: unknown) => log('the chain went away', error),
  });
  return { [Symbol.asyncDispose]: async () => subscription.unsubscribe() };
}

/** The last draw that needs no look. */
function bounded(newest: bigint | null, last: bigint): bigint {
  const oldest = last - BigInt(MAX_OPEN);
  return newest === null || newest < oldest ? (oldest > 0n ? oldest : 0n) : newest;
}
