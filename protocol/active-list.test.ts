import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ActiveList, decodeActiveList, MAX_LIST_LIFE_MS, signActiveList, verifyActiveList } from './active-list.ts';
import { decodeSigned, encodeSigned, signAs, signedKind } from './cose.ts';
import { encodeCbor } from './cbor.ts';
import { isTeaError } from './errors.ts';

const bytes = (fill: number, length = 32): Uint8Array => new Uint8Array(length).fill(fill);
const keys = async () => {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  return { point: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)), privateKey };
};
const maker = await keys();
const other = await keys();
const NOW = 1_700_000_000_000;
const list: ActiveList = {
  chain: bytes(1),
  node: bytes(2),
  block: 50,
  nonce: bytes(3),
  issuedAtMs: NOW,
  expiresAtMs: NOW + 120_000,
  entries: [
    { node: bytes(4), ageMs: 10, roundTripMs: 3 },
    { node: bytes(5), ageMs: 4_000, roundTripMs: 1 },
  ],
};
const expected = { key: maker.point, chain: bytes(1), node: bytes(2), nonce: bytes(3), now: new Date(NOW + 1_000) };
const signed = await signActiveList(list, maker.privateKey);
const verdict = async (given: Uint8Array, changes: Partial<Parameters<typeof verifyActiveList>[1]> = {}) =>
  verifyActiveList(decodeActiveList(given), { ...expected, ...changes });

const refusals: readonly (readonly [claim: string, reason: string, given: Uint8Array, changes?: Partial<Parameters<typeof verifyActiveList>[1]>])[] =
  [
    ['signed by another node’s key', 'signature', await signActiveList(list, other.privateKey)],
    ['of another chain', 'chain', await signActiveList({ ...list, chain: bytes(9) }, maker.privateKey)],
    ['that another node made with a key of the same', 'node', await signActiveList({ ...list, node: bytes(9) }, maker.privateKey)],
    ['made for another’s question, played again', 'nonce', await signActiveList({ ...list, nonce: bytes(9) }, maker.privateKey)],
    ['made for everybody, played again to who asked', 'nonce', await signActiveList({ ...list, nonce: null }, maker.privateKey)],
    ['that has expired', 'expired', signed, { now: new Date(NOW + 120_001) }],
    [
      'that says it stands for a year, after ten minutes',
      'expired',
      await signActiveList({ ...list, expiresAtMs: NOW + 3e10 }, maker.privateKey),
      { now: new Date(NOW + MAX_LIST_LIFE_MS + 1) },
    ],
    ['from the future', 'future', signed, { now: new Date(NOW - 61_000) }],
    ['of an older layer 1 than was seen', 'rollback', signed, { block: 51 }],
  ];
for (const [claim, reason, given, changes] of refusals) {
  test(`refuses a list ${claim}`, async () => {
    const result = await verdict(given, changes);
    assert.ok(!result.ok);
    assert.equal(result.reason, reason);
    assert.notEqual(result.expected, result.actual);
  });
}

test('takes the list that was asked for', async () => {
  assert.deepEqual(await verdict(signed), { ok: true, list });
});

test('refuses a list whose ranking or entries are not as specified, and any other signed statement', async () => {
  const odd = async (entries: ActiveList['entries']) => signActiveList({ ...list, entries }, maker.privateKey);
  const [fresh, old] = list.entries;
  assert.ok(fresh && old);
  for (const given of [await odd([old, fresh]), await odd([fresh, fresh])])
    assert.throws(
      () => decodeActiveList(given),
      (error) => isTeaError(error, 'badMessage'),
    );
  const receiptLike = signedKind('receipt');
  const { payload } = decodeSigned(signedKind('active list', 'application/vnd.tea.active-list+cbor'), signed);
  const asReceipt = encodeSigned(receiptLike, payload, await signAs(receiptLike, payload, maker.privateKey));
  assert.throws(
    () => decodeActiveList(asReceipt),
    (error) => isTeaError(error, 'badMessage'),
  );
  const kind = signedKind('active list', 'application/vnd.tea.active-list+cbor');
  const extra = encodeCbor({ domain: 'tea/active-list/1' });
  const short = encodeSigned(kind, extra, await signAs(kind, extra, maker.privateKey));
  assert.throws(
    () => decodeActiveList(short),
    (error) => isTeaError(error, 'badMessage'),
  );
});

test('any bit flipped makes it refused, at decoding or at the signature', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: signed.length * 8 - 1 }), async (bit) => {
      const flipped = signed.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      try {
        return !(await verdict(flipped)).ok;
      } catch (error) {
        return isTeaError(error, 'badMessage');
      }
    }),
    { numRuns: 500 },
  );
});

test('whatever is signed reads back as it was', async () => {
  const entries = fc
    .uniqueArray(fc.tuple(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.nat(), fc.nat()), { selector: ([node]) => node.toHex(), maxLength: 20 })
    .map((each) => each.toSorted((a, b) => a[1] - b[1]).map(([node, ageMs, roundTripMs]) => ({ node: new Uint8Array(node), ageMs, roundTripMs })));
  await fc.assert(
    fc.asyncProperty(entries, async (made) => {
      const given = { ...list, nonce: null, entries: made };
      assert.deepEqual(decodeActiveList(await signActiveList(given, maker.privateKey)).list, given);
    }),
    { numRuns: 50 },
  );
});
