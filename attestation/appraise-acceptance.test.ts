import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePolicy, encodePolicy, parsePolicyDocument, policyDigest, writePolicyDocument, type AppraisalPolicy } from '@tea/protocol';
import { standingAt, type AcceptanceRecord, type SoftwareStanding } from '@tea/protocol/layer1';
import { appraise, explainPolicy } from './index.ts';
import { honestNode, inputFor } from './testing/scenario.ts';

const honest = await honestNode();
const policy: AppraisalPolicy = { ...honest.pinnedPolicy, acceptance: 'onLayer1' };
const record: AcceptanceRecord = { kind: 'image', cid: Uint8Array.of(1), version: 3n, acceptedAt: 5, activeFrom: 10, revokedFrom: 20 };
const digest = new Uint8Array(32).fill(7);
const at = (block: number, of: AcceptanceRecord | null = record): SoftwareStanding => ({ ...standingAt(of, block), of: 'image', digest });
const judged = async (standings: readonly SoftwareStanding[] | undefined, under = policy) => {
  const { result, node } = await appraise({ ...inputFor(honest), policy: under, ...(standings && { standings }) });
  return { verdict: result.verdict, released: node !== null, claim: result.claims.find(({ id }) => id === 'referenceValues.accepted') };
};

test('refuses what layer 1 revoked, under every policy, and says from which block', async () => {
  for (const under of [policy, honest.pinnedPolicy]) {
    const { verdict, released, claim } = await judged([at(20)], under);
    assert.deepEqual([verdict, released, claim?.ok], ['contraindicated', false, false]);
    assert.match(claim?.actual ?? '', /revoked from block 20 on/);
    assert.ok(claim?.next !== '');
  }
});

test('refuses a revoked image though the reference values are in force', async () => {
  const values = { ...at(15, { ...record, kind: 'referenceValues' }), of: 'referenceValues' } as const;
  assert.equal((await judged([values, at(25)])).verdict, 'contraindicated');
});

test('a policy that wants acceptance on layer 1 takes only what is in force', async () => {
  const cases: [SoftwareStanding[], string][] = [
    [[at(9)], 'contraindicated'],
    [[at(10)], 'affirming'],
    [[at(19)], 'affirming'],
    [[at(20)], 'contraindicated'],
    [[at(15, null)], 'contraindicated'],
    [[], 'contraindicated'],
    [[at(15, null), at(15)], 'affirming'],
  ];
  for (const [standings, verdict] of cases)
    assert.equal((await judged(standings)).verdict, verdict, JSON.stringify(standings.map((each) => each.standing)));
});

test('whoever did not ask layer 1 can not tell, and releases nothing', async () => {
  const { verdict, claim } = await judged(undefined);
  assert.deepEqual([verdict, claim?.ok], ['warning', null]);
});

test('without such a policy the result is the same with and without layer 1', async () => {
  for (const standings of [undefined, [at(15)], [at(15, null)]]) {
    const { verdict, claim } = await judged(standings, honest.pinnedPolicy);
    assert.deepEqual([verdict, claim], ['affirming', undefined]);
  }
});

test('the policy keeps its acceptance in CBOR and in its document, and says it in words', () => {
  assert.deepEqual(decodePolicy(encodePolicy(policy)), policy);
  assert.deepEqual(parsePolicyDocument(new TextEncoder().encode(writePolicyDocument(policy))), policy);
  assert.notDeepEqual(policyDigest(policy), policyDigest(honest.pinnedPolicy));
  assert.ok(explainPolicy(policy).some((line) => line.includes('only software that layer 1 accepts')));
});
