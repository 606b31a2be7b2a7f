import { RUN_OUTCOMES } from '../receipt.ts';
import type { ReleasePart } from '../release.ts';
import { ERRAND_STATES, type ErrandPart, type ErrandPayment, type ErrandRecord, type PaymentRole, type RefundReason } from './errand-record.ts';
import { RecordReader } from './record-reader.ts';

const REASONS = [
  'ConsumerDidNotFund',
  'ConsumerCancelled',
  'NoCandidate',
  'ExecutorDidNotAttest',
  'OwnerDidNotRelease',
  'OwnerDeclined',
  'ExecutorDidNotStart',
  'ExecutorDidNotProve',
  'DisputeUpheld',
] as const;
const VISIBILITIES = ['plain', 'sealed'] as const;

/** Bounds of the pallet (`MAX_DATA`, `MAX_PARTS`, `MAX_PAYMENTS`). */
const MAX_DATA = 8;

/** @throws TeaError `badMessage` unless the bytes are exactly one errand record */
export function decodeErrandRecord(bytes: Uint8Array): ErrandRecord {
  const reader = new RecordReader(bytes, 'errand record');
  const state = reader.oneOf(ERRAND_STATES);
  const record: ErrandRecord = {
    state,
    refund: state === 'Refunded' ? refundReason(reader) : null,
    deadline: reader.u32(),
    consumer: reader.bytes(32),
    code: reader.u64(),
    data: reader.list(MAX_DATA, () => reader.u64()),
    input: reader.optional(() => ({
      cid: reader.vector(),
      sha256: reader.bytes(32),
      sizeBytes: reader.u64(),
      visibility: reader.oneOf(VISIBILITIES),
    })),
    gasLimit: reader.u64(),
    maxPrice: reader.u128(),
    policy: reader.bytes(32),
    resultKey: reader.vector(),
    createdAt: reader.u32(),
    held: reader.u128(),
    parts: reader.list(MAX_DATA + 2, () => part(reader)),
    selection: reader.optional(() => ({
      block: reader.u32(),
      seed: reader.bytes(32),
      candidates: reader.u32(),
      candidatesDigest: reader.bytes(32),
      node: reader.bytes(32),
      teeAccount: reader.bytes(32),
      operator: reader.bytes(32),
      hostAccount: reader.bytes(32),
      gasPrice: reader.u128(),
    })),
    evidence: reader.optional(() => ({ cid: reader.vector(), digest: reader.bytes(32), atBlock: reader.u32() })),
    run: reader.optional(() => ({
      outcome: reader.oneOf(RUN_OUTCOMES),
      gasUsed: reader.u64(),
      receiptDigest: reader.bytes(32),
      resultCid: reader.vector(),
      resultDigest: reader.bytes(32),
      atBlock: reader.u32(),
    })),
    dispute: reader.optional(() => words(reader)),
    settlement: reader.optional(() => ({
      payments: reader.list(MAX_DATA + 3, () => payment(reader)),
      refunded: reader.u128(),
      atBlock: reader.u32(),
    })),
  };
  reader.end();
  return record;
}

function part(reader: RecordReader): ErrandPart {
  return {
    part: releasePart(reader),
    owner: reader.bytes(32),
    price: reader.u128(),
    sealed: reader.flag(),
    sha256: reader.bytes(32),
    release: reader.optional(() => ({ digest: reader.bytes(32), atBlock: reader.u32() })),
  };
}

function releasePart(reader: RecordReader): ReleasePart {
  const kind = reader.oneOf(['code', 'data', 'input']);
  return kind === 'data' ? `data/${reader.u8()}` : kind;
}

function payment(reader: RecordReader): ErrandPayment {
  return { account: reader.bytes(32), amount: reader.u128(), role: paymentRole(reader) };
}

function paymentRole(reader: RecordReader): PaymentRole {
  const kind = reader.oneOf(['code', 'data', 'executor', 'host']);
  return kind === 'data' ? `data/${reader.u8()}` : kind;
}

function refundReason(reader: RecordReader): RefundReason {
  const kind = reader.oneOf(REASONS);
  if (kind === 'OwnerDidNotRelease') return { kind, part: releasePart(reader) };
  if (kind === 'OwnerDeclined') return { kind, part: releasePart(reader), reason: words(reader) };
  return { kind };
}

/** Somebody's words: whatever bytes they chose, made printable. */
function words(reader: RecordReader): string {
  return new TextDecoder().decode(reader.vector());
}
