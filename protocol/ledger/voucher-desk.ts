import type { PolkadotSigner } from 'polkadot-api';
import { toHex } from '../bytes.ts';
import { equalBytes } from '../cbor.ts';
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
  /** Redeems every voucher that is worth `atLeast` more than what was redeemed, or whose channel ends soon. @returns what came in */
  redeem(options: { readonly signer: PolkadotSigner; readonly atLeast?: bigint }): Promise<bigint>;
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
  readonly ledger: Pick<Ledger, 'genesis' | 'blockNumber' | 'submit'> & { readonly api: Pick<Ledger['api'], 'tx'> };
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
const MAX_CHANNELS = 100_000;

type Tab = { record: ChannelRecord; readAt: number; best: Voucher | null; spent: bigint };

export function openVoucherDesk({ ledger, node, channel, verify = verifyVoucher, marginBlocks = 100 }: VoucherDeskOptions): VoucherDesk {
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
      const tab: Tab = { record, readAt, best: null, spent: record.redeemed };
      if (equalBytes(record.node, node)) tabs.set(id, tab);
      return tab;
    }
    if (readAt >= meanwhile.readAt) Object.assign(meanwhile, { record, readAt });
    return meanwhile;
  }

  const worthOf = ({ record, best }: Tab): bigint => best?.amount ?? record.redeemed;

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
      return { ok: true, credit: voucher.amount - tab.spent };
    },

    charge(id, price) {
      const tab = tabs.get(id);
      if (tab === undefined) return { ok: false, needed: price };
      const spent = tab.spent + price;
      if (price < 0n || spent > worthOf(tab)) return { ok: false, needed: spent };
      tab.spent = spent;
      return { ok: true, credit: worthOf(tab) - spent };
    },

    async redeem({ signer, atLeast = 1n }) {
      let received = 0n;
      for (const id of tabs.keys()) {
        const tab = await tabOf(id, true);
        const voucher = tab?.best;
        if (tab === null || voucher === undefined || voucher === null) continue;
        const owed = voucher.amount - tab.record.redeemed;
        const soon = tab.record.endsAt - ledger.blockNumber() < 2 * marginBlocks;
        if (owed <= 0n || (owed < atLeast && !soon)) continue;
        const signature = `0x${toHex(voucher.signature)}` as const;
        await ledger.submit(ledger.api.tx.Vouchers.redeem({ id, amount: voucher.amount, signature }), signer);
        received += owed;
      }
      return received;
    },
  };
}

function refusal(reason: VoucherRefusal, expected: string, actual: string): VoucherVerdict {
  return { ok: false, reason, expected, actual };
}
