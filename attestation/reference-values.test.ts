import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeReferenceValues,
  encodeReferenceValues,
  encodeSigned,
  isTeaError,
  referenceValuesStatement,
  SIGNED_RECEIPT,
  signAs,
  signedKind,
  signReferenceValues,
  type AppraisalPolicy,
  type ReferenceValues,
} from '@tea/protocol';
import { appraise } from './index.ts';
import { EVENTS, honestNode, inputFor, logOf, NOW, referenceValuesFor } from './testing/scenario.ts';

const generate = () => crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
const pointOf = async ({ publicKey }: CryptoKeyPair) => new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
const [releaseKey, mallory] = await Promise.all([generate(), generate()]);
const DAY_MS = 86_400_000;
const at = NOW.getTime();
const statement = { signer: 'TEA releases', issue: 7, issuedAtMs: at - DAY_MS, notBeforeMs: at - DAY_MS, notAfterMs: at + DAY_MS };
const honest = await honestNode();
const signed = await signReferenceValues(honest.referenceValues, releaseKey, statement);
assert.equal(signed.provenance.kind, 'signed');
const { provenance } = signed;
const policy: AppraisalPolicy = {
  ...honest.pinnedPolicy,
  referenceValues: { accept: 'signed', releaseKeys: [{ name: 'TEA release key', key: await pointOf(releaseKey) }], minimumIssue: 5 },
};
const signWith = (change: Partial<typeof statement>, key = releaseKey) =>
  signReferenceValues(honest.referenceValues, key, { ...statement, ...change });
const failing = async (referenceValues: ReferenceValues, input: Partial<Parameters<typeof appraise>[0]> = {}) => {
  const { result, node } = await appraise({ ...inputFor(honest), referenceValues, policy, ...input });
  assert.equal(node === null, result.verdict === 'contraindicated');
  return result.claims.filter(({ ok }) => ok === false).map(({ id }) => id);
};
const otherValues = referenceValuesFor(logOf(EVENTS.slice(0, 1)));

const attacks: readonly { readonly name: string; readonly claim: string; readonly make: () => ReferenceValues | Promise<ReferenceValues> }[] = [
  { name: 'values nobody signed', claim: 'referenceValues.provenance', make: () => honest.referenceValues },
  { name: 'values signed by a stranger', claim: 'referenceValues.provenance', make: () => signWith({ signer: 'TEA release key' }, mallory) },
  {
    name: 'a stranger’s signature under the release key’s name',
    claim: 'referenceValues.provenance',
    make: async () => {
      const key = provenance.key;
      const signature = await signAs(signedKind('x'), referenceValuesStatement(signed, { ...statement, key }), mallory.privateKey);
      return { ...signed, provenance: { ...provenance, signature } };
    },
  },
  {
    name: 'a signature the release key made over a receipt of the same bytes',
    claim: 'referenceValues.provenance',
    make: async () => {
      const signature = await signAs(SIGNED_RECEIPT, referenceValuesStatement(signed, provenance), releaseKey.privateKey);
      return { ...signed, provenance: { ...provenance, signature } };
    },
  },
  {
    name: 'one digest more than was signed',
    claim: 'referenceValues.provenance',
    make: () => ({
      ...signed,
      events: signed.events.map((event) => ({ ...event, allowed: [...event.allowed, { digest: new Uint8Array(32), version: '2' }] })),
    }),
  },
  { name: 'another version than was signed', claim: 'referenceValues.provenance', make: () => ({ ...signed, version: '9' }) },
  {
    name: 'a later end than was signed',
    claim: 'referenceValues.provenance',
    make: () => ({ ...signed, provenance: { ...provenance, notAfterMs: provenance.notAfterMs + 1 } }),
  },
  {
    name: 'a higher issue than was signed',
    claim: 'referenceValues.provenance',
    make: () => ({ ...signed, provenance: { ...provenance, issue: 8 } }),
  },
  { name: 'values that have expired', claim: 'referenceValues.validity', make: () => signWith({ notAfterMs: at - 1 }) },
  { name: 'values not valid yet', claim: 'referenceValues.validity', make: () => signWith({ notBeforeMs: at + 1 }) },
  { name: 'an issue below what the policy asks for', claim: 'referenceValues.rollback', make: () => signWith({ issue: 4 }) },
];

for (const { name, claim, make } of attacks) {
  test(`refuses ${name}`, async () => assert.deepEqual(await failing(await make()), [claim]));
}

test('refuses an issue below one the relying party accepted before, and unsigned values after signed ones', async () => {
  assert.deepEqual(await failing(signed, { acceptedIssue: 8 }), ['referenceValues.rollback']);
  assert.deepEqual(await failing(honest.referenceValues, { acceptedIssue: 1, policy: honest.policy }), ['referenceValues.rollback']);
  assert.deepEqual(await failing(signed, { acceptedIssue: 7 }), []);
});

test('refuses signed values for another program', async () => {
  const other = await signReferenceValues(otherValues, releaseKey, statement);
  assert.ok((await failing(other)).includes('log.known'));
});

test('lets no policy accept a false signature', async () => {
  const forged = { ...signed, version: '9' };
  assert.deepEqual(await failing(forged, { policy: honest.policy }), ['referenceValues.provenance']);
});

test('refuses signed values with any byte changed', async () => {
  const bytes = encodeReferenceValues(signed);
  for (let index = 0; index < bytes.length; index++) {
    const changed = bytes.map((byte, place) => (place === index ? byte ^ 1 : byte));
    try {
      const failed = await failing(decodeReferenceValues(changed));
      assert.ok(failed.includes('referenceValues.provenance'), `byte ${index}`);
    } catch (error) {
      assert.ok(isTeaError(error, 'badMessage'), `byte ${index}: ${String(error)}`);
    }
  }
});

test('refuses a statement that ends before it begins, and one signed as something else', async () => {
  const backwards = { ...signed, provenance: { ...provenance, notAfterMs: provenance.notBeforeMs - 1 } };
  assert.throws(() => decodeReferenceValues(encodeReferenceValues(backwards)), { code: 'badMessage' });
  const asReceipt = encodeSigned(SIGNED_RECEIPT, referenceValuesStatement(signed, provenance), provenance.signature);
  assert.throws(() => decodeReferenceValues(asReceipt), { code: 'badMessage' });
});

test('takes values signed by a key the policy names, and they survive the wire', async () => {
  const again = decodeReferenceValues(encodeReferenceValues(signed));
  assert.deepEqual(again, signed);
  assert.deepEqual(await failing(again), []);
  assert.deepEqual(await failing(signed, { policy: honest.policy }), []);
});
