import type { NatsConnection } from '@nats-io/nats-core';
import type { PolkadotSigner } from 'polkadot-api/signer';
import { encodeSigned, signAs, type RandomBytes } from '@tea/protocol';
import { encodeCallReceipt, SIGNED_CALL_RECEIPT } from '@tea/protocol/call';
import { generateHpkeKeyPair } from '@tea/protocol/hpke';
import type { IpfsClient } from '@tea/protocol/ipfs';
import { openVoucherDesk, readChannel, readContent, readNode, type Ledger } from '@tea/protocol/ledger';
import type { GuestJob, GuestResult } from '@tea/wasm';
import { fairQueue } from '../fair-queue.ts';
import type { ReceiptBatches } from '../receipt-batches.ts';
import type { ReceiptKey } from '../receipt-key.ts';
import { openAnswerMemory } from './answer-memory.ts';
import { openCallDesk } from './call-desk.ts';
import { serveCalls } from './call-service.ts';
import { openCallSessions } from './call-sessions.ts';
import { keptForBlocks } from './kept-for-blocks.ts';
import { redeemInTime } from './redeem-in-time.ts';
import { openCallRunner } from './run-call.ts';

export type CallsParts = {
  readonly connection: NatsConnection;
  readonly ledger: Ledger;
  readonly ipfs: IpfsClient;
  readonly node: Uint8Array;
  readonly signer: PolkadotSigner;
  readonly receiptKey: ReceiptKey;
  readonly batches: Pick<ReceiptBatches, 'sealSigned'>;
  readonly isOurEvidence: (digest: Uint8Array) => boolean;
  readonly runGuest: (job: GuestJob) => Promise<GuestResult>;
  readonly random: RandomBytes;
  readonly log: (event: string, error?: unknown) => void;
};

/** Each is a sandbox; the others wait, callers in turn. */
const RUNS_AT_ONCE = 2;
const MAX_WAITING = 512;
/** What layer 1 says of code is read again after so many blocks. */
const FRESH_BLOCKS = 5;

/** Calls to this node, paid by vouchers: serves them until disposed, then redeems what they came to. */
export async function startCalls(parts: CallsParts): Promise<AsyncDisposable> {
  const { connection, ledger, node, signer, receiptKey, batches, random, log } = parts;
  const { genesis: chain, blockNumber } = ledger;
  await using started = new AsyncDisposableStack();
  const callKey = await generateHpkeKeyPair();
  const vouchers = openVoucherDesk({ ledger, node, channel: (id) => readChannel(ledger, id) });
  const record = keptForBlocks(blockNumber, 1, () => readNode(ledger, node));
  const content = keptForBlocks(blockNumber, FRESH_BLOCKS, (id: bigint) => readContent(ledger, id));
  const clockMs = keptForBlocks(blockNumber, 1, async () => Number(await ledger.api.query.Timestamp.Now.getValue()));
  const redeeming = started.use(redeemInTime({ ledger, vouchers, signer, isLeaving: async () => (await record())?.status === 'Exiting', log }));
  started.defer(() => redeeming.redeemAll().catch((error: unknown) => log('what was not redeemed is lost to this node’s operator', error)));
  const desk = openCallDesk({
    chain,
    node,
    blockNumber,
    record,
    vouchers,
    answers: openAnswerMemory(),
    runner: openCallRunner({ chain, ipfs: parts.ipfs, content, clockMs, runGuest: parts.runGuest }),
    queue: fairQueue(RUNS_AT_ONCE, MAX_WAITING),
    sealReceipt: (receipt) =>
      batches.sealSigned(async () => {
        const payload = encodeCallReceipt(receipt);
        return encodeSigned(SIGNED_CALL_RECEIPT, payload, await signAs(SIGNED_CALL_RECEIPT, payload, receiptKey.privateKey));
      }),
    onPaid: redeeming.used,
    onFailure: (correlation, error) => log(`call ${correlation} failed`, error),
  });
  const sessions = openCallSessions({
    chain,
    node,
    callKey,
    isOurEvidence: parts.isOurEvidence,
    channel: async (id) => (await vouchers.look(id))?.record ?? null,
    random,
  });
  started.use(
    serveCalls({
      connection,
      chain,
      node,
      callKey,
      receiptKey,
      sessions,
      desk,
      onFailure: (correlation, error) => log(`call request ${correlation} failed`, error),
    }),
  );
  const all = started.move();
  return { [Symbol.asyncDispose]: () => all.disposeAsync() };
}
