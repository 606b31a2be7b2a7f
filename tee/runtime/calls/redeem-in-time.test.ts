import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTeaError, TeaError } from '@tea/protocol';
import type { VoucherDesk } from '@tea/protocol/ledger';
import { redeemInTime, type RedeemInTimeParts } from './redeem-in-time.ts';

type Block = { readonly number: number };

function play(change: Partial<RedeemInTimeParts> = {}) {
  let next: (block: Block) => void = () => undefined;
  const asked: (bigint | undefined)[] = [];
  const least = new Set<bigint | undefined>();
  const said: string[] = [];
  const redeem: VoucherDesk['redeem'] = async ({ atLeast, least: of }) => {
    asked.push(atLeast);
    least.add(of);
    return 0n;
  };
  const finalizedBlock$ = {
    subscribe: (listener: { next: typeof next }) => ((next = listener.next), { unsubscribe: () => (next = () => undefined) }),
  };
  const redeeming = redeemInTime({
    ledger: { client: { finalizedBlock$ } } as unknown as RedeemInTimeParts['ledger'],
    vouchers: { redeem },
    signer: undefined as never,
    isLeaving: async () => false,
    log: (event) => said.push(event),
    bound: 100n,
    ...change,
  });
  const pass = async (...blocks: number[]): Promise<void> => {
    for (const number of blocks) {
      next({ number });
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { redeeming, asked, least, said, pass };
}

test('what failed to be redeemed is tried again some blocks later, and the operator is told', async () => {
  let tries = 0;
  const { said, pass } = play({
    vouchers: {
      redeem: async () => {
        tries++;
        throw new TeaError('chain', 'no money for the fee');
      },
    },
  });
  await pass(4, 5, 6, 7, 10);
  assert.deepEqual([tries, said.length], [2, 2]);
});

test('redeems at once when a channel has come to the bound, and looks at those that end every few blocks', async () => {
  const { redeeming, asked, pass } = play();
  redeeming.used(99n);
  await pass(1, 2);
  assert.deepEqual(asked, []);
  redeeming.used(100n);
  await pass(3);
  assert.deepEqual(asked, [100n]);
  await pass(5);
  assert.deepEqual(asked, [100n, 100n]);
});

test('a node that leaves redeems everything that is worth its fee', async () => {
  const { asked, least, pass } = play({ isLeaving: async () => true });
  await pass(5);
  assert.deepEqual([asked, [...least]], [[10n ** 9n], [10n ** 9n]]);
});

test('before it stops it redeems everything, for as long as its parent waits, and nothing after', async () => {
  const { redeeming, asked, least, pass } = play();
  await redeeming.redeemAll();
  await pass(5, 10);
  assert.deepEqual([asked, [...least]], [[undefined], [10n ** 9n]]);
  const stuck = play({ vouchers: { redeem: () => new Promise(() => undefined) }, lastChanceMs: 5 });
  await assert.rejects(stuck.redeeming.redeemAll(), (error) => isTeaError(error, 'timeout'));
});
