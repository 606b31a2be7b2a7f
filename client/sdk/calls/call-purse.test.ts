import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTeaError, sha256 } from '@tea/protocol';
import { decodeVoucher, verifyVoucher } from '@tea/protocol/layer1';
import { accountFromSeed } from '../account.ts';
import { openCallPurse } from './call-purse.ts';

const depositor = accountFromSeed('depositor', sha256(Uint8Array.of(1)));
const [chain, node] = [sha256(Uint8Array.of(2)), sha256(Uint8Array.of(3))];
const purseOf = (change: Partial<Parameters<typeof openCallPurse>[0]> = {}) =>
  openCallPurse({ chain, node, channel: 7n, deposited: 1_000n, redeemed: 0n, spent: 0n, held: 0n, depositor, ...change });
const worth = (voucher: Uint8Array | null): bigint | null => voucher && decodeVoucher(voucher).amount;

test('never signs for more than the channel holds, whatever is under way', () => {
  const purse = purseOf();
  purse.reserve(600n);
  assert.throws(
    () => purse.reserve(401n),
    (error) => isTeaError(error, 'limit'),
  );
  assert.equal(worth(purse.reserve(400n).voucher), 1_000n);
  assert.equal(purse.left, 0n);
});

test('a voucher that may have been lost on the way is not counted on: the next call brings its own', () => {
  const purse = purseOf();
  purse.reserve(500n); // sent, and not answered
  const second = purse.reserve(100n);
  assert.equal(worth(second.voucher), 600n);
  second.paid(40n);
  assert.equal(worth(purse.reserve(50n).voucher), null, 'the node answered, so it holds 600');
});

test('several at once cover each other in whatever order they come; their prices give room again', () => {
  const purse = purseOf();
  const three = [purse.reserve(100n), purse.reserve(100n), purse.reserve(100n)];
  assert.deepEqual(
    three.map(({ voucher }) => worth(voucher)),
    [100n, 200n, 300n],
  );
  for (const each of three) each.paid(10n);
  for (const each of three) each.paid(10n); // an answer that comes twice is counted once
  assert.deepEqual([purse.spent, purse.left], [30n, 970n]);
});

test('signs exactly what was used once all is answered, and nothing when the node holds no more than that', () => {
  const purse = purseOf();
  const call = purse.reserve(100n);
  assert.throws(
    () => purse.exact(),
    (error) => isTeaError(error, 'conflict'),
  );
  call.paid(30n);
  const exact = purse.exact();
  assert.ok(exact !== null && verifyVoucher(decodeVoucher(exact), depositor.publicKey));
  assert.equal(worth(exact), 30n);
  assert.equal(purse.exact(), null);
  assert.equal(worth(purse.reserve(10n).voucher), 40n);
  const refused = purseOf({ redeemed: 50n, spent: 50n, held: 50n });
  refused.reserve(10n).refused();
  assert.equal(refused.exact(), null, 'nothing was used');
});
