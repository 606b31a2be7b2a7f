import { getPublicKey, secretFromSeed, sign } from '@scure/sr25519';
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { decodeReply, decodeSigned, encodeCbor, secureRandom, sha256, type CborValue } from '@tea/protocol';
import {
  CALL_BASE_GAS,
  callAnswer,
  channelStanding,
  decodeCallOffer,
  encodeCallOrder,
  encodeOpening,
  frameAnswer,
  offerAnswer,
  openSession,
  sessionInfo,
  sessionMessage,
  SIGNED_CALL_OFFER,
  type CallAnswer,
  type CallOrder,
  type CallReceipt,
  type CallSession,
  type ChannelStanding,
  type FunctionOrder,
} from '@tea/protocol/call';
import { generateHpkeKeyPair, sealHpke } from '@tea/protocol/hpke';
import { encodeVoucher, voucherMessage, type ChannelRecord, type ContentEntry, type NodeRecord, type VoucherTerms } from '@tea/protocol/layer1';
import { openVoucherDesk, type VoucherDeskOptions } from '@tea/protocol/ledger';
import type { GuestJob, GuestResult } from '@tea/wasm';
import { fairQueue } from '../../fair-queue.ts';
import { generateReceiptKey } from '../../receipt-key.ts';
import { openAnswerMemory } from '../answer-memory.ts';
import { openCallDesk } from '../call-desk.ts';
import { serveCalls } from '../call-service.ts';
import { openCallSessions } from '../call-sessions.ts';
import { openCallRunner } from '../run-call.ts';

const id = (seed: number): Uint8Array => sha256(Uint8Array.of(seed));
const person = (seed: number) => {
  const secret = secretFromSeed(id(seed));
  return { publicKey: getPublicKey(secret), sign: (message: Uint8Array) => sign(secret, message) };
};
export const depositor = person(1);
export const stranger = person(2);
export const [chain, node, otherNode, evidence] = [id(3), id(4), id(5), id(6)];
/** Plancks for 1,000,000 gas. A call costs ten of them before its own gas. */
const GAS_PRICE = 1n;
/** How much gas a call of this price uses. */
const gasFor = (price: bigint): bigint => (price * 1_000_000n > CALL_BASE_GAS ? price * 1_000_000n - CALL_BASE_GAS : 0n);
/** The least there is to a component: `isComponent` looks at its first eight bytes. */
const COMPONENT = Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0);

/** A run that costs so much. */
export const ran = (price: bigint, change: Partial<GuestResult> = {}): GuestResult => ({
  outcome: 'ok',
  explanation: 'The program ended normally',
  exitCode: 0,
  gasUsed: gasFor(price),
  stdout: new Uint8Array(),
  stderr: new Uint8Array(),
  out: new Map(),
  meterVersion: 'tea-meter/1',
  instrumentedSha256: id(7),
  isolation: 'namespaces+seccomp',
  entropic: false,
  ...change,
});

export const channelOf = (change: Partial<ChannelRecord> = {}): ChannelRecord => ({
  depositor: depositor.publicKey,
  node,
  payee: id(8),
  deposited: 1_000_000n,
  redeemed: 0n,
  endsAt: 100_000,
  closing: false,
  ...change,
});

export const codeOf = (change: Partial<ContentEntry> = {}): ContentEntry => ({
  owner: id(9),
  kind: 'code',
  // CIDv1, raw, SHA-256
  cid: Uint8Array.of(1, 0x55, 0x12, 0x20, ...sha256(COMPONENT)),
  sha256: sha256(COMPONENT),
  sizeBytes: 8n,
  visibility: 'plain',
  price: 0n,
  publishedAt: 1,
  onSale: true,
  ...change,
});

/** The calls of a TEE as they are, over a chain, a bus, a TPM and a guest that are played. */
export async function playCalls({ maxOrders = 256, maxBytes = 1 << 20, files = [COMPONENT] } = {}) {
  const world = {
    block: 10,
    channels: new Map([[1n, channelOf()]]),
    contents: new Map([[1n, codeOf()]]),
    record: { status: 'Active', gasPrice: GAS_PRICE } as NodeRecord | null,
    runs: [] as GuestJob[],
    receipts: [] as CallReceipt[],
    redeemed: [] as bigint[],
    unredeemed: [] as bigint[],
    run: async (job: GuestJob): Promise<GuestResult> => ran(100n, { stdout: job.stdin as Uint8Array }),
    quote: async (): Promise<void> => undefined,
  };
  const ledger = {
    genesis: chain,
    blockNumber: () => world.block,
    api: {
      tx: { Vouchers: { redeem: (call: unknown) => ({ decodedCall: call }) } },
      event: { Vouchers: { Redeemed: { filter: (events: unknown) => events } } },
    },
    submit: async ({ decodedCall }: { readonly decodedCall: { readonly id: bigint; readonly amount: bigint } }) => {
      const { id: channel, amount } = decodedCall;
      const before = world.channels.get(channel) ?? channelOf();
      world.channels.set(channel, { ...before, redeemed: amount });
      world.redeemed.push(amount);
      return { events: [{ payload: { id: channel, paid: amount - before.redeemed, redeemed: amount } }] };
    },
  } as unknown as VoucherDeskOptions['ledger'];
  const vouchers = openVoucherDesk({ ledger, node, channel: async (of) => world.channels.get(of) ?? null });
  const callKey = await generateHpkeKeyPair();
  const none = new Uint8Array(32);
  const desk = openCallDesk({
    chain,
    node,
    blockNumber: () => world.block,
    record: async () => world.record,
    vouchers,
    answers: openAnswerMemory({ maxOrders, maxBytes }),
    runner: openCallRunner({
      chain,
      ipfs: {
        async *cat(cid) {
          yield files.find((file) => cid.length > 0 && file.length > 0) ?? new Uint8Array();
        },
      },
      content: async (of) => world.contents.get(of) ?? null,
      clockMs: async () => 1_780_000_000_000,
      runGuest: (job) => (world.runs.push(job), world.run(job)),
    }),
    queue: fairQueue(2, 512),
    sealReceipt: async (receipt) => {
      await world.quote();
      world.receipts.push(receipt);
      const quote = { root: none, size: 1, attest: Uint8Array.of(1), signature: Uint8Array.of(1), pcrs: [] };
      return { cose: Uint8Array.of(1), inclusion: { index: 0, size: 1, path: [] }, quote };
    },
    onPaid: (unredeemed) => world.unredeemed.push(unredeemed),
    onFailure: () => undefined,
  });
  let hear: (error: null, message: Msg) => void = () => undefined;
  const connection = {
    subscribe: (_: string, { callback }: { callback: typeof hear }) => ((hear = callback), { unsubscribe: () => undefined }),
  } as unknown as NatsConnection;
  const service = serveCalls({
    connection,
    chain,
    node,
    callKey,
    receiptKey: await generateReceiptKey(),
    sessions: openCallSessions({
      chain,
      node,
      callKey,
      isOurEvidence: (digest) => digest.toHex() === evidence.toHex(),
      channel: async (of) => (await vouchers.look(of))?.record ?? null,
      random: secureRandom,
    }),
    desk,
    onFailure: () => undefined,
  });
  const ask = (data: Uint8Array): Promise<Uint8Array> =>
    new Promise((resolve) => hear(null, { data, respond: (reply: Uint8Array) => (resolve(reply), true) } as unknown as Msg));
  return { world, vouchers, ask, service };
}

export type Played = Awaited<ReturnType<typeof playCalls>>;

export function voucherOf(amount: bigint, change: Partial<VoucherTerms> = {}, by = depositor): Uint8Array {
  const terms = { chain, channel: 1n, node, amount, ...change };
  return encodeVoucher({ ...terms, signature: by.sign(voucherMessage(terms)) });
}

export const orderOf = (change: Partial<FunctionOrder> = {}): FunctionOrder => ({
  op: 'call',
  content: 1n,
  function: 'run',
  input: new TextEncoder().encode('input'),
  gasLimit: gasFor(1_000n),
  maxPrice: 1_000n,
  notAfterBlock: 100,
  voucher: voucherOf(1_000n),
  ...change,
});

export async function callKeyOf({ ask }: Pick<Played, 'ask'>): Promise<Uint8Array> {
  const { offer } = decodeReply(await ask(encodeCbor({ op: 'offer', nonce: id(20) })), offerAnswer, 'offer');
  return decodeCallOffer(decodeSigned(SIGNED_CALL_OFFER, offer).payload).callKey;
}

export type Opening = { readonly by?: typeof depositor; readonly channel?: bigint; readonly evidence?: Uint8Array; readonly callKey?: Uint8Array };

/** The bytes of an opening, and what its sender needs to read the answer. */
export async function openingOf(to: Pick<Played, 'ask'>, { by = depositor, channel = 1n, evidence: on = evidence, callKey }: Opening = {}) {
  const terms = { chain, node, evidence: on, callKey: callKey ?? (await callKeyOf(to)), channel };
  const secret = secureRandom(32);
  const opening = encodeOpening({ secret, signature: by.sign(sessionMessage(terms, secret)) });
  const sealed = await sealHpke(terms.callKey, sessionInfo(terms), opening);
  const request: CborValue = { op: 'open', channel, evidence: on, ...sealed };
  return { bytes: encodeCbor(request), session: await openSession(terms, secret, secureRandom) };
}

export type TestSession = {
  readonly session: CallSession;
  readonly standing: ChannelStanding;
  /** The bytes of an order, as they go over the bus. */
  frame(sequence: bigint, order: CallOrder): Promise<Uint8Array>;
  /** @throws TeaError the refusal */
  read(sequence: bigint, reply: Uint8Array): Promise<CallAnswer>;
  call(sequence: bigint, order: CallOrder): Promise<CallAnswer>;
};

export async function beginCalls(to: Pick<Played, 'ask'>, how: Opening = {}): Promise<TestSession> {
  const { bytes, session } = await openingOf(to, how);
  const { sealed } = decodeReply(await to.ask(bytes), frameAnswer, 'answer');
  const frame: TestSession['frame'] = async (sequence, order) =>
    encodeCbor({ op: 'frame', session: session.id, sequence, sealed: await session.seal('request', sequence, encodeCallOrder(order)) });
  const read: TestSession['read'] = async (sequence, reply) =>
    decodeReply(await session.open('answer', sequence, decodeReply(reply, frameAnswer, 'answer').sealed), callAnswer, 'answer');
  return {
    session,
    standing: decodeReply(await session.open('answer', 0n, sealed), channelStanding, 'standing'),
    frame,
    read,
    call: async (sequence, order) => read(sequence, await to.ask(await frame(sequence, order))),
  };
}
