import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTeaError } from '@tea/protocol';
import { formatTea, parseTea } from './money.ts';

test('refuses what is no amount: signs, exponents, commas, more digits than a planck has', () => {
  for (const text of ['', '-1', '+1', '1e3', '1,5', '.5', '1.', '0.0000000000001', '1 TEA', '1'.repeat(19)])
    assert.throws(
      () => parseTea(text),
      (error) => isTeaError(error, 'badInput'),
      text,
    );
});

test('what is shown can be typed again', () => {
  for (const plancks of [0n, 1n, 10n ** 12n, 10n ** 12n + 1n, 123_456_789_012_345n])
    assert.equal(parseTea(formatTea(plancks).replace(' TEA', '')), plancks);
  assert.equal(formatTea(1_500_000_000_000n), '1.5 TEA');
});
