import { TeaError } from '@tea/protocol';
import { encodeVoucher, voucherMessage } from '@tea/protocol/layer1';
import type { Account } from './account.ts';
import type { Tea } from './tea.ts';

export type ChannelTerms = {
  readonly node: Uint8Array;
  /** plancks to hold */
  readonly amount: bigint;
  /** at least a challenge period (600 blocks) from now */
  readonly endsAtBlock: number;
  readonly depositor: Account;
};

/** Holds money for requests to one node. @returns the channel's id @throws TeaError `chain` with the pallet's reason */
export async function openChannel({ ledger }: Pick<Tea, 'ledger'>, { node, amount, endsAtBlock, depositor }: ChannelTerms): Promise<bigint> {
  const open = ledger.api.tx.Vouchers.open({ node: `0x${node.toHex()}`, amount, ends_at: endsAtBlock });
  const { events } = await ledger.submit(open, depositor.signer);
  const [opened] = ledger.api.event.Vouchers.Opened.filter(events);
  if (opened === undefined) throw new TeaError('chain', 'Layer 1 opened no channel', { expected: 'its event', actual: 'none' });
  return opened.payload.id;
}

/** Holds `amount` more in one's channel. @throws TeaError `chain` */
export async function topUpChannel({ ledger }: Pick<Tea, 'ledger'>, id: bigint, amount: bigint, depositor: Account): Promise<void> {
  await ledger.submit(ledger.api.tx.Vouchers.top_up({ id, amount }), depositor.signer);
}

/**
 * Ends a channel: at once when `by` is who is paid, else after the challenge period, in which the node still redeems what it has. What is left comes
 * back by itself.
 */
export async function closeChannel({ ledger }: Pick<Tea, 'ledger'>, id: bigint, by: Account): Promise<void> {
  await ledger.submit(ledger.api.tx.Vouchers.close({ id }), by.signer);
}

/** A depositor's side of a channel: signs cumulative vouchers, without layer 1. */
export type Purse = {
  /** A voucher for `price` more than the last one, encoded. @throws TeaError `limit` when the deposit does not reach */
  pay(price: bigint): Uint8Array;
  /** After `topUpChannel`. */
  added(amount: bigint): void;
  /** what all vouchers so far are worth together, and what is left */
  readonly spent: bigint;
  readonly left: bigint;
};

/** @param spent what earlier vouchers of this channel were worth: a server takes none that is worth less */
export function openPurse(options: {
  readonly chain: Uint8Array;
  readonly channel: bigint;
  readonly node: Uint8Array;
  readonly deposited: bigint;
  readonly spent?: bigint;
  readonly depositor: Pick<Account, 'sign'>;
}): Purse {
  const { chain, channel, node, depositor } = options;
  let { deposited, spent = 0n } = options;
  return {
    pay(price) {
      const amount = spent + price;
      if (price <= 0n) throw new TeaError('badInput', 'A price to pay', { expected: 'more than 0 plancks', actual: String(price) });
      if (amount > deposited) {
        throw new TeaError('limit', 'The channel does not hold enough for this', {
          expected: `at most ${deposited - spent} plancks`,
          actual: String(price),
          next: 'top the channel up',
        });
      }
      const terms = { chain, channel, node, amount };
      const voucher = encodeVoucher({ ...terms, signature: depositor.sign(voucherMessage(terms)) });
      spent = amount;
      return voucher;
    },
    added(amount) {
      deposited += amount;
    },
    get spent() {
      return spent;
    },
    get left() {
      return deposited - spent;
    },
  };
}
