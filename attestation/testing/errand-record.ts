import { concatBytes, RUN_OUTCOMES, type ReleasePart } from '@tea/protocol';
import { encodeCompact, encodeU32, encodeU64, ERRAND_STATES, type ErrandPart, type ErrandRecord } from '@tea/protocol/layer1';

/** SCALE bytes of an errand record as the pallet stores it. For tests: nothing but layer 1 writes records. */
export function encodeErrandRecord(record: ErrandRecord): Uint8Array {
  const { input, selection, evidence, run, settlement } = record;
  if (record.refund !== null || record.dispute !== null) throw new RangeError('no test writes a refunded or disputed errand');
  return concatBytes(
    Uint8Array.of(ERRAND_STATES.indexOf(record.state)),
    encodeU32(record.deadline),
    record.consumer,
    encodeU64(record.code),
    encodeCompact(record.data.length),
    ...record.data.map(encodeU64),
    option(input, ({ cid, sha256, sizeBytes, visibility }) => [
      vector(cid),
      sha256,
      encodeU64(sizeBytes),
      Uint8Array.of(visibility === 'plain' ? 0 : 1),
    ]),
    encodeU64(record.gasLimit),
    u128(record.maxPrice),
    record.policy,
    vector(record.resultKey),
    encodeU32(record.createdAt),
    u128(record.held),
    encodeCompact(record.parts.length),
    ...record.parts.map(encodePart),
    option(selection, (made) => [
      encodeU32(made.block),
      made.seed,
      encodeU32(made.candidates),
      made.candidatesDigest,
      made.node,
      made.teeAccount,
      made.operator,
      made.hostAccount,
      u128(made.gasPrice),
    ]),
    option(evidence, ({ cid, digest, atBlock }) => [vector(cid), digest, encodeU32(atBlock)]),
    option(run, (made) => [
      Uint8Array.of(RUN_OUTCOMES.indexOf(made.outcome)),
      encodeU64(made.gasUsed),
      made.receiptDigest,
      vector(made.resultCid),
      made.resultDigest,
      encodeU32(made.atBlock),
    ]),
    Uint8Array.of(0),
    option(settlement, ({ payments, refunded, atBlock }) => [
      encodeCompact(payments.length),
      ...payments.flatMap(({ account, amount, role }) => [account, u128(amount), place(role, ['code', 'data', 'executor', 'host'])]),
      u128(refunded),
      encodeU32(atBlock),
    ]),
  );
}

function encodePart({ part, owner, price, sealed, sha256, release }: ErrandPart): Uint8Array {
  return concatBytes(
    place(part satisfies ReleasePart, ['code', 'data', 'input']),
    owner,
    u128(price),
    Uint8Array.of(sealed ? 1 : 0),
    sha256,
    option(release, ({ digest, atBlock }) => [digest, encodeU32(atBlock)]),
  );
}

function place(name: string, variants: readonly string[]): Uint8Array {
  const [kind = '', index] = name.split('/');
  return Uint8Array.of(variants.indexOf(kind), ...(index === undefined ? [] : [Number(index)]));
}

function option<T>(value: T | null, encode: (value: T) => readonly Uint8Array[]): Uint8Array {
  return value === null ? Uint8Array.of(0) : concatBytes(Uint8Array.of(1), ...encode(value));
}

function vector(bytes: Uint8Array): Uint8Array {
  return concatBytes(encodeCompact(bytes.length), bytes);
}

function u128(value: bigint): Uint8Array {
  return concatBytes(encodeU64(value & 0xffff_ffff_ffff_ffffn), encodeU64(value >> 64n));
}
