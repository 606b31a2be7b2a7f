import { TeaError } from '../errors.ts';
import { RUN_OUTCOMES } from '../receipt.ts';
import type { ReleasePart } from '../release.ts';
import { ERRAND_STATES, type ErrandPart, type ErrandPayment, type ErrandRecord, type PaymentRole, type RefundReason } from './errand-record.ts';
import { ScaleReader } from './scale.ts';

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
  const reader = new ScaleReader(bytes, 'errand record');
  const state = variant(reader, ERRAND_STATES, 'state');
  const record: ErrandRecord = {
    state,
    refund: state === 'Refunded' ? refundReason(reader) : null,
    deadline: reader.u32(),
    consumer: reader.bytes(32),
    code: reader.u64(),
    data: list(reader, MAX_DATA, (each) => each.u64()),
    input: optional(reader, (each) => ({
      cid: each.vector(),
      sha256: each.bytes(32),
      sizeBytes: each.u64(),
      visibility: variant(each, VISIBILITIES, 'visibility'),
    })),
    gasLimit: reader.u64(),
    maxPrice: reader.u128(),
    policy: reader.bytes(32),
    resultKey: reader.vector(),
    createdAt: reader.u32(),
    held: reader.u128(),
    parts: list(reader, MAX_DATA + 2, part),
    selection: optional(reader, (each) => ({
      block: each.u32(),
      seed: each.bytes(32),
      candidates: each.u32(),
      candidatesDigest: each.bytes(32),
      node: each.bytes(32),
      teeAccount: each.bytes(32),
      operator: each.bytes(32),
      hostAccount: each.bytes(32),
      gasPrice: each.u128(),
    })),
    evidence: optional(reader, (each) => ({ cid: each.vector(), digest: each.bytes(32), atBlock: each.u32() })),
    run: optional(reader, (each) => ({
      outcome: variant(each, RUN_OUTCOMES, 'outcome'),
      gasUsed: each.u64(),
      receiptDigest: each.bytes(32),
      resultCid: each.vector(),
      resultDigest: each.bytes(32),
      atBlock: each.u32(),
    })),
    dispute: optional(reader, words),
    settlement: optional(reader, (each) => ({ payments: list(each, MAX_DATA + 3, payment), refunded: each.u128(), atBlock: each.u32() })),
  };
  reader.end();
  return record;
}

function part(reader: ScaleReader): ErrandPart {
  return {
    part: releasePart(reader),
    owner: reader.bytes(32),
    price: reader.u128(),
    sealed: variant(reader, [false, true] as const, 'boolean'),
    sha256: reader.bytes(32),
    release: optional(reader, (each) => ({ digest: each.bytes(32), atBlock: each.u32() })),
  };
}

function releasePart(reader: ScaleReader): ReleasePart {
  const kind = variant(reader, ['code', 'data', 'input'] as const, 'part');
  return kind === 'data' ? `data/${reader.u8()}` : kind;
}

function payment(reader: ScaleReader): ErrandPayment {
  return { account: reader.bytes(32), amount: reader.u128(), role: paymentRole(reader) };
}

function paymentRole(reader: ScaleReader): PaymentRole {
  const kind = variant(reader, ['code', 'data', 'executor', 'host'] as const, 'role');
  return kind === 'data' ? `data/${reader.u8()}` : kind;
}

function refundReason(reader: ScaleReader): RefundReason {
  const kind = variant(reader, REASONS, 'refund reason');
  if (kind === 'OwnerDidNotRelease') return { kind, part: releasePart(reader) };
  if (kind === 'OwnerDeclined') return { kind, part: releasePart(reader), reason: words(reader) };
  return { kind };
}

/** Somebody's words: whatever bytes they chose, made printable. */
function words(reader: ScaleReader): string {
  return new TextDecoder().decode(reader.vector());
}

function variant<const T extends readonly unknown[]>(reader: ScaleReader, variants: T, what: string): T[number] {
  const index = reader.u8();
  if (index >= variants.length)
    throw new TeaError('badMessage', 'This is not an errand record', { expected: `a ${what} below ${variants.length}`, actual: String(index) });
  return variants[index];
}

function optional<T>(reader: ScaleReader, read: (reader: ScaleReader) => T): T | null {
  return variant(reader, [false, true] as const, 'option') ? read(reader) : null;
}

function list<T>(reader: ScaleReader, maxLength: number, read: (reader: ScaleReader) => T): T[] {
  const length = reader.compact();
  if (length > maxLength)
    throw new TeaError('badMessage', 'This is not an errand record', { expected: `at most ${maxLength} entries`, actual: String(length) });
  return Array.from({ length }, () => read(reader));
}
