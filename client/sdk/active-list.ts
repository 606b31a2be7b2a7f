import { decodeActiveList, decodeEvidence, TeaError, verifyActiveList, type ActiveListVerdict } from '@tea/protocol';
import { inspectNode, type NodeInspection } from './inspect-node.ts';
import type { InspectOptions } from './inspect.ts';
import type { Tea } from './tea.ts';

/** What one node says of the others, with what its word is worth. */
export type AskedActiveList = {
  readonly inspection: NodeInspection;
  /** Under the receipt key that the appraised evidence binds, for a nonce made for this question. */
  readonly verdict: ActiveListVerdict;
};

/**
 * Asks a node for its list of Active nodes that answer, and judges the node and the list. The signature means as much as the appraisal does: who takes a list
 * looks at both.
 * @throws TeaError as `inspectNode`; `unavailable`, `refused` when the node has no list; `badMessage` for what is none
 */
export async function askActiveList(tea: Tea, node: Uint8Array, options: InspectOptions): Promise<AskedActiveList> {
  const inspection = await inspectNode(tea, node, options);
  const nonce = crypto.getRandomValues(new Uint8Array(32));
  const list = decodeActiveList(await tea.node(node).activeList(nonce));
  const { binding } = decodeEvidence(inspection.evidence);
  const verdict = await verifyActiveList(list, { key: binding.receiptKey, chain: tea.ledger.genesis, node, nonce, now: options.now });
  return { inspection, verdict };
}

/** @throws TeaError `refused` saying what is wrong with a list that was refused */
export function requireActiveList(verdict: ActiveListVerdict): Extract<ActiveListVerdict, { ok: true }>['list'] {
  if (verdict.ok) return verdict.list;
  throw new TeaError('refused', `The list of Active nodes is not to be believed (${verdict.reason})`, {
    expected: verdict.expected,
    actual: verdict.actual,
    next: 'ask another node',
  });
}
