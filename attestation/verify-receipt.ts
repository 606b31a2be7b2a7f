import {
  decodeCoseSign1,
  decodeReceipt,
  equalBytes,
  leafHash,
  receiptsDigest,
  receiptToSign,
  TRUST_CLASSES,
  verifyInclusion,
  type Receipt,
  type ReceiptBundle,
  type ReceiptsQuote,
  type TrustClass,
} from '@tea/protocol';
import { decodeAttest, verifySignature, type ClockInfo } from '@tea/protocol/tpm';
import type { AppraisedNode } from './appraisal.ts';
import { pcrDigestHolds, selectsEvidencePcrs } from './appraise-quote.ts';
import { finding } from './proof-claims.ts';
import type { ProofClaim } from './proof-report.ts';

export type ReceiptInput = {
  readonly bundle: ReceiptBundle;
  /** facts of the appraisal the run was released on */
  readonly node: AppraisedNode;
  /** genesis hash */
  readonly chain: Uint8Array;
  readonly errand: bigint;
  /** class of that appraisal */
  readonly trustClass: TrustClass;
};

/** `receipt` is null unless `ok`: nothing acts on a receipt that does not hold. */
export type ReceiptVerification =
  | { readonly ok: true; readonly claims: readonly ProofClaim[]; readonly receipt: Receipt }
  | { readonly ok: false; readonly claims: readonly ProofClaim[]; readonly receipt: null };

/** Checks one receipt: its signature, whose run it is of, its place in a batch, and the batch's quote. Never throws for what the bundle holds. */
export async function verifyReceipt(input: ReceiptInput): Promise<ReceiptVerification> {
  const [signed, quoted] = await Promise.all([verifySignedReceipt(input), verifyReceiptsQuote(input.bundle.quote, input.node, input.chain)]);
  const claims = [...signed.claims, ...quoted];
  const { receipt } = signed;
  return receipt !== null && claims.every(({ outcome }) => outcome === 'ok') ? { ok: true, claims, receipt } : { ok: false, claims, receipt: null };
}

/** All but the quote, which receipts of one batch share: check that once with `verifyReceiptsQuote`. `receipt` is null when it did not decode. */
export async function verifySignedReceipt(
  input: ReceiptInput,
): Promise<{ readonly claims: readonly ProofClaim[]; readonly receipt: Receipt | null }> {
  const { bundle, node, chain, errand, trustClass } = input;
  const { inclusion, quote, cose } = bundle;
  const included = inclusion.size === quote.size && verifyInclusion(inclusion, leafHash(cose), quote.root);
  const claims = [
    finding(
      'receipt.inclusion',
      included,
      `leaf ${inclusion.index} of ${quote.size} under ${quote.root.toHex()}`,
      included ? 'included' : 'a path to another root',
    ),
  ];
  try {
    const { payload, signature } = decodeCoseSign1(cose);
    const receipt = decodeReceipt(payload);
    const key = await crypto.subtle.importKey('raw', new Uint8Array(node.receiptKey), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    const signed = await crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      key,
      new Uint8Array(signature),
      new Uint8Array(receiptToSign(payload)),
    );
    const ours =
      equalBytes(receipt.chain, chain) &&
      receipt.errand === errand &&
      equalBytes(receipt.node, node.node) &&
      equalBytes(receipt.evidence, node.evidence);
    const modest = TRUST_CLASSES.indexOf(receipt.trustClass) <= TRUST_CLASSES.indexOf(trustClass);
    claims.push(
      finding(
        'receipt.signature',
        signed,
        `ES256 by ${node.receiptKey.toHex()}`,
        signed ? 'verified' : 'a signature of another key, or over other bytes',
      ),
      finding('receipt.binding', ours, describeBinding({ chain, errand, node: node.node, evidence: node.evidence }), describeBinding(receipt)),
      finding('receipt.trustClass', modest, `at most ${trustClass}`, receipt.trustClass),
      finding('receipt.sane', ...contradiction(receipt)),
    );
    return { claims, receipt };
  } catch (cause) {
    claims.push(finding('receipt.signature', false, 'a signed receipt', (cause as Error).message));
    return { claims, receipt: null };
  }
}

/** The batch's quote: by the node's AK, over this root and size, in the appraised program state. */
export async function verifyReceiptsQuote(quote: ReceiptsQuote, node: AppraisedNode, chain: Uint8Array): Promise<readonly ProofClaim[]> {
  const digest = receiptsDigest(chain, quote);
  try {
    const attest = decodeAttest(quote.attest);
    const signed = attest.type === 'quote' && (await verifySignature(node.akPublic, quote.attest, quote.signature));
    const speaksOfRoot = equalBytes(attest.extraData, digest);
    const covers = selectsEvidencePcrs(attest, quote.pcrs) && pcrDigestHolds(attest, quote.pcrs)[0];
    const changed = node.pcrs.filter((pcr, place) => !equalBytes(pcr.digest, quote.pcrs[place]?.digest ?? new Uint8Array()));
    const sameRun = isLaterInBoot(attest.clockInfo, node.clock);
    return [
      finding(
        'receipt.quote',
        signed && speaksOfRoot,
        `a quote over ${digest.toHex()}`,
        signed ? `a quote over ${attest.extraData.toHex()}` : 'not signed by the attestation key',
      ),
      finding(
        'receipt.state',
        covers && changed.length === 0 && sameRun,
        'the PCR values and the boot of the evidence',
        covers
          ? changed.map(({ index }) => `another PCR ${index}`).join(', ') || (sameRun ? 'the same' : 'another boot, or before the evidence')
          : 'other PCRs',
      ),
    ];
  } catch (cause) {
    return [finding('receipt.quote', false, `a quote over ${digest.toHex()}`, (cause as Error).message)];
  }
}

/**
 * Whether a quote is of the boot of an earlier one (TPM 2.0 Part 1, 36.3): the counts go up with each reset, resume or restart, and the clock runs on
 * in between. For keys outside the endorsement and platform hierarchies the TPM obfuscates the counts, by the same amount each time.
 */
function isLaterInBoot(later: ClockInfo, earlier: ClockInfo): boolean {
  return later.resetCount === earlier.resetCount && later.restartCount === earlier.restartCount && later.clock >= earlier.clock;
}

function contradiction({ gasUsed, gasLimit, outcome, result }: Receipt): readonly [boolean, string, string] {
  const ok = gasUsed <= gasLimit && (outcome !== 'ok' || result !== null);
  return [
    ok,
    'no more gas than the limit, and a result when the outcome is ok',
    `${gasUsed} of ${gasLimit} gas, outcome ${outcome}, ${result ? 'a' : 'no'} result`,
  ];
}

function describeBinding({ chain, errand, node, evidence }: Pick<Receipt, 'chain' | 'errand' | 'node' | 'evidence'>): string {
  return `chain ${chain.toHex()}, errand ${errand}, node ${node.toHex()}, evidence ${evidence.toHex()}`;
}
