import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrandRecord } from './errand-record.ts';
import { termsDigest } from './errand-terms.ts';

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const part = { part: 'code', owner: bytes(1), price: 1n, sealed: true, sha256: bytes(2), release: null } as const;
const errand: ErrandRecord = {
  state: 'Attested',
  refund: null,
  deadline: 9,
  consumer: bytes(3),
  code: 1n,
  data: [2n, 3n],
  input: { cid: bytes(4), sha256: bytes(5), sizeBytes: 6n, visibility: 'sealed' },
  gasLimit: 7n,
  maxPrice: 8n,
  policy: bytes(6),
  resultKey: new Uint8Array(65).fill(7),
  createdAt: 1,
  held: 8n,
  parts: [part],
  selection: null,
  evidence: null,
  run: null,
  dispute: null,
  settlement: null,
};

for (const [what, change] of [
  ['another consumer', { consumer: bytes(9) }],
  ['other code', { code: 9n }],
  ['data in another order', { data: [3n, 2n] }],
  ['no input', { input: null }],
  ['another gas limit', { gasLimit: 9n }],
  ['another policy', { policy: bytes(9) }],
  ['another reader of the result', { resultKey: new Uint8Array(65).fill(9) }],
  ['other bytes under the same number', { parts: [{ ...part, sha256: bytes(9) }] }],
  ['a part that is not sealed', { parts: [{ ...part, sealed: false }] }],
  ['another owner', { parts: [{ ...part, owner: bytes(9) }] }],
  ['one part more', { parts: [part, { ...part, part: 'data/0' }] }],
] as const) {
  test(`${what} is another order`, () => assert.notDeepEqual(termsDigest({ ...errand, ...change }), termsDigest(errand)));
}

test('what happens to an errand later leaves its order alone', () => {
  const released = { ...part, release: { digest: bytes(9), atBlock: 9 } };
  assert.deepEqual(termsDigest({ ...errand, state: 'Running', deadline: 99, held: 0n, parts: [released] }), termsDigest(errand));
});
