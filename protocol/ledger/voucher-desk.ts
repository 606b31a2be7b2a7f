import type { PolkadotSigner, Transaction } from 'polkadot-api';
import { toHex } from '../bytes.ts';
import { equalBytes } from '../cbor.ts';
import { TeaError } from '../errors.ts';
import type { ChannelRecord } from '../layer1/channel-record.ts';
import { type Voucher, verifyVoucher } from '../layer1/voucher.ts';
import type { Ledger } from './ledger.ts';

/**
 * A server's side of prepaid requests. A client hands in a voucher worth some requests ahead: its signature is verified once, and the requests
 * it pays for then cost a look into a map each. What the desk holds must be redeemed before the channel ends (`redeem`); it keeps nothing on disk, so
 * a server that stops redeems first, and one that crashed lost what it hadn't redeemed.
 */
export type VoucherDesk = {
  /** Verifies, and keeps the voucher when it is worth more than what was kept. Reads layer 1 when what it knows of the channel is old. */
  accept(voucher: Voucher): Promise<VoucherVerdict>;
  /** Takes `price` from what the channel's vouchers are worth. No I/O, no cryptography. */
  charge(channel: bigint, price: bigint): Charge;
  /** Sets `ceiling` of what the vouchers are worth aside, for a request whose price is known once it was served. */
  reserve(channel: bigint, ceiling: bigint): Charge;
  /** Ends a reservation: `price` of it was used, at most all of it. */
  pay(channel: bigint, ceiling: bigint, price: bigint): void;
  /**
   * Takes a voucher of less than the one that is held in its place, as long as it covers what was used and set aside: a depositor who covered a ceiling
   * then owes what was used, and no more.
   */
  settle(voucher: Voucher): VoucherVerdict;
  /**
   * Where a channel to this node stands; reads layer 1 when what is known of it is old. Null for one that layer 1 has not, or to another node.
   * @throws TeaError `limit` when too many are in use already
   */
  look(channel: bigint): Promise<ChannelTab | null>;
  /** Redeems every voucher of which `atLeast` was used and not redeemed yet, or whose channel ends soon and `least` was used. @returns what came in */
  redeem(options: { readonly signer: PolkadotSigner; readonly atLeast?: bigint; readonly least?: bigint }): Promise<bigint>;
};

/** Plancks. `spent` counts what was redeemed before this desk; `unredeemed` is what of it layer 1 has not paid out yet. */
export type ChannelTab = {
  readonly record: ChannelRecord;
  readonly voucher: Voucher | null;
  readonly spent: bigint;
  readonly reserved: bigint;
  readonly unredeemed: bigint;
};

export type VoucherRefusal =
  | 'otherChain'
  | 'otherNode'
  | 'unknownChannel'
  | 'endsTooSoon'
  | 'overspent'
  | 'nothingNew'
  | 'badSignature'
  | 'tooManyChannels';
export type VoucherVerdict =
  | { readonly ok: true; readonly credit: bigint }
  | { readonly ok: false; readonly reason: VoucherRefusal; readonly expected: string; readonly actual: string };

/** `needed` is the cumulative amount that a voucher must reach for this request. */
export type Charge = { readonly ok: true; readonly credit: bigint } | { readonly ok: false; readonly needed: bigint };

export type VoucherDeskOptions = {
  readonly ledger: Pick<Ledger, 'genesis' | 'blockNumber' | 'submit'> & { readonly api: Pick<Ledger['api'], 'tx' | 'event'> };
  readonly node: Uint8Array;
  /** `readChannel`: proven, for the money is there or it isn't. */
  readonly channel: (id: bigint) => Promise<ChannelRecord | null>;
  /** Default `verifyVoucher`. */
  readonly verify?: (voucher: Voucher, depositor: Uint8Array) => boolean;
  /** How many blocks before its end no more vouchers are taken and what there is is redeemed. Default 100, of the challenge period's 600. */
  readonly marginBlocks?: number;
};

/** A depositor can't end a channel sooner than a challenge period from now, so what was read so many blocks ago still holds within the margin. */
const FRESH_BLOCKS = 50;
/** Default of `marginBlocks`. */
export const VOUCHER_MARGIN_BLOCKS = 100;
const MAX_CHANNELS = 100_000;

/** One extrinsic redeems for so many channels. */
const REDEEMED_AT_ONCE = 50;

type Tab = { record: ChannelRecord; readAt: number; best: Voucher | null; spent: bigint; reserved: bigint };

export function openVoucherDesk({
  ledger,
  node,
  channel,
  verify = verifyVoucher,
  marginBlocks = VOUCHER_MARGIN_BLOCKS,
}: VoucherDeskOptions): VoucherDesk {
  const tabs = new Map<bigint, Tab>();

  /** @returns null when layer 1 has no such channel any more; then it is forgotten here */
  async function tabOf(id: bigint, fresh: boolean): Promise<Tab | null> {
    const known = tabs.get(id);
    if (known !== undefined && !fresh && ledger.blockNumber() - known.readAt < FRESH_BLOCKS) return known;
    const readAt = ledger.blockNumber();
    const record = await channel(id);
    const meanwhile = tabs.get(id);
    if (record === null) {
      tabs.delete(id);
      return null;
    }
    if (meanwhile === undefined) {
      const tab: Tab = { record, readAt, best: null, spent: record.redeemed, reserved: 0n };
      if (equalBytes(record.node, node)) tabs.set(id, tab);
      return tab;
    }
    if (readAt >= meanwhile.readAt) Object.assign(meanwhile, { record, readAt });
    return meanwhile;
  }

  const worthOf = ({ record, best }: Tab): bigint => (best === null || best.amount < record.redeemed ? record.redeemed : best.amount);
  const unredeemedOf = ({ spent, record }: Tab): bigint => (spent > record.redeemed ? spent - record.redeemed : 0n);

  return {
    async accept(voucher) {
      if (!equalBytes(voucher.chain, ledger.genesis)) return refusal('otherChain', `chain ${toHex(ledger.genesis)}`, toHex(voucher.chain));
      if (!equalBytes(voucher.node, node)) return refusal('otherNode', `node ${toHex(node)}`, toHex(voucher.node));
      if (!tabs.has(voucher.channel) && tabs.size >= MAX_CHANNELS)
        return refusal('tooManyChannels', `at most ${MAX_CHANNELS} channels in use`, 'one more');
      let tab = await tabOf(voucher.channel, false);
      // Perhaps it was topped up since.
      if (tab !== null && voucher.amount > tab.record.deposited) tab = await tabOf(voucher.channel, true);
      if (tab === null) return refusal('unknownChannel', 'an open channel', `channel ${voucher.channel}`);
      const { record } = tab;
      if (!equalBytes(record.node, node)) return refusal('otherNode', `a channel to ${toHex(node)}`, `one to ${toHex(record.node)}`);
      const left = record.endsAt - ledger.blockNumber();
      if (left < marginBlocks) return refusal('endsTooSoon', `a channel that goes on for ${marginBlocks} blocks`, `${Math.max(0, left)} blocks left`);
      if (voucher.amount > record.deposited) return refusal('overspent', `at most ${record.deposited} plancks`, String(voucher.amount));
      if (voucher.amount <= worthOf(tab)) return refusal('nothingNew', `more than ${worthOf(tab)} plancks`, String(voucher.amount));
      if (!verify(voucher, record.depositor)) return refusal('badSignature', `the signature of ${toHex(record.depositor)}`, 'another one');
      tab.best = voucher;
      return { ok: true, credit: voucher.amount - tab.spent - tab.reserved };
    },

    charge(id, price) {
      const taken = set(id, price);
      const tab = tabs.get(id);
      if (taken.ok && tab !== undefined) tab.spent += price;
      return taken;
    },

    reserve(id, ceiling) {
      const taken = set(id, ceiling);
      const tab = tabs.get(id);
      if (taken.ok && tab !== undefined) tab.reserved += ceiling;
      return taken;
    },

    pay(id, ceiling, price) {
      const tab = tabs.get(id);
      if (tab === undefined) return; // its channel ended meanwhile: the money is gone
      tab.reserved -= ceiling;
      tab.spent += price < ceiling ? price : ceiling;
    },

    settle(voucher) {
      const tab = tabs.get(voucher.channel);
      if (tab === undefined) return refusal('unknownChannel', 'a channel that a voucher came from', `channel ${voucher.channel}`);
      if (!equalBytes(voucher.chain, ledger.genesis)) return refusal('otherChain', `chain ${toHex(ledger.genesis)}`, toHex(voucher.chain));
      if (!equalBytes(voucher.node, node)) return refusal('otherNode', `node ${toHex(node)}`, toHex(voucher.node));
      const used = tab.spent + tab.reserved;
      if (voucher.amount < used) return refusal('nothingNew', `at least the ${used} plancks that were used`, String(voucher.amount));
      if (voucher.amount > worthOf(tab))
        return refusal('overspent', `no more than the voucher before: ${worthOf(tab)} plancks`, String(voucher.amount));
      if (!verify(voucher, tab.record.depositor)) return refusal('badSignature', `the signature of ${toHex(tab.record.depositor)}`, 'another one');
      if (voucher.amount > tab.record.redeemed) tab.best = voucher;
      return { ok: true, credit: worthOf(tab) - used };
    },

    async look(id) {
      if (!tabs.has(id) && tabs.size >= MAX_CHANNELS)
        throw new TeaError('limit', 'Too many channels are in use here', { expected: `at most ${MAX_CHANNELS}` });
      const tab = await tabOf(id, false);
      if (tab === null || !equalBytes(tab.record.node, node)) return null;
      return { record: tab.record, voucher: tab.best, spent: tab.spent, reserved: tab.reserved, unredeemed: unredeemedOf(tab) };
    },

    async redeem({ signer, atLeast = 1n, least = 1n }) {
      let due: Voucher[] = [];
      let received = 0n;
      const handIn = async (): Promise<void> => {
        const calls = due.map(({ channel: id, amount, signature }) =>
          ledger.api.tx.Vouchers.redeem({ id, amount, signature: `0x${toHex(signature)}` }),
        );
        due = [];
        const [first, second] = calls;
        if (first === undefined) return;
        // One that layer 1 refuses, since its channel ended meanwhile, must not cost us the others.
        const all = (): Transaction => ledger.api.tx.Utility.force_batch({ calls: calls.map(({ decodedCall }) => decodedCall) });
        const { events } = await ledger.submit(second === undefined ? first : all(), signer);
        for (const { payload } of ledger.api.event.Vouchers.Redeemed.filter(events)) {
          received += payload.paid;
          const tab = tabs.get(payload.id);
          if (tab !== undefined && payload.redeemed > tab.record.redeemed) tab.record = { ...tab.record, redeemed: payload.redeemed };
        }
      };
      for (const [id, known] of tabs) {
        if (known.best === null || known.best.amount <= known.record.redeemed) continue;
        const tab = await tabOf(id, true);
        if (tab?.best === null || tab?.best === undefined || tab.best.amount <= tab.record.redeemed) continue;
        const soon = tab.record.closing || tab.record.endsAt - ledger.blockNumber() < 2 * marginBlocks;
        if (unredeemedOf(tab) < least || (unredeemedOf(tab) < atLeast && !soon)) continue;
        due.push(tab.best);
        if (due.length >= REDEEMED_AT_ONCE) await handIn();
      }
      await handIn();
      return received;
    },
  };

  function set(id: bigint, price: bigint): Charge {
    const tab = tabs.get(id);
    if (tab === undefined) return { ok: false, needed: price };
    const used = tab.spent + tab.reserved + price;
    if (price < 0n || used > worthOf(tab)) return { ok: false, needed: used };
    return { ok: true, credit: worthOf(tab) - used };
  }
}

function refusal(reason: VoucherRefusal, expected: string, actual: string): VoucherVerdict {
  return { ok: false, reason, expected, actual };
}
