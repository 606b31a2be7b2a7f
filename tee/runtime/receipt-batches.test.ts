import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeCoseSign1, decodeReceipt, leafHash, receiptsDigest, sha256, TeaError, verifyInclusion, type Receipt } from '@tea/protocol';
import type { TeeTpmQuote } from '@tea/tpm';
import { openReceiptBatches, type ReceiptBatchesParts } from './receipt-batches.ts';
import { generateReceiptKey, signReceipt } from './receipt-key.ts';

const chain = sha256(Uint8Array.of(1));
const key = await generateReceiptKey();
const receiptOf = (errand: number): Receipt => ({
  v: 1,
  domain: 'tea/receipt/1',
  chain,
  errand: BigInt(errand),
  node: sha256(),
  evidence: sha256(),
  trustClass: 'simulated',
  code: { cid: 'a', sha256: sha256() },
  data: [],
  input: null,
  result: null,
  outcome: 'trap',
  exitCode: null,
  gasUsed: 1n,
  gasLimit: 2n,
  meterVersion: '1',
  instrumentedSha256: null,
  isolation: 'none',
  clockMs: 0,
  seed: sha256(),
  startedAtBlock: 1,
});

/** A TPM whose quotes end when the test says so. */
function scriptedTpm() {
  const asked: { readonly data: Uint8Array; answer(): void; fail(error: Error): void }[] = [];
  let arrival = Promise.withResolvers<void>();
  return {
    asked,
    quote: (data: Uint8Array): Promise<TeeTpmQuote> => {
      const { promise, resolve, reject } = Promise.withResolvers<TeeTpmQuote>();
      asked.push({ data, answer: () => resolve({ attest: data, signature: new Uint8Array(), pcrs: [] }), fail: reject });
      arrival.resolve();
      return promise;
    },
    async next(count: number) {
      while (asked.length < count) {
        arrival = Promise.withResolvers<void>();
        await arrival.promise;
      }
      return asked[count - 1] ?? assert.fail();
    },
  };
}

const open = (parts: Pick<ReceiptBatchesParts, 'quote'> & Partial<ReceiptBatchesParts>) =>
  openReceiptBatches({ key, chain, delay: async () => undefined, fraction: () => 0, ...parts });
const broken = new TeaError('tpm', 'The TPM refused', { details: { response: 'TPM_RC_FAILURE' } });

/** Resolves after all signatures asked for before: the crypto pool takes them first come, first served. */
async function signaturesBefore(): Promise<void> {
  for (let count = 0; count < 20; count++) await signReceipt(receiptOf(count), key);
}

test('fails every receipt of a batch, by the TPM’s own code, once no attempt to quote succeeded', async () => {
  let attempts = 0;
  const waits: number[] = [];
  await using batches = open({
    quote: () => {
      attempts++;
      return Promise.reject(broken);
    },
    delay: async (delayMs) => void waits.push(delayMs),
  });
  const results = await Promise.allSettled([1, 2, 3].map((errand) => batches.seal(receiptOf(errand))));
  for (const result of results) {
    assert.ok(result.status === 'rejected');
    const error = result.reason as TeaError;
    assert.deepEqual([error.code, error.details['response'], error.cause], ['tpm', 'TPM_RC_FAILURE', broken]);
  }
  assert.ok(attempts % 5 === 0 && attempts <= 15);
  assert.deepEqual(waits.slice(0, 5), [0, 25, 50, 100, 200]);
});

test('lets no failed batch take the next one with it', async () => {
  let calls = 0;
  await using batches = open({
    quote: async (data) => (++calls <= 5 ? Promise.reject(broken) : { attest: data, signature: new Uint8Array(), pcrs: [] }),
  });
  await assert.rejects(batches.seal(receiptOf(1)), { code: 'tpm' });
  assert.equal((await batches.seal(receiptOf(2))).quote.size, 1);
});

test('gets over a TPM that fails for a while', async () => {
  let calls = 0;
  await using batches = open({
    quote: async (data) => (++calls < 5 ? Promise.reject(broken) : { attest: data, signature: new Uint8Array(), pcrs: [] }),
  });
  assert.equal((await batches.seal(receiptOf(1))).quote.size, 1);
});

test('quotes one batch at a time: what arrives meanwhile is the next one, each receipt provably in its place', async () => {
  const tpm = scriptedTpm();
  await using batches = open(tpm);
  const first = batches.seal(receiptOf(0));
  const one = await tpm.next(1);
  const later = Array.from({ length: 100 }, (_, index) => batches.seal(receiptOf(1 + index)));
  await signaturesBefore();
  assert.equal(tpm.asked.length, 1, 'no second quote while one is under way');
  one.answer();
  assert.equal((await first).quote.size, 1);
  let answered = 1;
  const answering = (async () => {
    for (;;) (await tpm.next(++answered)).answer();
  })();
  void answering;
  const bundles = await Promise.all(later);
  assert.ok(answered <= 12, `${answered} quotes for 101 receipts`);
  for (const [index, { cose, inclusion, quote }] of bundles.entries()) {
    assert.equal(decodeReceipt(decodeCoseSign1(cose).payload).errand, BigInt(1 + index));
    assert.ok(inclusion.size === quote.size && verifyInclusion(inclusion, leafHash(cose), quote.root));
    assert.deepEqual(quote.attest, receiptsDigest(chain, quote));
  }
});

test('waits so long for company, and no longer, when the TPM is free', async () => {
  const gathered = Promise.withResolvers<void>();
  const waits: number[] = [];
  const tpm = scriptedTpm();
  await using batches = open({
    ...tpm,
    gatherMs: 20,
    delay: (delayMs) => {
      waits.push(delayMs);
      return gathered.promise;
    },
  });
  const sealed = [1, 2, 3, 4].map((errand) => batches.seal(receiptOf(errand)));
  const arrived = Promise.withResolvers<void>();
  void batches.seal(receiptOf(5)).then(({ quote }) => {
    assert.equal(quote.size, 5);
    arrived.resolve();
  });
  await signaturesBefore();
  gathered.resolve();
  (await tpm.next(1)).answer();
  await arrived.promise;
  assert.deepEqual(new Set((await Promise.all(sealed)).map(({ quote }) => quote.root)).size, 1);
  assert.deepEqual(waits, [20]);
});

test('refuses more receipts than may wait, and splits what waits into batches of the largest size', async () => {
  const tpm = scriptedTpm();
  await using batches = open({ ...tpm, maxLeaves: 4, maxWaiting: 10 });
  const sealed = Array.from({ length: 10 }, (_, index) => batches.seal(receiptOf(index)));
  await assert.rejects(batches.seal(receiptOf(11)), { code: 'limit' });
  void (async () => {
    for (let count = 1; ; count++) (await tpm.next(count)).answer();
  })();
  for (const { quote } of await Promise.all(sealed)) assert.ok(quote.size <= 4);
});

test('stopping fails what waits, and takes nothing more', async () => {
  const tpm = scriptedTpm();
  const batches = open(tpm);
  const results = [batches.seal(receiptOf(1))];
  const first = await tpm.next(1);
  results.push(batches.seal(receiptOf(2)));
  const settled = Promise.allSettled(results);
  const stopped = batches[Symbol.asyncDispose]();
  first.answer();
  await stopped;
  const [done, waiting] = await settled;
  assert.equal(done?.status, 'fulfilled');
  assert.ok(waiting?.status === 'rejected' && (waiting.reason as TeaError).code === 'cancelled');
  await assert.rejects(batches.seal(receiptOf(3)), { code: 'cancelled' });
});
