import { decodeSigned, equalBytes, leafHash, TRUST_CLASSES, verifyInclusion, verifySigned, type ReceiptBundle, type TrustClass } from '@tea/protocol';
import { callFee, decodeCallReceipt, SIGNED_CALL_RECEIPT, type CallReceipt } from '@tea/protocol/call';
import type { AppraisedNode } from './appraisal.ts';
import { finding } from './proof-claims.ts';
import type { ProofClaim } from './proof-report.ts';
import { verifyReceiptsQuote } from './verify-receipt.ts';

export type CallReceiptInput = {
  readonly bundle: ReceiptBundle;
  /** facts of the appraisal before the call */
  readonly node: AppraisedNode;
  /** genesis hash */
  readonly chain: Uint8Array;
  readonly channel: bigint;
  readonly sequence: bigint;
  /** class of that appraisal */
  readonly trustClass: TrustClass;
};

/** `receipt` is null unless `ok`: nothing acts on a receipt that does not hold. */
export type CallReceiptVerification =
  | { readonly ok: true; readonly claims: readonly ProofClaim[]; readonly receipt: CallReceipt }
  | { readonly ok: false; readonly claims: readonly ProofClaim[]; readonly receipt: null };

/** Checks one call's receipt: its signature, whose call it is of, its price, its place in a batch, and the batch's quote. Never throws for what the bundle holds. */
export async function verifyCallReceipt(input: CallReceiptInput): Promise<CallReceiptVerification> {
  const { bundle, node, chain } = input;
  const { inclusion, quote, cose } = bundle;
  const included = inclusion.size === quote.size && verifyInclusion(inclusion, leafHash(cose), quote.root);
  const claims = [
    finding(
      'receipt.inclusion',
      included,
      `leaf ${inclusion.index} of ${quote.size} under ${quote.root.toHex()}`,
      included ? 'included' : 'a path to another root',
    ),
    ...(await verifyReceiptsQuote(quote, node, chain)),
  ];
  const { receipt, findings } = await readReceipt(input);
  claims.push(...findings);
  return receipt !== null && claims.every(({ outcome }) => outcome === 'ok') ? { ok: true, claims, receipt } : { ok: false, claims, receipt: null };
}

async function readReceipt({ bundle, node, chain, channel, sequence, trustClass }: CallReceiptInput) {
  try {
    const { payload, signature } = decodeSigned(SIGNED_CALL_RECEIPT, bundle.cose);
    const receipt = decodeCallReceipt(payload);
    const signed = await verifySigned(SIGNED_CALL_RECEIPT, payload, signature, node.receiptKey);
    const ours =
      equalBytes(receipt.chain, chain) &&
      receipt.channel === channel &&
      receipt.sequence === sequence &&
      equalBytes(receipt.node, node.node) &&
      equalBytes(receipt.evidence, node.evidence);
    const modest = TRUST_CLASSES.indexOf(receipt.trustClass) <= TRUST_CLASSES.indexOf(trustClass);
    return {
      receipt,
      findings: [
        finding(
          'receipt.signature',
          signed,
          `ES256 by ${node.receiptKey.toHex()}`,
          signed ? 'verified' : 'a signature of another key, or over other bytes',
        ),
        finding('call.binding', ours, describe({ chain, channel, sequence, node: node.node, evidence: node.evidence }), describe(receipt)),
        finding('receipt.trustClass', modest, `at most ${trustClass}`, receipt.trustClass),
        finding('call.sane', ...contradiction(receipt)),
      ],
    };
  } catch (cause) {
    return { receipt: null, findings: [finding('receipt.signature', false, 'a signed receipt of a call', (cause as Error).message)] };
  }
}

function describe({ chain, channel, sequence, node, evidence }: Pick<CallReceipt, 'chain' | 'channel' | 'sequence' | 'node' | 'evidence'>): string {
  return `call ${sequence} of channel ${channel} on chain ${chain.toHex()}, node ${node.toHex()}, evidence ${evidence.toHex()}`;
}

function contradiction({ gasUsed, gasLimit, gasPrice, price, outcome, exitCode }: CallReceipt): readonly [boolean, string, string] {
  const due = gasUsed <= gasLimit ? fee(gasUsed, gasPrice) : null;
  const ok = due === price && (outcome !== 'ok' || exitCode !== null);
  return [
    ok,
    'no more gas than the limit, the price of a call of that gas, and an answer when the outcome is ok',
    `${gasUsed} of ${gasLimit} gas at ${gasPrice} for 1,000,000, ${price} plancks, outcome ${outcome}`,
  ];
}

function fee(gas: bigint, gasPrice: bigint): bigint | null {
  try {
    return callFee(gas, gasPrice);
  } catch {
    return null;
  }
}
