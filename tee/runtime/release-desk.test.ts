import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeReleaseInfo, encodeSealedRelease, TeaError, type ReleaseInfo } from '@tea/protocol';
import { generateHpkeKeyPair, openHpkeWith, sealHpke } from '@tea/protocol/hpke';
import { openReleaseDesk, type ReleasableErrand, type ReleaseDesk, type ReleaseDeskParts } from './release-desk.ts';

const bytes = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
const pair = await generateHpkeKeyPair();
const key = bytes(9);
const content = { cid: 'bafycode', sha256: bytes(4) };
const info: ReleaseInfo = {
  domain: 'tea/release/1',
  chain: bytes(1),
  errand: 7n,
  part: 'code',
  node: bytes(2),
  evidence: bytes(3),
  terms: bytes(5),
  content: content.sha256,
  expiresAtBlock: 100,
};

async function release(change: Partial<ReleaseInfo> = {}, sealedFor: ReleaseInfo = { ...info, ...change }): Promise<Uint8Array> {
  return encodeSealedRelease({ ...info, ...change, ...(await sealHpke(pair.publicPoint, encodeReleaseInfo(sealedFor), key)) });
}

function desk(change: Partial<ReleasableErrand> = {}, parts: Partial<ReleaseDeskParts> = {}): ReleaseDesk {
  const opened = openReleaseDesk({
    chain: bytes(1),
    node: bytes(2),
    blockNumber: () => 50,
    errand: async (id) => ({ id, acceptsReleases: true, terms: bytes(5), sealedParts: new Map([['code', content]]), ...change }),
    open: (enc, boundTo, ciphertext) => openHpkeWith(pair, { enc, ciphertext }, boundTo),
    checkKey: async (_content, opened) => {
      if (opened[0] !== 9) throw new TeaError('wrongKey', 'This key opens something else');
    },
    ...parts,
  });
  opened.expect(7n, bytes(3));
  return opened;
}

for (const [what, change] of [
  ['another chain', { chain: bytes(8) }],
  ['another node', { node: bytes(8) }],
  ['a part the errand does not have', { part: 'data/0' }],
  ['other content', { content: bytes(8) }],
  ['other evidence', { evidence: bytes(8) }],
  ['another order', { terms: bytes(8) }],
  ['a block that has passed', { expiresAtBlock: 49 }],
] as const) {
  test(`refuses a release made for ${what}`, async () => {
    await assert.rejects(desk().accept(await release(change)), { name: 'TeaError', code: 'refused' });
  });
}

test("refuses a release sealed for one errand and relabelled as another's", async () => {
  await assert.rejects(desk().accept(await release({ errand: 8n }, info)), { name: 'TeaError', code: 'refused' });
});

test('refuses a release once the errand waits for none', async () => {
  await assert.rejects(desk({ acceptsReleases: false }).accept(await release()), { name: 'TeaError', code: 'conflict' });
});

test('refuses a release before this process made evidence, whatever layer 1 is said to hold', async () => {
  const open = desk();
  open.forget(7n);
  await assert.rejects(open.accept(await release()), { name: 'TeaError', code: 'refused' });
});

test('takes a replayed release for what it is: the same one', async () => {
  const open = desk();
  const once = await release();
  assert.deepEqual(await open.accept(once), await open.accept(once));
  assert.deepEqual([...open.take(7n, bytes(5))], [['code', key]]);
  assert.deepEqual([...open.take(7n, bytes(5))], []);
});

test('refuses to take a key a second time after the run took it, although layer 1 says the errand waits again', async () => {
  const open = desk();
  const once = await release();
  await open.accept(once);
  open.take(7n, bytes(5));
  await assert.rejects(open.accept(once), { name: 'TeaError', code: 'refused' });
});

test('gives no key to a run of another order than the one it was released for', async () => {
  const open = desk();
  await open.accept(await release());
  assert.equal(open.holds(7n, ['code'], bytes(8)), false);
  assert.deepEqual([...open.take(7n, bytes(8))], []);
});

test('keeps no key that came too late for the run', async () => {
  const checking = Promise.withResolvers<void>();
  const checked = Promise.withResolvers<void>();
  const open = desk({}, { checkKey: () => (checking.resolve(), checked.promise) });
  const late = open.accept(await release());
  await checking.promise;
  open.take(7n, bytes(5));
  checked.resolve();
  await assert.rejects(late, { name: 'TeaError', code: 'refused' });
});

test('overwrites a key that does not open the content', async () => {
  const opened = key.slice();
  const open = desk({}, { open: async () => opened, checkKey: () => Promise.reject(new TeaError('wrongKey', 'This key opens something else')) });
  await assert.rejects(open.accept(await release()), { name: 'TeaError', code: 'wrongKey' });
  assert.deepEqual(opened, bytes(0));
});

test('refuses a second, different release of the same part', async () => {
  const open = desk();
  await open.accept(await release());
  await assert.rejects(open.accept(await release()), { name: 'TeaError', code: 'conflict' });
});

test('knows whether all keys are here, and forgets them on demand', async () => {
  const open = desk();
  await open.accept(await release());
  assert.equal(open.holds(7n, ['code'], bytes(5)), true);
  assert.equal(open.holds(7n, ['code', 'data/0'], bytes(5)), false);
  open.forget(7n);
  assert.equal(open.holds(7n, ['code'], bytes(5)), false);
});
