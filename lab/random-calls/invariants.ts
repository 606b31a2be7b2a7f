import assert from 'node:assert/strict';
import type { Ledger } from '@tea/protocol/ledger';

const END_STATES = new Set(['Settled', 'Refunded']);

/** What was seen before, to be compared with what comes. */
export type Seen = { issuance: bigint; readonly ended: Map<bigint, string> };

/**
 * What must hold after every block whatever was called, read from layer 1 as an outsider reads it: every unit of money is on an account, every
 * hold is the sum of what it's held for, and what has ended stays as it was.
 */
export async function checkInvariants({ api, client }: Ledger, seen: Seen): Promise<void> {
  const { hash: at } = await client.getFinalizedBlock();
  const [issuance, accounts, holds, errands, nodes, appraisals, channels] = await Promise.all([
    api.query.Balances.TotalIssuance.getValue({ at }),
    api.query.System.Account.getEntries({ at }),
    api.query.Balances.Holds.getEntries({ at }),
    api.query.Errands.Errands.getEntries({ at }),
    api.query.Nodes.Nodes.getEntries({ at }),
    api.query.Nodes.Appraisals.getEntries({ at }),
    api.query.Vouchers.Channels.getEntries({ at }),
  ]);
  assert.equal(
    accounts.reduce((sum, { value }) => sum + value.data.free + value.data.reserved, 0n),
    issuance,
    'money on the accounts is all there is',
  );
  assert.ok(issuance <= seen.issuance, 'no call makes money');
  seen.issuance = issuance;

  const due = new Sums();
  for (const { keyArgs, value } of errands) {
    const [id] = keyArgs;
    if (END_STATES.has(value.state.type)) {
      const record = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}` : part));
      assert.equal(record, seen.ended.get(id) ?? record, `errand ${id} changed after its end`);
      seen.ended.set(id, record);
      assert.equal(value.held, 0n, `errand ${id} ended with money in escrow`);
    }
    if (value.settlement !== undefined) {
      const paid = value.settlement.payments.reduce((sum, { amount }) => sum + amount, 0n);
      assert.equal(paid + value.settlement.refunded, value.max_price, `errand ${id} was settled to the last unit`);
    }
    due.add('Errands.Escrow', value.consumer, value.held);
  }
  for (const { value } of nodes) due.add('Nodes.Stake', value.operator, value.stake);
  for (const { value } of appraisals) due.add('Nodes.Appraisal', value.operator, value.held);
  for (const { value } of channels) due.add('Vouchers.Deposit', value.depositor, value.deposited - value.redeemed);

  const held = new Sums();
  for (const { keyArgs, value } of holds) {
    for (const { id, amount } of value) held.add(`${id.type}.${id.value.type}`, keyArgs[0], amount);
  }
  assert.deepEqual(held.rows(), due.rows(), 'each hold is the sum of what it is held for');
}

/** Amounts by what for and by whom. */
class Sums {
  readonly #sums = new Map<string, bigint>();

  add(what: string, who: string, amount: bigint): void {
    const key = `${what} ${who}`;
    this.#sums.set(key, (this.#sums.get(key) ?? 0n) + amount);
  }

  rows(): readonly string[] {
    return [...this.#sums]
      .filter(([, amount]) => amount !== 0n)
      .map(([key, amount]) => `${key} ${amount}`)
      .toSorted();
  }
}
