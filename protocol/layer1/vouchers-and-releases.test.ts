import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { concatBytes } from '../bytes.ts';
import { isTeaError } from '../errors.ts';
import { decodeAcceptanceRecord, standingAt } from './acceptance-record.ts';
import { decodeChannelRecord } from './channel-record.ts';
import { encodeCompact, encodeU32, encodeU64 } from './scale.ts';
import { decodeVoucher, encodeVoucher, voucherMessage, verifyVoucher } from './voucher.ts';

const filled = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte);
const u128 = (value: bigint): Uint8Array => concatBytes(encodeU64(value), encodeU64(0n));
const channel = concatBytes(filled(1), filled(2), filled(3), u128(9n), u128(4n), encodeU32(70), Uint8Array.of(1));
const acceptance = concatBytes(
  ...[Uint8Array.of(1), encodeCompact(36), filled(4, 36), encodeU64(2n), encodeU32(5), encodeU32(6), Uint8Array.of(1), encodeU32(9)],
);

describe('channels, vouchers and accepted releases', () => {
  for (const [name, decode, bytes] of [
    ['channel', decodeChannelRecord, channel],
    ['acceptance', decodeAcceptanceRecord, acceptance],
  ] as const) {
    test(`refuses every cut and every appended byte: ${name}`, () => {
      for (let length = 0; length < bytes.length; length++)
        assert.throws(
          () => decode(bytes.subarray(0, length)),
          (error) => isTeaError(error, 'badMessage'),
        );
      assert.throws(
        () => decode(concatBytes(bytes, filled(0, 1))),
        (error) => isTeaError(error, 'badMessage'),
      );
    });
  }

  test('read as the pallets write them', () => {
    const { deposited, redeemed, endsAt, closing } = decodeChannelRecord(channel);
    assert.deepEqual([deposited, redeemed, endsAt, closing], [9n, 4n, 70, true]);
    const { kind, version, activeFrom, revokedFrom } = decodeAcceptanceRecord(acceptance);
    assert.deepEqual([kind, version, activeFrom, revokedFrom], ['referenceValues', 2n, 6, 9]);
  });

  test('a channel that paid out more than it got is none', () => {
    assert.throws(
      () => decodeChannelRecord(channel.with(96, 3)),
      (error) => isTeaError(error, 'badMessage'),
    );
  });

  test('a release is in force from its activation until its revocation, which counts first', () => {
    const record = decodeAcceptanceRecord(acceptance);
    assert.deepEqual(
      [5, 6, 8, 9].map((block) => standingAt(record, block).standing),
      ['notYetActive', 'inForce', 'inForce', 'revoked'],
    );
    assert.equal(standingAt({ ...record, revokedFrom: 2 }, 3).standing, 'revoked');
    assert.equal(standingAt(null, 3).standing, 'unknown');
  });

  test('a voucher reads back as it was written, and nothing else of 165 bytes or not does', () => {
    const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const vouchers = fc.record({
      chain: bytes32,
      channel: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      node: bytes32,
      amount: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
      signature: fc.uint8Array({ minLength: 64, maxLength: 64 }),
    });
    fc.assert(
      fc.property(vouchers, (voucher) => {
        const bytes = encodeVoucher(voucher);
        assert.deepEqual([bytes.length, voucherMessage(voucher).length], [165, 101]);
        assert.deepEqual(decodeVoucher(bytes), { ...voucher });
        assert.throws(() => decodeVoucher(bytes.subarray(1)));
        assert.throws(() => decodeVoucher(bytes.with(0, 0)));
        assert.equal(verifyVoucher(voucher, voucher.node), false);
      }),
      { numRuns: 50 },
    );
  });

  test('refuses to sign an amount that no balance holds', () => {
    for (const amount of [-1n, 2n ** 128n])
      assert.throws(
        () => voucherMessage({ chain: filled(0), channel: 1n, node: filled(0), amount }),
        (error) => isTeaError(error, 'badInput'),
      );
  });
});
