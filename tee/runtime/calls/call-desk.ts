import { encodeErrorReply, encodeReply, isTeaError, sha256, TeaError, type ReceiptBundle } from '@tea/protocol';
import {
  bundleValue,
  CALL_BASE_GAS,
  callFee,
  decodeCallOrder,
  orderDigest,
  type CallOrder,
  type CallReceipt,
  type ChannelStanding,
  type FunctionOrder,
} from '@tea/protocol/call';
import { decodeVoucher, encodeVoucher, type NodeRecord } from '@tea/protocol/layer1';
import { VOUCHER_MARGIN_BLOCKS, type ChannelTab, type VoucherDesk, type VoucherVerdict } from '@tea/protocol/ledger';
import type { FairQueue } from '../fair-queue.ts';
import type { AnswerMemory } from './answer-memory.ts';
import type { OpenedSession } from './call-sessions.ts';
import type { CallRunner } from './run-call.ts';

export type CallDesk = {
  /** @throws TeaError `notFound` when the channel is gone */
  standing(channel: bigint): Promise<ChannelStanding>;
  /** @returns the reply to this order, in the clear: a refusal is one, too @throws TeaError `badMessage`, `conflict` as `AnswerMemory.once` */
  serve(opened: OpenedSession, sequence: bigint, order: Uint8Array): Promise<Uint8Array>;
};

export type CallDeskParts = {
  readonly chain: Uint8Array;
  readonly node: Uint8Array;
  readonly blockNumber: () => number;
  /** This node by layer 1, read with proof; null when it is not registered. */
  readonly record: () => Promise<NodeRecord | null>;
  readonly vouchers: Pick<VoucherDesk, 'accept' | 'settle' | 'look' | 'reserve' | 'pay'>;
  readonly answers: AnswerMemory;
  readonly runner: CallRunner;
  readonly queue: FairQueue;
  readonly sealReceipt: (receipt: CallReceipt) => Promise<ReceiptBundle>;
  /** Told what of a channel was used and not redeemed, whenever a call was paid. */
  readonly onPaid: (unredeemed: bigint) => void;
  /** Told of failures nobody foresaw. */
  readonly onFailure: (correlation: string, error: unknown) => void;
};

/** Serves the orders of a channel: no voucher, no run; what ran was paid, what did not was not. */
export function openCallDesk(parts: CallDeskParts): CallDesk {
  const { vouchers, answers, runner } = parts;

  async function tab(channel: bigint): Promise<ChannelTab> {
    const found = await vouchers.look(channel);
    if (found !== null) return found;
    answers.forget(channel);
    throw new TeaError('notFound', `There is no channel ${channel} to this node any more`, { next: 'tea channel open' });
  }

  /** @throws TeaError `refused` unless the node is Active: who leaves takes no more orders, and redeems what there is */
  async function gasPrice(): Promise<bigint> {
    const record = await parts.record();
    if (record?.status === 'Active') return record.gasPrice;
    throw new TeaError('refused', 'This node takes no calls now', {
      expected: 'an Active node',
      actual: record?.status ?? 'one that is not registered',
      next: 'choose another: tea nodes',
    });
  }

  async function call(opened: OpenedSession, sequence: bigint, order: FunctionOrder): Promise<Uint8Array> {
    const { channel, evidence } = opened.terms;
    const startedAtBlock = parts.blockNumber();
    if (order.notAfterBlock < startedAtBlock) {
      throw new TeaError('timeout', 'This call came too late', {
        expected: `block ${order.notAfterBlock} or earlier`,
        actual: String(startedAtBlock),
        next: 'call again',
      });
    }
    const { record } = await tab(channel);
    if (record.endsAt - startedAtBlock < VOUCHER_MARGIN_BLOCKS) {
      throw new TeaError('refused', `Channel ${channel} ends too soon`, {
        expected: `${VOUCHER_MARGIN_BLOCKS} more blocks`,
        actual: `end at ${record.endsAt}`,
      });
    }
    const price = await gasPrice();
    const ceiling = callFee(order.gasLimit, price);
    if (ceiling > order.maxPrice) {
      throw new TeaError('limit', 'So much gas may cost more than you agreed to', {
        expected: `a ceiling of ${ceiling} plancks: ${order.gasLimit} gas, and ${CALL_BASE_GAS} for the sandbox, at ${price} for 1,000,000`,
        actual: String(order.maxPrice),
        next: 'allow less gas, or a higher price',
      });
    }
    if (order.voucher !== null) taken(await vouchers.accept(decodeVoucher(order.voucher)), channel);
    const reserved = vouchers.reserve(channel, ceiling);
    if (!reserved.ok) {
      throw new TeaError('limit', 'What this channel’s vouchers are worth does not cover this call', {
        expected: `a voucher of ${reserved.needed} plancks or more`,
        actual: order.voucher === null ? 'none that is new' : String(decodeVoucher(order.voucher).amount),
        next: 'call again with a higher one; top up the channel where its deposit does not reach',
      });
    }
    let paid = 0n;
    try {
      // Fetching code is work, too: who orders what can't be called waits its turn for that.
      const run = await parts.queue.run(opened.caller.toHex(), async () =>
        runner.run(order, { channel, sequence, caller: opened.caller }, await runner.prepare(order.content)),
      );
      const { guest, code, clockMs, seed } = run;
      if (guest.outcome === 'cancelled') throw new TeaError('cancelled', 'The call was ended with its TEE', { next: 'call again' });
      const cost = callFee(guest.gasUsed, price);
      const receipt = await parts.sealReceipt({
        v: 1,
        domain: 'tea/call/1',
        chain: parts.chain,
        node: parts.node,
        channel,
        sequence,
        evidence,
        trustClass: 'simulated', // process mode; a measured machine will say what its TPM is
        content: order.content,
        code,
        function: order.function,
        caller: opened.caller,
        input: sha256(order.input),
        output: sha256(guest.stdout),
        outcome: guest.outcome,
        exitCode: guest.exitCode,
        gasUsed: guest.gasUsed,
        gasLimit: order.gasLimit,
        gasPrice: price,
        price: cost,
        meterVersion: guest.meterVersion,
        instrumentedSha256: guest.instrumentedSha256,
        isolation: guest.isolation,
        clockMs,
        seed,
        ...(guest.entropic && { entropic: true as const }),
        startedAtBlock,
      });
      paid = cost; // no receipt, no pay
      return encodeReply({
        outcome: guest.outcome,
        exitCode: guest.exitCode,
        explanation: guest.explanation,
        output: guest.stdout,
        log: guest.stderr,
        gasUsed: guest.gasUsed,
        price: String(cost),
        spent: String((await tab(channel)).spent + cost),
        receipt: bundleValue(receipt),
      });
    } finally {
      vouchers.pay(channel, ceiling, paid);
      const after = paid > 0n ? await vouchers.look(channel).catch(() => null) : null;
      if (after !== null) parts.onPaid(after.unredeemed);
    }
  }

  async function settle({ terms: { channel } }: OpenedSession, order: Extract<CallOrder, { op: 'settle' }>): Promise<Uint8Array> {
    const voucher = decodeVoucher(order.voucher);
    await tab(channel);
    const verdict = vouchers.settle(voucher);
    if (!verdict.ok || voucher.channel !== channel) throw refusedVoucher(verdict, channel);
    return encodeReply({ spent: String((await tab(channel)).spent) });
  }

  return {
    async standing(channel) {
      const { spent, voucher } = await tab(channel);
      return { spent, voucher: voucher && encodeVoucher(voucher), next: answers.next(channel), gasPrice: await gasPrice() };
    },
    async serve(opened, sequence, bytes) {
      const order = decodeCallOrder(bytes);
      return answers.once(opened.terms.channel, sequence, orderDigest(order), async () => {
        try {
          return order.op === 'call' ? await call(opened, sequence, order) : await settle(opened, order);
        } catch (error) {
          const correlation = crypto.randomUUID();
          if (!isTeaError(error)) parts.onFailure(correlation, error);
          return encodeErrorReply(error, correlation);
        }
      });
    },
  };
}

/** One that is worth no more than the last changes nothing: of several calls at once, they may come in any order. */
function taken(verdict: VoucherVerdict, channel: bigint): void {
  if (!verdict.ok && verdict.reason !== 'nothingNew') throw refusedVoucher(verdict, channel);
}

function refusedVoucher(verdict: VoucherVerdict, channel: bigint): TeaError {
  if (verdict.ok) return new TeaError('refused', 'This voucher is of another channel', { expected: `channel ${channel}`, actual: 'another' });
  return new TeaError('refused', `This voucher is not taken: ${verdict.reason}`, {
    expected: verdict.expected,
    actual: verdict.actual,
    next: verdict.reason === 'overspent' ? 'top up the channel' : 'open the channel again, and see where it stands: tea channel status',
    details: { reason: verdict.reason },
  });
}
