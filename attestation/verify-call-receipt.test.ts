import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeEvidence, encodeSigned, evidenceDigest, sha256, signAs, type ReceiptBundle, type SignedKind } from '@tea/protocol';
import { CALL_BASE_GAS, callFee, encodeCallReceipt, SIGNED_CALL_OFFER, SIGNED_CALL_RECEIPT, type CallReceipt } from '@tea/protocol/call';
import { appraise, verifyCallReceipt, type AppraisedNode } from './index.ts';
import { quoteReceipts, receiptOf, signReceipt } from './testing/proven-errand.ts';
import { honestNode, inputFor, type Scenario } from './testing/scenario.ts';

const honest = await honestNode();
const other = await honestNode();

async function appraisedNode(scenario: Scenario): Promise<AppraisedNode> {
  const { node } = await appraise(inputFor(scenario));
  assert.ok(node);
  return node;
}
const node = await appraisedNode(honest);

const callReceiptOf = (change: Partial<CallReceipt> = {}): CallReceipt => ({
  v: 1,
  domain: 'tea/call/1',
  chain: honest.expected.chain,
  node: honest.tpm.akName.slice(2),
  channel: 7n,
  sequence: 3n,
  evidence: evidenceDigest(encodeEvidence(honest.evidence)),
  trustClass: 'simulated',
  content: 1n,
  code: { cid: 'bafkcode', sha256: sha256(Uint8Array.of(1)) },
  function: 'run',
  caller: sha256(Uint8Array.of(2)),
  input: sha256(),
  output: sha256(),
  outcome: 'ok',
  exitCode: 0,
  gasUsed: 900n,
  gasLimit: 1_000n,
  gasPrice: 1_000n,
  price: callFee(900n, 1_000n),
  meterVersion: 'tea-meter/4',
  instrumentedSha256: sha256(Uint8Array.of(3)),
  isolation: 'namespaces+seccomp',
  clockMs: 1_780_000_000_000,
  seed: sha256(Uint8Array.of(4)),
  startedAtBlock: 9,
  ...change,
});

async function bundleOf(change: Partial<CallReceipt> = {}, kind: SignedKind = SIGNED_CALL_RECEIPT, by = honest): Promise<ReceiptBundle> {
  const payload = encodeCallReceipt(callReceiptOf(change));
  const [, bundle] = await quoteReceipts(by, [sha256(), encodeSigned(kind, payload, await signAs(kind, payload, by.receiptKey.privateKey))]);
  assert.ok(bundle);
  return bundle;
}

async function failedOf(bundle: ReceiptBundle): Promise<string[]> {
  const input = { bundle, node, chain: honest.expected.chain, channel: 7n, sequence: 3n, trustClass: 'simulated' } as const;
  const { ok, claims, receipt } = await verifyCallReceipt(input);
  assert.equal(ok, receipt !== null);
  return claims.filter(({ outcome }) => outcome !== 'ok').map(({ id }) => id);
}

const attacks: readonly [name: string, claims: readonly string[], make: () => Promise<ReceiptBundle>][] = [
  ['another call of the channel', ['call.binding'], () => bundleOf({ sequence: 4n })],
  ['a call of another channel', ['call.binding'], () => bundleOf({ channel: 8n })],
  ['a call on another chain', ['call.binding'], () => bundleOf({ chain: sha256() })],
  ['a call of another node', ['call.binding'], () => bundleOf({ node: other.tpm.akName.slice(2) })],
  ['a call on other evidence', ['call.binding'], () => bundleOf({ evidence: sha256() })],
  ['a stronger TPM than was appraised', ['receipt.trustClass'], () => bundleOf({ trustClass: 'tpm' })],
  ['more gas than its limit', ['call.sane'], () => bundleOf({ gasUsed: 1_001n, price: callFee(1_001n, 1_000n) })],
  ['a price above that of its gas', ['call.sane'], () => bundleOf({ price: callFee(900n, 1_000n) + 1n })],
  ['a price that is none', ['call.sane'], () => bundleOf({ gasPrice: (1n << 128n) - 1n })],
  ['no answer, though it went well', ['call.sane'], () => bundleOf({ exitCode: null })],
  ['a statement of another kind under the same key', ['receipt.signature'], () => bundleOf({}, SIGNED_CALL_OFFER)],
  ['the key and the quote of another node', ['receipt.quote', 'receipt.signature'], () => bundleOf({}, SIGNED_CALL_RECEIPT, other)],
  [
    'an errand’s receipt of the same node',
    ['receipt.signature'],
    async () => {
      const [bundle] = await quoteReceipts(honest, [await signReceipt(honest, receiptOf(honest))]);
      assert.ok(bundle);
      return bundle;
    },
  ],
  [
    'a place in another batch',
    ['receipt.inclusion'],
    async () => ({ ...(await bundleOf()), cose: (await bundleOf({ sequence: 3n, function: 'other' })).cose }),
  ],
];
for (const [name, claims, make] of attacks) {
  test(`a receipt of ${name} does not hold`, async () => assert.deepEqual((await failedOf(await make())).toSorted(), claims.toSorted()));
}

test('a receipt that was quoted after the program changed does not hold', async () => {
  const changed = await honestNode();
  const before = await appraisedNode(changed);
  changed.tpm.extend(12, sha256());
  const bundle = await bundleOf(
    { node: changed.tpm.akName.slice(2), evidence: evidenceDigest(encodeEvidence(changed.evidence)), chain: changed.expected.chain },
    SIGNED_CALL_RECEIPT,
    changed,
  );
  const { ok, claims } = await verifyCallReceipt({
    bundle,
    node: before,
    chain: changed.expected.chain,
    channel: 7n,
    sequence: 3n,
    trustClass: 'simulated',
  });
  assert.ok(!ok && claims.some(({ id, outcome }) => id === 'receipt.state' && outcome === 'failed'));
});

test('an honest one holds, in one batch with errands’', async () => {
  assert.deepEqual(await failedOf(await bundleOf()), []);
  assert.equal(callFee(0n, 1_000_000n), CALL_BASE_GAS, 'a call costs its sandbox, whatever its guest used');
});
