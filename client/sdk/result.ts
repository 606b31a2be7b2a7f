import { CID } from 'multiformats/cid';
import { differencesFromErrand, verifyReceipt, type ProofClaim } from '@tea/attestation';
import {
  collectBytes,
  decodeGuestOutput,
  decodeResultPackage,
  equalBytes,
  MAX_RESULT_PACKAGE_BYTES,
  resultInfo,
  sha256,
  TeaError,
  type GuestOutput,
  type Receipt,
  type ReceiptBundle,
} from '@tea/protocol';
import { openHpkeWith, type HpkeKeyPair } from '@tea/protocol/hpke';
import { termsDigest } from '@tea/protocol/layer1';
import { openBytes } from '@tea/protocol/sealed';
import { readErrand } from '@tea/protocol/ledger';
import type { Inspection } from './inspect.ts';
import type { Tea } from './tea.ts';

/** A run's output in the clear, with the receipt it was checked against. */
export type ErrandResult = { readonly output: GuestOutput; readonly receipt: Receipt; readonly bundle: ReceiptBundle };

const MAX_OUTPUT_BYTES = 128 * 1024 * 1024;

/**
 * Fetches what the executor published, checks the receipt against layer 1 and the appraisal the keys were released on, and opens the output.
 * @param inspection of this errand: its node is whose signature counts
 * @throws TeaError `conflict` before it is proved, `corrupt` when anything is not what layer 1 or the receipt says, `refused` when the output was sealed to another key
 */
export async function fetchResult(tea: Tea, inspection: Inspection, resultKey: HpkeKeyPair): Promise<ErrandResult> {
  const { id, appraisal } = inspection;
  const errand = await readErrand(tea.ledger, id);
  if (errand.run === null || appraisal.node === null) {
    throw new TeaError('conflict', `Errand ${id} has no result`, {
      expected: 'state Proved, on evidence that was found good',
      actual: errand.state,
      next: `tea explain ${id}`,
    });
  }
  const { run } = errand;
  // The receipt is compared with what this consumer looked at, not with what layer 1 is said to hold by now.
  mustEqual('The order', termsDigest(errand), termsDigest(inspection.errand));
  const bytes = await collectBytes(tea.ipfs.cat(CID.decode(run.resultCid).toString(), { maxBytes: MAX_RESULT_PACKAGE_BYTES }));
  mustEqual('The result package', sha256(bytes), run.resultDigest);
  const { receipt: bundle, sealedKey } = decodeResultPackage(bytes);
  mustEqual('The receipt', sha256(bundle.cose), run.receiptDigest);
  const verification = await verifyReceipt({
    bundle,
    node: appraisal.node,
    chain: tea.ledger.genesis,
    errand: id,
    trustClass: appraisal.result.trustClass,
  });
  if (!verification.ok) throw unsound(verification.claims);
  const { receipt } = verification;
  const differences = differencesFromErrand(receipt, errand);
  if (differences.length > 0 || receipt.result === null) {
    throw new TeaError('corrupt', 'The receipt is of something else than this errand', {
      expected: `what errand ${id} ordered, and ${run.outcome} with ${run.gasUsed} gas`,
      actual: `other ${differences.join(', ') || 'result'}`,
    });
  }
  const key = await openHpkeWith(
    resultKey,
    sealedKey,
    resultInfo({ chain: tea.ledger.genesis, errand: id, node: receipt.node, content: receipt.result.sha256 }),
  );
  const sealed = await collectBytes(tea.ipfs.cat(receipt.result.cid, { maxBytes: MAX_OUTPUT_BYTES }));
  mustEqual('The sealed output', sha256(sealed), receipt.result.sha256);
  return { output: decodeGuestOutput(await openBytes(sealed, key)), receipt, bundle };
}

function mustEqual(what: string, actual: Uint8Array, expected: Uint8Array): void {
  if (!equalBytes(actual, expected))
    throw new TeaError('corrupt', `${what} is not what was recorded`, { expected: expected.toHex(), actual: actual.toHex() });
}

function unsound(claims: readonly ProofClaim[]): TeaError {
  const failed = claims.find(({ outcome }) => outcome !== 'ok');
  return new TeaError('corrupt', `The receipt does not hold: ${failed?.what ?? 'unknown'}`, {
    expected: failed?.expected ?? '',
    actual: failed?.actual ?? '',
  });
}
