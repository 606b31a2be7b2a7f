import { TeaError } from '@tea/protocol';
import { encodeVoucher, voucherMessage } from '@tea/protocol/layer1';
import type { Account } from '../account.ts';

/** A call that a voucher was signed for and whose price is not known yet. End it once, by one of these. */
export type Reservation = {
  /** Encoded; null when the node holds one that covers this call too. */
  readonly voucher: Uint8Array | null;
  /** It ran at this price. */
  paid(price: bigint): void;
  /** The node said that it did not run. */
  refused(): void;
};

/** A depositor's side of a channel whose calls have a ceiling first and a price later. Plancks. */
export type CallPurse = {
  /** @throws TeaError `limit` when the deposit does not reach */
  reserve(ceiling: bigint): Reservation;
  /** A voucher of what was used, in place of one that covered a ceiling; null when the node holds none of more. @throws TeaError `conflict` during a call */
  exact(): Uint8Array | null;
  readonly spent: bigint;
  /** what the channel holds beyond what was used and set aside */
  readonly left: bigint;
};

export type CallPurseOptions = {
  readonly chain: Uint8Array;
  readonly channel: bigint;
  readonly node: Uint8Array;
  readonly deposited: bigint;
  readonly redeemed: bigint;
  /** what calls came to so far, as the node says and the voucher it holds bears out */
  readonly spent: bigint;
  /** what the voucher is worth that the node holds; `redeemed` without one */
  readonly held: bigint;
  readonly depositor: Pick<Account, 'sign'>;
};

export function openCallPurse({ chain, channel, node, deposited, redeemed, depositor, ...before }: CallPurseOptions): CallPurse {
  let { spent, held } = before;
  let reserved = 0n;

  function sign(amount: bigint): Uint8Array {
    const terms = { chain, channel, node, amount };
    return encodeVoucher({ ...terms, signature: depositor.sign(voucherMessage(terms)) });
  }

  return {
    reserve(ceiling) {
      const needed = spent + reserved + ceiling;
      if (needed > deposited) {
        throw new TeaError('limit', `Channel ${channel} does not hold enough for this call`, {
          expected: `a ceiling of at most ${deposited - spent - reserved} plancks`,
          actual: String(ceiling),
          next: 'top the channel up, or allow less gas',
        });
      }
      reserved += ceiling;
      const voucher = needed > held ? sign(needed) : null;
      let open = true;
      const end = (price: bigint): void => {
        if (!open) return;
        open = false;
        reserved -= ceiling;
        spent += price;
        // Only an answer shows that the node has it: one that was lost on the way covers nothing.
        if (voucher !== null && needed > held) held = needed;
      };
      return {
        voucher,
        paid: end,
        refused: () => {
          if (!open) return;
          open = false;
          reserved -= ceiling;
        },
      };
    },
    exact() {
      if (reserved > 0n) throw new TeaError('conflict', 'A call is under way', { next: 'settle once it was answered' });
      if (held <= spent || spent <= redeemed) return null;
      held = spent;
      return sign(spent);
    },
    get spent() {
      return spent;
    },
    get left() {
      return deposited - spent - reserved;
    },
  };
}
