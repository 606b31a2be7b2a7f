import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeEventLog, referenceValuesDigest, sha256, signReferenceValues, type ReferenceValues } from '@tea/protocol';
import type { AcceptedRelease } from '@tea/protocol/layer1';
import { appraise, expectedSoftware, type ReleasedSoftware } from './index.ts';
import { EVENTS, honestNode, inputFor, logOf, NOW, referenceValuesFor } from './testing/scenario.ts';

const generate = () => crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
const pointOf = async ({ publicKey }: CryptoKeyPair) => new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
const [releaseKey, mallory] = await Promise.all([generate(), generate()]);
const at = NOW.getTime();
const sign = (values: ReferenceValues, issue: number, key = releaseKey, notAfterMs = at + 1000) =>
  signReferenceValues(values, key, { signer: 'TEA releases', issue, issuedAtMs: at, notBeforeMs: at - 1000, notAfterMs });
const honest = await honestNode();
const next = logOf(EVENTS.map((event) => ({ ...event, content: { ...event.content, sha256: sha256(Uint8Array.of(9)) } })));
const [first, second] = [await sign(honest.referenceValues, 1), await sign(referenceValuesFor(next), 2)];
const log = encodeEventLog(honest.log);
const nextLog = encodeEventLog(next);

const accept = (values: ReferenceValues, version: bigint, activeFrom: number, change: Partial<AcceptedRelease> = {}): AcceptedRelease => ({
  kind: 'referenceValues',
  digest: referenceValuesDigest(values),
  cid: Uint8Array.of(1),
  version,
  acceptedAt: 10,
  activeFrom,
  revokedFrom: null,
  ...change,
});
const software = (
  atBlock: number,
  records: readonly AcceptedRelease[],
  documents: readonly ReferenceValues[] = [first, second],
): ReleasedSoftware => ({
  atBlock,
  records,
  documents: documents.map((values) => ({ digest: referenceValuesDigest(values), values })),
});

/** What a committee says of the honest node. */
async function judged(released: ReleasedSoftware, key?: Uint8Array) {
  const expected = expectedSoftware(log, released, key);
  if (expected.kind === 'unread') return 'unread';
  const referenceValues = expected.kind === 'released' ? expected.referenceValues : honest.referenceValues;
  const { result } = await appraise({ ...inputFor(honest), referenceValues, policy: expected.policy, standings: expected.standings });
  const failed = result.claims.filter(({ ok }) => ok === false);
  return { policy: result.policy.name, failed: failed.map(({ id }) => id), why: failed.find(({ id }) => id === 'referenceValues.accepted')?.actual };
}

test('an image that is not released is refused as soon as anything is, and layer 1 is named for it', async () => {
  const verdict = await judged(software(20, [accept(second, 2n, 15)]));
  assert.ok(verdict !== 'unread');
  assert.equal(verdict.policy, 'tea/released');
  assert.ok(verdict.failed.includes('log.known') && verdict.failed.includes('referenceValues.accepted'));
  assert.match(verdict.why ?? '', /image [0-9a-f]{64}: layer 1 never accepted it/);
});

test('a released one is accepted from its activation on, and refused before it and from its revocation on, each with the block', async () => {
  const old = accept(second, 1n, 11);
  const record = accept(first, 2n, 20, { revokedFrom: 30 });
  const standing = async (block: number) => {
    const verdict = await judged(software(block, [old, record]));
    assert.ok(verdict !== 'unread');
    return verdict.failed.length === 0 ? 'accepted' : `${verdict.failed.join()}: ${verdict.why?.replace(/^.*: /, '')}`;
  };
  assert.match(await standing(19), /^referenceValues.accepted: .*in force only from block 20/);
  assert.deepEqual([await standing(20), await standing(29)], ['accepted', 'accepted']);
  assert.match(await standing(30), /^referenceValues.accepted: .*revoked from block 30 on/);
});

test('while no release has come into force, nodes compare with themselves; once one has, never again, whatever was revoked', () => {
  const record = accept(first, 1n, 20, { revokedFrom: 25 });
  const kindAt = (block: number, records: readonly AcceptedRelease[]) => expectedSoftware(log, software(block, records)).kind;
  assert.equal(kindAt(100, []), 'local');
  assert.deepEqual(
    [kindAt(9, [record]), kindAt(19, [record]), kindAt(20, [record]), kindAt(99, [record])],
    ['local', 'local', 'released', 'released'],
  );
  assert.equal(kindAt(100, [accept(first, 1n, 20, { kind: 'image' })]), 'local');
});

test('at the activation of the next release the old one stays good until governance revokes it', async () => {
  const records = [accept(first, 1n, 11, { revokedFrom: 40 }), accept(second, 2n, 30)];
  for (const [block, expected] of [
    [29, ['inForce', 'notYetActive']],
    [30, ['inForce', 'inForce']],
    [40, ['revoked', 'inForce']],
  ] as const) {
    const standings = [log, nextLog].map((of) => {
      const chosen = expectedSoftware(of, software(block, records));
      return chosen.kind === 'released' ? chosen.standings.find((each) => each.of === 'referenceValues')?.standing : chosen.kind;
    });
    assert.deepEqual(standings, expected, `at block ${block}`);
  }
});

test('reference values count when the release key signed them: nobody’s signature, a stranger’s where the key is known, and an expired one do not', async () => {
  const failing = async (values: ReferenceValues, key?: Uint8Array) => {
    const verdict = await judged(software(20, [accept(values, 1n, 15)], [values]), key);
    assert.ok(verdict !== 'unread');
    return verdict.failed;
  };
  const key = await pointOf(releaseKey);
  assert.deepEqual(await failing(first, key), []);
  assert.deepEqual(await failing(first), []);
  assert.deepEqual(await failing(honest.referenceValues), ['referenceValues.provenance']);
  assert.deepEqual(await failing(await sign(honest.referenceValues, 1, mallory), key), ['referenceValues.provenance']);
  assert.deepEqual(await failing(await sign(honest.referenceValues, 1, releaseKey, at - 1), key), ['referenceValues.validity']);
});

test('an image that was revoked by itself is refused though its reference values are in force', async () => {
  const image = honest.log[1]?.content['sha256'];
  assert.ok(image instanceof Uint8Array);
  const verdict = await judged(software(20, [accept(first, 1n, 15), accept(first, 1n, 12, { kind: 'image', digest: image, revokedFrom: 18 })]));
  assert.ok(verdict !== 'unread');
  assert.deepEqual(verdict.failed, ['referenceValues.accepted']);
  assert.match(verdict.why ?? '', /^image .*revoked from block 18/);
});

test('what might fit a document that nobody has is not judged, and what fits another is', async () => {
  const records = [accept(first, 1n, 11), accept(second, 2n, 15)];
  assert.equal(await judged(software(20, records, [second])), 'unread');
  const fits = await judged(software(20, records, [first]));
  assert.ok(fits !== 'unread');
  assert.deepEqual(fits.failed, []);
});
