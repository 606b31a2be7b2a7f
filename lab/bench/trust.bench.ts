import { appraise, verifyReceiptsQuote, verifySignedReceipt, type AppraisalInput } from '@tea/attestation';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryDirectory } from '@tea/platform';
import { decodeEvidence, receiptToSign, sha256, type ReceiptBundle } from '@tea/protocol';
import { verifySignature } from '@tea/protocol/tpm';
import { connectSwtpm, openTeeTpm } from '@tea/tpm';
import { decodeCertificate, isSignedBy } from '../../attestation/certificate.ts';
import { fleetOf } from '../../attestation/testing/fleet.ts';
import { quoteReceipts, receiptOf, signReceipt } from '../../attestation/testing/proven-errand.ts';
import { honestNode, inputFor } from '../../attestation/testing/scenario.ts';
import { startSwtpm } from '../../tee/launcher/swtpm.ts';
import { openReceiptBatches, type ReceiptBatchesParts } from '../../tee/runtime/receipt-batches.ts';
import { generateReceiptKey } from '../../tee/runtime/receipt-key.ts';

/**
 * What trust costs a verifier, per second of one core: operations by CPU time of the whole process (WebCrypto works on other threads),
 * the best of several rounds. Beside each stands the rate of the bare signature checks it can't do without, from the same run.
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

function firstOf<T>([first]: readonly T[]): T {
  if (first === undefined) throw new Error('nothing to measure');
  return first;
}

function row(id: string, value: number, floor: number, comparedTo: string, goal: number): void {
  line(id, Math.round(value), 'per second of a core', `${comparedTo}: ${Math.round(floor)}/s`, `>= ${goal}`, value >= goal);
}

function line(id: string, value: number, unit: string, comparedTo: string, goal: string, holds: boolean): void {
  process.stdout.write(`${JSON.stringify({ id, value, unit, comparedTo, goal, holds })}\n`);
}

/**
 * More nodes than a verifier remembers anything of, one after another: each appraisal meets an EK certificate, an attestation key and an event log that
 * it has to read and check as if for the first time. They share their TPMs' maker and the reference values, as nodes of one network do.
 */
const STRANGERS = 288;
process.stderr.write(`appraising evidence with a 60-event log, of ${STRANGERS} nodes in turn ...\n`);
const strangers = await fleetOf(STRANGERS, 60);
const maker = decodeCertificate(decodeEvidence(firstOf(strangers).evidence).ekCertificates[1] ?? new Uint8Array());
const signatures = strangers.map(({ evidence }) => {
  const { ekCertificates, akPublic, quote, sealing } = decodeEvidence(evidence);
  return { akPublic, quote, sealing, ek: decodeCertificate(ekCertificates[0] ?? new Uint8Array()) };
});
const bareAppraisal = await perCoreSecond(async (at) => {
  const { akPublic, quote, sealing, ek } = signatures[at % STRANGERS] ?? firstOf(signatures);
  const each = [verifySignature(akPublic, quote.attest, quote.signature), verifySignature(akPublic, sealing.attest, sealing.signature)];
  if ((await Promise.all([...each, isSignedBy(ek, maker)])).includes(false)) throw new Error('an honest signature was refused');
});
const appraiseAffirming = async (input: AppraisalInput): Promise<void> => {
  const { result } = await appraise(input);
  if (result.verdict !== 'affirming') throw new Error('an honest node is not affirmed');
};
const appraisals = await perCoreSecond((at) => appraiseAffirming(strangers[at % STRANGERS] ?? firstOf(strangers)));
row('trust.appraisalsPerSecond', appraisals, bareAppraisal, 'the two AK signatures and the one under the EK certificate alone', 1500);
const again = firstOf(strangers);
const known = await perCoreSecond(() => appraiseAffirming(again));
process.stderr.write(`the same node again and again: ${Math.round(known)} a second of a core\n`);

const node = await honestNode();
const { node: facts } = await appraise(inputFor(node));
if (facts === null) throw new Error('the benchmark’s node is not affirmed');
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
