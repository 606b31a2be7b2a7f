import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@tea/platform';
import type { Inspection } from '@tea/sdk';
import { ACCEPTED_FILE, acceptanceOf, concernsOf, openAcceptedConcerns, type Acceptance } from './accepted-concerns.ts';

const hex = (byte: string): string => byte.repeat(32);
const agreed: Acceptance = {
  chain: hex('01'),
  node: hex('02'),
  owner: hex('03'),
  concern: 'simulated-tpm',
  text: 'its TPM is simulated',
  policy: hex('04'),
  referenceValues: hex('05'),
};

test('whoever agreed once is not asked again, by another run of the command either', async () => {
  await using folder = await temporaryDirectory('accepted');
  const store = await openAcceptedConcerns(folder.path);
  assert.equal(store.has(agreed), false);
  await store.add(agreed);
  await store.add(agreed);
  const again = await openAcceptedConcerns(folder.path);
  assert.equal(again.has(agreed), true);
  assert.equal(again.of(agreed.node).length, 1);
  assert.equal((await stat(join(folder.path, ACCEPTED_FILE))).mode & 0o777, 0o600);
});

test('agreeing widens to nothing else: whatever differs is asked', async () => {
  await using folder = await temporaryDirectory('accepted');
  const store = await openAcceptedConcerns(folder.path);
  await store.add(agreed);
  const others: Partial<Acceptance>[] = [
    { chain: hex('09') },
    { node: hex('09') },
    { owner: hex('09') },
    { concern: 'unsigned-software' },
    { text: 'its TPM is virtual' },
    { policy: hex('09') },
    { referenceValues: hex('09') },
  ];
  for (const other of others) assert.equal(store.has({ ...agreed, ...other }), false, Object.keys(other).join());
});

test('a node that is forgotten is asked about again, and no other', async () => {
  await using folder = await temporaryDirectory('accepted');
  const store = await openAcceptedConcerns(folder.path);
  const other = { ...agreed, node: hex('08') };
  for (const each of [agreed, { ...agreed, concern: 'unsigned-software' }, other]) await store.add(each);
  assert.equal(await store.forget(agreed.node), 2);
  const again = await openAcceptedConcerns(folder.path);
  assert.deepEqual([again.has(agreed), again.has(other)], [false, true]);
  assert.equal(await again.forget(agreed.node), 0);
});

test('a file that somebody altered counts for nothing, and says what to do', async () => {
  await using folder = await temporaryDirectory('accepted');
  const path = join(folder.path, ACCEPTED_FILE);
  for (const text of ['', '{}', '[]', '{"v":1,"accepted":[{"node":"*"}],"issues":[]}', '{"v":1,"accepted":[],"issues":[],"all":true}']) {
    await writeFile(path, text);
    await assert.rejects(openAcceptedConcerns(folder.path), { code: 'corrupt', next: 'delete it: you are asked again' });
    assert.equal(await readFile(path, 'utf8'), text);
  }
});

test('an issue that was accepted never goes back', async () => {
  await using folder = await temporaryDirectory('accepted');
  const store = await openAcceptedConcerns(folder.path);
  for (const issue of [3, 5, 4]) await store.noteIssue(hex('01'), 'tea-runtime', issue);
  const again = await openAcceptedConcerns(folder.path);
  assert.deepEqual(
    [again.issue(hex('01'), 'tea-runtime'), again.issue(hex('02'), 'tea-runtime'), again.issue(hex('01'), 'other')],
    [5, undefined, undefined],
  );
});

test('what a policy lets pass and its owner must agree to: the kind of TPM, unsigned software, what can not be told', () => {
  type Parts = Pick<Inspection, 'appraisal' | 'referenceValues'>;
  const inspection = (trustClass: string, kind: string, claims: readonly object[] = [], mode = 'machine'): Parts =>
    ({
      appraisal: {
        result: { trustClass, claims, policy: { digest: new Uint8Array(32) }, referenceValues: { digest: new Uint8Array(32) } },
        node: null,
      },
      referenceValues: { mode, provenance: { kind } },
    }) as unknown as Parts;
  const ids = (of: Parts): string[] => concernsOf(of).map(({ id }) => id);
  assert.deepEqual(ids(inspection('simulated', 'unsigned')), ['simulated-tpm', 'unsigned-software']);
  assert.deepEqual(ids(inspection('vtpm', 'signed')), ['virtual-tpm']);
  assert.deepEqual(ids(inspection('tpm', 'signed')), ['readable-memory']);
  assert.deepEqual(ids(inspection('tpm', 'signed', [], 'process')), ['readable-memory', 'unmeasured-start']);
  assert.deepEqual(ids(inspection('simulated', 'signed', [], 'process')), ['simulated-tpm']);
  const open = inspection('tpm+memory-encryption', 'signed', [{ id: 'ek.revocation', ok: null, title: 'Not revoked', actual: 'no list' }]);
  assert.deepEqual(ids(open), ['open:ek.revocation']);
  const [concern] = concernsOf(open);
  assert.ok(concern);
  const ofWhom = { chain: new Uint8Array(32), node: new Uint8Array(32).fill(1), owner: new Uint8Array(32).fill(2) };
  assert.equal(acceptanceOf(concern, open, ofWhom).concern, 'open:ek.revocation');
});
