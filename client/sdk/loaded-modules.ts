import { verifyModules, type ModulesVerdict } from '@tea/attestation';
import { decodeEvidence } from '@tea/protocol';
import type { NodeInspection } from './inspect-node.ts';
import type { Tea } from './tea.ts';

/**
 * Asks a node what its TEE loaded since its TPM began, and judges the answer against evidence that was appraised.
 * @throws TeaError `unavailable` | `timeout`; `badMessage` for what is no answer
 */
export async function askModules(tea: Tea, { node, evidence }: Pick<NodeInspection, 'node' | 'evidence'>): Promise<ModulesVerdict> {
  const nonce = crypto.getRandomValues(new Uint8Array(32));
  const answer = await tea.node(node).modules(nonce);
  const { akPublic, quote } = decodeEvidence(evidence);
  return verifyModules(answer, { id: node, akPublic, pcrs: quote.pcrs, chain: tea.ledger.genesis, nonce });
}
