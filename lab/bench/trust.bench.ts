import { appraise, verifyReceiptsQuote, verifySignedReceipt } from '@tea/attestation';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryDirectory } from '@tea/platform';
import { receiptToSign, sha256, type ReceiptBundle, type TeaEvent } from '@tea/protocol';
import { verifySignature } from '@tea/protocol/tpm';
import { connectSwtpm, openTeeTpm } from '@tea/tpm';
import { quoteReceipts, receiptOf, signReceipt } from '../../attestation/testing/proven-errand.ts';
import { honestNode, inputFor } from '../../attestation/testing/scenario.ts';
import { startSwtpm } from '../../tee/launcher/swtpm.ts';
import { openReceiptBatches, type ReceiptBatchesParts } from '../../tee/runtime/receipt-batches.ts';
import { generateReceiptKey } from '../../tee/runtime/receipt-key.ts';

/**
 * What trust costs a verifier, per second of one core: operations by CPU time of the whole process (WebCrypto works on other threads),
 * the best of several rounds, of one node again and again, so its certificates and event log are remembered after the first, as those of nodes
 * that run one program are. Beside each stands the rate of the bare signature checks it can't do without, from the same run.
 */
const ROUND_MS = 1200;
const ROUNDS = 3;
const TOGETHER = 8;

async function perCoreSecond(work: (index: number) => Promise<unknown>): Promise<number> {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const before = process.cpuUsage();
    const until = performance.now() + ROUND_MS;
    let done = 0;
    while (performance.now() < until) {
      await Promise.all(Array.from({ length: TOGETHER }, (_, place) => work(done + place)));
      done += TOGETHER;
    }
    const { user, system } = process.cpuUsage(before);
    best = Math.max(best, (done * 1e6) / (user + system));
  }
  return best;
}

function row(id: string, value: number, floor: number, comparedTo: string, goal: number): void {
  line(id, Math.round(value), 'per second of a core', `${comparedTo}: ${Math.round(floor)}/s`, `>= ${goal}`, value >= goal);
}

function line(id: string, value: number, unit: string, comparedTo: string, goal: string, holds: boolean): void {
  process.stdout.write(`${JSON.stringify({ id, value, unit, comparedTo, goal, holds })}\n`);
}

const events: TeaEvent[] = Array.from({ length: 60 }, (_, index) => ({
  contentType: 'tea.bundle',
  content: { sha256: sha256(Uint8Array.of(index)), version: String(index) },
}));
process.stderr.write('appraising evidence with a 60-event log ...\n');
const node = await honestNode(events);
const input = inputFor(node);
const { node: facts, result } = await appraise(input);
if (facts === null || result.verdict !== 'affirming') throw new Error('the benchmark’s node is not affirmed');
const { akPublic, quote, sealing } = node.evidence;
const bareAppraisal = await perCoreSecond(async () => {
  await verifySignature(akPublic, quote.attest, quote.signature);
  await verifySignature(akPublic, sealing.attest, sealing.signature);
});
const appraisals = await perCoreSecond(() => appraise(input));
row('trust.appraisalsPerSecond', appraisals, bareAppraisal, 'the two AK signatures alone', 1500);

process.stderr.write('verifying receipts of a batch of 1000 ...\n');
const signed = await Promise.all(Array.from({ length: 1000 }, (_, index) => signReceipt(node, receiptOf(node, { errand: BigInt(index) }))));
const bundles = await quoteReceipts(node, signed);
const [first] = bundles;
if (first === undefined) throw new Error('no batch');
const { chain } = node.expected;
const key = await crypto.subtle.importKey('raw', new Uint8Array(facts.receiptKey), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
const message = new Uint8Array(receiptToSign(new Uint8Array(600)));
const bareReceipt = await perCoreSecond(() => crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, new Uint8Array(64).fill(1), message));
const quoteHolds = (await verifyReceiptsQuote(first.quote, facts, chain)).every(({ outcome }) => outcome === 'ok');
const receipts = await perCoreSecond(async (at) => {
  const index = at % bundles.length;
  const bundle = bundles[index] ?? first;
  const { claims } = await verifySignedReceipt({ bundle, node: facts, chain, errand: BigInt(index), trustClass: 'simulated' });
  if (!quoteHolds || claims.some(({ outcome }) => outcome !== 'ok')) throw new Error('an honest receipt was refused');
});
row('trust.receiptsPerSecond', receipts, bareReceipt, 'a bare ES256 verification', 5000);

process.stderr.write('producing receipts under batch quoting on one swtpm ...\n');
const receiptKey = await generateReceiptKey();
const parts = { key: receiptKey, chain, delay: (delayMs: number) => delay(delayMs), fraction: () => 0.5 };
const template = receiptOf(node);

/** Receipts as many runs would end: `together` of them wait at any time. @returns milliseconds of wall clock a receipt */
async function produce(quote: ReceiptBatchesParts['quote'], together: number, total: number): Promise<number> {
  await using batches = openReceiptBatches({ ...parts, quote });
  let started = 0;
  const run = async (): Promise<ReceiptBundle[]> => {
    const sealed: ReceiptBundle[] = [];
    while (started < total) sealed.push(await batches.seal({ ...template, errand: BigInt(started++) }));
    return sealed;
  };
  const before = performance.now();
  await Promise.all(Array.from({ length: together }, run));
  return (performance.now() - before) / total;
}

await using directory = await temporaryDirectory('bench');
await using swtpm = await startSwtpm({ stateDir: directory.path });
await using tpm = await openTeeTpm({ transport: await connectSwtpm({ socketPath: swtpm.socketPath }), stateDir: directory.path });
let quotes = 0;
const counted: ReceiptBatchesParts['quote'] = (digest) => {
  quotes++;
  return tpm.quote(digest);
};
const ALONE = 50;
const aloneFrom = performance.now();
for (let count = 0; count < ALONE; count++) await tpm.quote(sha256(Uint8Array.of(count)));
const quotesPerSecond = (1000 * ALONE) / (performance.now() - aloneFrom);
const PRODUCED = 10_000;
const perSecond = 1000 / (await produce(counted, 1000, PRODUCED));
const floor = `a quote a receipt: ${Math.round(quotesPerSecond)}/s on this TPM; here ${Math.round(PRODUCED / quotes)} receipts a quote`;
line('trust.batchReceiptsPerSecond', Math.round(perSecond), 'per second, wall clock', floor, '>= 2000', perSecond >= 2000);

/** The same without a TPM, or its quote, ever fewer a receipt, would hide what a larger tree costs. */
const bare = await tpm.quote(sha256());
const instantly: ReceiptBatchesParts['quote'] = async () => bare;
const cost = async (leaves: number): Promise<number> => {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) rounds.push(await produce(instantly, leaves, 5000));
  return Math.min(...rounds);
};
await cost(100);
const scaling = (await cost(1000)) / (await cost(10));
const logarithm = Math.log2(1000) / Math.log2(10);
line(
  'trust.batchScaling',
  Number(scaling.toFixed(2)),
  'cost of a receipt at 1,000 leaves / at 10, quote left out',
  `log n: ${logarithm.toFixed(1)}`,
  `<= ${logarithm.toFixed(1)}`,
  scaling <= logarithm,
);
