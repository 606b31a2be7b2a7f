import { verifyCallReceipt } from '@tea/attestation';
import { decodeReply, equalBytes, isTeaError, sha256, TeaError, type ContentDigest, type ReceiptBundle } from '@tea/protocol';
import {
  callAnswer,
  callFee,
  encodeCallOrder,
  frameAnswer,
  MAX_CALL_INPUT_BYTES,
  settledAnswer,
  type CallAnswer,
  type CallOrder,
  type CallReceipt,
  type CallSession,
} from '@tea/protocol/call';
import { decodeVoucher, verifyVoucher, type ChannelRecord } from '@tea/protocol/layer1';
import { readChannel, readContent } from '@tea/protocol/ledger';
import { CID } from 'multiformats/cid';
import type { Account } from '../account.ts';
import { inspectNode, type NodeInspection } from '../inspect-node.ts';
import type { InspectOptions } from '../inspect.ts';
import type { Tea } from '../tea.ts';
import { askCallKey, beginSession, type AskCallOptions } from './call-handshake.ts';
import { openCallPurse, type CallPurse, type Reservation } from './call-purse.ts';

export type CallTerms = {
  /** Number on layer 1 of plain code, free of charge: a component of the world `tea:guest/handler`. */
  readonly content: bigint;
  readonly function: string;
  /** at most 1 MiB */
  readonly input: Uint8Array;
  readonly gasLimit: bigint;
  /** plancks; by default what the gas limit costs at the node's price by layer 1 */
  readonly maxPrice?: bigint;
  /** Asks for the answer to a call of before: the same order under the same number never runs twice. */
  readonly sequence?: bigint;
  readonly signal?: AbortSignal;
};

/** What a call came to, with the receipt it was checked against. Also a trap, or gas that ran out, is an answer, and costs what it used. */
export type CallResult = Omit<CallAnswer, 'receipt' | 'spent'> & {
  readonly sequence: bigint;
  readonly receipt: CallReceipt;
  readonly bundle: ReceiptBundle;
};

/** Calls to one node, paid from one channel, inside a session that only its TEE can read. */
export type Calls = {
  readonly inspection: NodeInspection;
  readonly channel: bigint;
  /**
   * @throws TeaError the TEE's refusal (nothing was paid); `limit` when the channel doesn't hold enough; `timeout` | `unavailable` when no answer came in four tries:
   *   ask again with the `sequence` in its details; `conflict` when the TEE was started anew meanwhile; `corrupt` when the receipt is not of this call
   */
  call(terms: CallTerms): Promise<CallResult>;
  /** Gives the node a voucher of exactly what was used, so that it can redeem no more. Do so when you are done. @returns what was used, in plancks */
  settle(): Promise<bigint>;
  readonly purse: Pick<CallPurse, 'spent' | 'left'>;
};

export type OpenCallsOptions = InspectOptions & { readonly node: Uint8Array; readonly channel: bigint; readonly depositor: Account };

/** Of a call that was paid before. */
const ANSWERED: Reservation = { voucher: null, paid: () => undefined, refused: () => undefined };
/**
 * How long each try waits for its answer. The last is long enough for a call that waits for others, runs its time, and waits for a quote: it is the same call
 * all along, so a message that was lost costs seconds.
 */
const TRIES_MS = [5_000, 10_000, 20_000, 40_000] as const;
/** The order holds for so many blocks: what a host held back for longer does not run. */
const VALID_BLOCKS = 30;

/**
 * Appraises a node as before a release, and opens a session to what was appraised.
 * @throws TeaError `refused` unless the result is affirming and the node Active, and when the node says more was used than was signed for; `notFound`
 */
export async function openCalls(tea: Tea, { node, channel, depositor, ...options }: OpenCallsOptions): Promise<Calls> {
  const { ledger } = tea;
  const inspection = await inspectNode(tea, node, options);
  const { appraisal, record } = inspection;
  const appraised = appraisal.node;
  if (appraisal.result.verdict !== 'affirming' || appraised === null) {
    const failed = appraisal.result.claims.filter(({ ok }) => ok === false);
    throw new TeaError('refused', 'Nothing is sent to this node', {
      expected: 'an affirming attestation result',
      actual: `${appraisal.result.verdict}: ${failed.map(({ title }) => title).join('; ')}`,
      next: failed[0]?.next || `tea inspect ${node.toHex()}`,
    });
  }
  if (record.status !== 'Active') {
    throw new TeaError('refused', 'This node takes no calls now', {
      expected: 'an Active node',
      actual: `${record.status} (${record.reason})`,
      next: 'tea nodes',
    });
  }
  const stored = await ownChannel(tea, channel, node, depositor);
  const ask = tea.calls(node);
  const evidence = appraised.evidence;
  const begin = async () => {
    const callKey = await askCallKey(ask, ledger.genesis, appraised, options.signal);
    return { callKey, ...(await beginSession(ask, { chain: ledger.genesis, node, evidence, callKey, channel }, depositor, options.signal)) };
  };
  const begun = await begin();
  let { session } = begun;
  let { next } = begun.standing;
  const { spent, held } = borneOut(begun.standing, stored, { chain: ledger.genesis, channel, node });
  const purse = openCallPurse({
    chain: ledger.genesis,
    channel,
    node,
    deposited: stored.deposited,
    redeemed: stored.redeemed,
    spent,
    held,
    depositor,
  });
  /** Sent, and not answered yet. */
  const open = new Map<bigint, Reservation>();
  const codes = new Map<bigint, Promise<ContentDigest>>();

  /** @returns the reply inside the frame */
  async function exchange(sequence: bigint, order: CallOrder, signal: AbortSignal | undefined): Promise<Uint8Array> {
    const plaintext = encodeCallOrder(order);
    let last: unknown;
    let lost = false;
    for (const timeoutMs of TRIES_MS) {
      signal?.throwIfAborted();
      try {
        // What is said outside of the session may be the host's: a session that is gone is opened again, with the same process or not at all.
        if (lost) session = await again(sequence);
        return await once(session, sequence, plaintext, { timeoutMs, signal });
      } catch (error) {
        if (isTeaError(error, 'cancelled') || isTeaError(error, 'conflict')) throw error;
        last = error;
        lost = isTeaError(error, 'notFound');
      }
    }
    throw unanswered(sequence, last);
  }

  async function once(by: CallSession, sequence: bigint, plaintext: Uint8Array, how: AskCallOptions): Promise<Uint8Array> {
    const sealed = await by.seal('request', sequence, plaintext);
    const answer = await ask({ op: 'frame', session: by.id, sequence, sealed }, frameAnswer, 'answer to a call', how);
    return by.open('answer', sequence, answer.sealed);
  }

  async function again(sequence: bigint): Promise<CallSession> {
    const anew = await begin();
    if (equalBytes(anew.callKey, begun.callKey)) return anew.session;
    throw new TeaError('conflict', 'The TEE was started anew', {
      expected: `the answer to call ${sequence}`,
      actual: 'a process that knows nothing of it',
      next: 'open the calls again: what was not redeemed by then is not paid, and the call can be made again',
      details: { sequence: String(sequence) },
    });
  }

  function codeOf(content: bigint): Promise<ContentDigest> {
    const known = codes.get(content) ?? readCode(tea, content);
    codes.set(content, known);
    known.catch(() => codes.delete(content));
    return known;
  }

  return {
    inspection,
    channel,
    purse,
    async call({ content, function: name, input, gasLimit, maxPrice = callFee(gasLimit, record.gasPrice), sequence: asked, signal }) {
      if (input.length > MAX_CALL_INPUT_BYTES) {
        throw new TeaError('limit', 'This input is too large for a call', {
          expected: `at most ${MAX_CALL_INPUT_BYTES} bytes`,
          actual: `${input.length}`,
          next: 'publish it as data, and run an errand',
        });
      }
      const code = await codeOf(content);
      const ceiling = callFee(gasLimit, begun.standing.gasPrice);
      const sequence = asked ?? next;
      if (sequence >= next) next = sequence + 1n;
      const isOfBefore = sequence < begun.standing.next; // then what it cost is in what was spent before
      const reservation = isOfBefore ? ANSWERED : (open.get(sequence) ?? purse.reserve(ceiling));
      open.set(sequence, reservation);
      const order = {
        op: 'call' as const,
        content,
        function: name,
        input,
        gasLimit,
        maxPrice,
        notAfterBlock: ledger.blockNumber() + VALID_BLOCKS,
        voucher: reservation.voucher,
      };
      const reply = await exchange(sequence, order, signal);
      open.delete(sequence);
      let answer: CallAnswer;
      try {
        answer = decodeReply(reply, callAnswer, 'answer to a call');
      } catch (error) {
        reservation.refused();
        throw error;
      }
      reservation.paid(answer.price);
      const verification = await verifyCallReceipt({
        bundle: answer.receipt,
        node: appraised,
        chain: ledger.genesis,
        channel,
        sequence,
        trustClass: appraisal.result.trustClass,
      });
      if (!verification.ok) {
        const failed = verification.claims.find(({ outcome }) => outcome !== 'ok');
        throw new TeaError('corrupt', `The receipt does not hold: ${failed?.what ?? 'unknown'}`, {
          expected: failed?.expected ?? '',
          actual: failed?.actual ?? '',
        });
      }
      const { receipt } = verification;
      const differences = differencesFrom(receipt, { order, code, answer, ceiling, caller: depositor.publicKey });
      if (differences.length > 0) {
        throw new TeaError('corrupt', 'The receipt is of something else than this call', {
          expected: 'what was ordered and answered',
          actual: `other ${differences.join(', ')}`,
        });
      }
      const { receipt: bundle, spent: _, ...rest } = answer;
      return { ...rest, sequence, receipt, bundle };
    },

    async settle() {
      const voucher = purse.exact();
      if (voucher === null) return purse.spent;
      const reply = await exchange(next++, { op: 'settle', voucher }, options.signal);
      return decodeReply(reply, settledAnswer, 'answer to a settlement').spent;
    },
  };
}

async function ownChannel(tea: Tea, id: bigint, node: Uint8Array, depositor: Account): Promise<ChannelRecord> {
  const record = await readChannel(tea.ledger, id);
  if (record === null) throw new TeaError('notFound', `Layer 1 has no channel ${id}`, { expected: 'one that is open', next: 'tea channel open' });
  if (equalBytes(record.node, node) && equalBytes(record.depositor, depositor.publicKey)) return record;
  throw new TeaError('refused', `Channel ${id} is not for this`, {
    expected: `a channel of ${depositor.name} to node ${node.toHex()}`,
    actual: `one of ${record.depositor.toHex()} to ${record.node.toHex()}`,
    next: 'tea channel status',
  });
}

/**
 * What the node says was used must be what this depositor signed for: the voucher it holds shows that, and so does what layer 1 paid.
 * @throws TeaError `refused`
 */
function borneOut(
  { spent, voucher }: { readonly spent: bigint; readonly voucher: Uint8Array | null },
  { depositor, redeemed }: ChannelRecord,
  is: { readonly chain: Uint8Array; readonly channel: bigint; readonly node: Uint8Array },
): { readonly spent: bigint; readonly held: bigint } {
  const signed = voucher === null ? null : decodeVoucher(voucher);
  const own =
    signed === null ||
    (equalBytes(signed.chain, is.chain) && equalBytes(signed.node, is.node) && signed.channel === is.channel && verifyVoucher(signed, depositor));
  const held = signed !== null && signed.amount > redeemed ? signed.amount : redeemed;
  if (own && spent <= held) return { spent, held };
  throw new TeaError('refused', 'The node says that more was used of this channel than was signed for', {
    expected: `at most ${own ? held : redeemed} plancks`,
    actual: String(spent),
    next: 'close the channel: tea channel close',
  });
}

async function readCode(tea: Tea, content: bigint): Promise<ContentDigest> {
  const entry = await readContent(tea.ledger, content);
  if (entry === null) throw new TeaError('notFound', `Layer 1 knows no content ${content}`);
  return { cid: CID.decode(entry.cid).toString(), sha256: entry.sha256 };
}

/** Names of what in a receipt is not of this call. Empty: it is this call's. */
function differencesFrom(
  receipt: CallReceipt,
  of: {
    readonly order: Extract<CallOrder, { op: 'call' }>;
    readonly code: ContentDigest;
    readonly answer: CallAnswer;
    readonly ceiling: bigint;
    readonly caller: Uint8Array;
  },
): string[] {
  const { order, code, answer, ceiling, caller } = of;
  return [
    (receipt.content !== order.content || receipt.code.cid !== code.cid || !equalBytes(receipt.code.sha256, code.sha256)) && 'code',
    receipt.function !== order.function && 'function',
    !equalBytes(receipt.caller, caller) && 'caller',
    !equalBytes(receipt.input, sha256(order.input)) && 'input',
    !equalBytes(receipt.output, sha256(answer.output)) && 'output',
    (receipt.outcome !== answer.outcome || receipt.exitCode !== answer.exitCode) && 'outcome',
    (receipt.gasUsed !== answer.gasUsed || receipt.gasLimit !== order.gasLimit) && 'gas',
    (receipt.price !== answer.price || receipt.price > ceiling) && 'price',
  ].filter((difference) => difference !== false);
}

function unanswered(sequence: bigint, cause: unknown): TeaError {
  const code = isTeaError(cause) && cause.code !== 'notFound' ? cause.code : 'unavailable';
  return new TeaError(code, `Call ${sequence} was not answered`, {
    expected: `an answer within ${TRIES_MS.length} tries`,
    actual: isTeaError(cause) ? cause.message : String(cause),
    next: `ask for its answer, under the same number: --sequence ${sequence}`,
    details: { sequence: String(sequence) },
    cause,
  });
}
