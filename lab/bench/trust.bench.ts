import { appraise, verifyReceiptsQuote, verifySignedReceipt } from '@tea/attestation';
import { receiptToSign, sha256, type TeaEvent } from '@tea/protocol';
import { verifySignature } from '@tea/protocol/tpm';
import { quoteReceipts, receiptOf, signReceipt } from '../../attestation/testing/proven-errand.ts';
import { honestNode, inputFor } from '../../attestation/testing/scenario.ts';

/**
 * What trust costs a verifier, per second of one core: operations by CPU time of the whole process (WebCrypto works on other threads),
 * the best of several rounds, of one node again and again, so its certificates are remembered after the first. Beside each stands the rate of the bare signature checks it can't do without, from the same run.
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
  const compared = `${comparedTo}: ${Math.round(floor)}/s`;
  process.stdout.write(
    `${JSON.stringify({ id, value: Math.round(value), unit: 'per second of a core', comparedTo: compared, goal: `>= ${goal}`, holds: value >= goal })}\n`,
  );
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
