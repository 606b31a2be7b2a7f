import { concatBytes } from '../../bytes.ts';
import { encodeCompact, encodeU32, encodeU64 } from '../scale.ts';

/** One record of each kind that layer 1 stores, as the pallets write it, field by field: for tests and as seeds of fuzzing. */
export const filled = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte);
const u128 = (low: bigint, high = 1n): Uint8Array => concatBytes(encodeU64(low), encodeU64(high));
const vector = (bytes: Uint8Array): Uint8Array => concatBytes(encodeCompact(bytes.length), bytes);

export const STORED_RECORDS = {
  node: concatBytes(
    ...[filled(1), filled(2), filled(3), Uint8Array.of(0), vector(filled(4, 36)), filled(5), u128(6n), u128(7n), Uint8Array.of(1, 1)],
    ...[Uint8Array.of(2), encodeU64(9n), encodeU32(11), encodeU32(12), encodeU32(14), encodeU32(13)],
    ...[encodeCompact(1), vector(filled(0x61, 3)), Uint8Array.of(1)],
  ),
  appraisal: concatBytes(
    ...[filled(1), filled(2), vector(filled(3, 36)), filled(4), Uint8Array.of(1), encodeU64(5n), encodeU32(6), Uint8Array.of(1), encodeU32(7)],
    ...[u128(8n), u128(9n), encodeCompact(2), filled(10), filled(11), Uint8Array.of(1, 0), filled(12), encodeU32(13)],
    ...[filled(14), filled(15), Uint8Array.of(0), Uint8Array.of(1, 1), Uint8Array.of(0)],
  ),
  content: concatBytes(
    ...[filled(1), Uint8Array.of(1), vector(filled(2, 36)), filled(3), encodeU64(4n), Uint8Array.of(1), u128(5n), encodeU32(6), Uint8Array.of(0)],
  ),
  channel: concatBytes(filled(1), filled(2), filled(3), u128(9n, 0n), u128(4n, 0n), encodeU32(70), Uint8Array.of(1)),
  acceptance: concatBytes(
    ...[Uint8Array.of(1), encodeCompact(36), filled(4, 36), encodeU64(2n), encodeU32(5), encodeU32(6), Uint8Array.of(1), encodeU32(9)],
  ),
  draw: concatBytes(
    ...[Uint8Array.of(0), encodeU64(7n), encodeU32(1), encodeU32(5), Uint8Array.of(1), encodeU32(0), filled(6), encodeU32(6), encodeU32(9)],
    ...[u128(3n), encodeU32(12), encodeCompact(0), Uint8Array.of(0)],
  ),
  authorities: concatBytes(encodeCompact(2), filled(1), filled(2)),
} as const;
