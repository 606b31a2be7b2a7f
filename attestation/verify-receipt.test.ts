import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeCoseSign1, encodeReceipt, equalBytes, leafHash, sha256, type ReceiptBundle } from '@tea/protocol';
import { appraise, verifyReceipt } from './index.ts';
import { quoteReceipts, receiptOf, signReceipt } from './testing/proven-errand.ts';
import { honestNode, inputFor } from './testing/scenario.ts';

const honest = await honestNode();
const { node } = await appraise(inputFor(honest));
assert.ok(node);
const signed = await Promise.all([7n, 8n, 9n, 10n, 11n].map((errand) => signReceipt(honest, receiptOf(honest, { errand }))));
const bundles = await quoteReceipts(honest, signed);
const [bundle, second] = bundles;
assert.ok(bundle && second);
const check = (changed: ReceiptBundle, errand = 7n) =>
  verifyReceipt({ bundle: changed, node, chain: honest.expected.chain, errand, trustClass: 'simulated' });
const failed = async (changed: ReceiptBundle, errand?: bigint) =>
  (await check(changed, errand)).claims.filter(({ outcome }) => outcome !== 'ok').map(({ id }) => id);
const flip = (bytes: Uint8Array, at: number) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte));

test('refuses another errand’s receipt from the same batch', async () => {
  assert.deepEqual(await failed(second), ['receipt.binding']);
  assert.deepEqual(await failed({ ...bundle, inclusion: second.inclusion }), ['receipt.inclusion']);
});

test('refuses a receipt signed by another key', async () => {
  const other = await honestNode();
  const [forged] = await quoteReceipts(honest, [await signReceipt(other, receiptOf(honest))]);
  assert.ok(forged);
  assert.deepEqual(await failed(forged), ['receipt.signature']);
});

test('refuses a batch quoted by another TPM, for another chain, or as evidence', async () => {
  const other = await honestNode();
  const [elsewhere] = await quoteReceipts({ ...honest, tpm: other.tpm }, signed);
  const [otherChain] = await quoteReceipts({ ...honest, expected: { ...honest.expected, chain: sha256() } }, signed);
  assert.ok(elsewhere && otherChain);
  assert.deepEqual(await failed(elsewhere), ['receipt.quote']);
  assert.deepEqual(await failed(otherChain), ['receipt.quote']);
  assert.deepEqual(await failed({ ...bundle, quote: { ...bundle.quote, ...honest.evidence.quote } }), ['receipt.quote']);
});

test('refuses a tree of another size than the quoted one', async () => {
  assert.deepEqual(await failed({ ...bundle, inclusion: { ...bundle.inclusion, size: 6 } }), ['receipt.inclusion']);
  const resized = await failed({ ...bundle, inclusion: { ...bundle.inclusion, size: 6 }, quote: { ...bundle.quote, size: 6 } });
  assert.ok(resized.includes('receipt.quote'));
});

test('refuses an inner node passed off as a receipt (Merkle second preimage)', async () => {
  const [left, right] = signed.map(leafHash);
  assert.ok(left && right);
  const forged = Uint8Array.of(1, ...left, ...right);
  const failures = await failed({ ...bundle, cose: forged, inclusion: { index: 0, size: bundle.quote.size, path: bundle.inclusion.path.slice(1) } });
  assert.ok(failures.includes('receipt.inclusion'));
});

test('refuses COSE in any other form than the one we write', async () => {
  const payload = encodeReceipt(receiptOf(honest));
  const signature = bundle.cose.subarray(-64);
  const rs512 = bundle.cose.slice();
  rs512[rs512.findIndex((byte, index) => byte === 0x26 && index > 2)] = 0x38;
  for (const cose of [
    bundle.cose.subarray(1),
    rs512,
    encodeCoseSign1(payload.subarray(1), signature),
    Uint8Array.of(...bundle.cose, 0),
    new Uint8Array(),
  ]) {
    const [quoted] = await quoteReceipts(honest, [cose]);
    assert.ok(quoted);
    assert.deepEqual(await failed(quoted), ['receipt.signature']);
  }
});

test('refuses a receipt with any byte changed', async () => {
  for (let at = 0; at < bundle.cose.length; at++) {
    const result = await check({ ...bundle, cose: flip(bundle.cose, at) });
    assert.equal(result.ok, false, `byte ${at}`);
    assert.equal(result.receipt, null);
  }
  for (let at = 0; at < bundle.quote.attest.length; at++) {
    assert.equal((await check({ ...bundle, quote: { ...bundle.quote, attest: flip(bundle.quote.attest, at) } })).ok, false, `attest byte ${at}`);
  }
});

test('takes each receipt of an honest batch', async () => {
  for (const [index, each] of bundles.entries()) {
    const result = await check(each, 7n + BigInt(index));
    assert.ok(result.ok);
    assert.equal(result.receipt.errand, 7n + BigInt(index));
    assert.ok(equalBytes(result.receipt.node, node.node));
  }
});
