import { CID } from 'multiformats/cid';
import { collectBytes, equalBytes, evidenceDigest, TeaError } from '@tea/protocol';
import { readNode } from '@tea/protocol/ledger';
import { ss58, type Account } from './account.ts';
import type { Tea } from './tea.ts';

export type NodeTerms = {
  readonly operator: Account;
  /** Receives the host's share of the gas fee. */
  readonly hostAccount: Uint8Array;
  /** Plancks for 1,000,000 gas. */
  readonly gasPrice: bigint;
  /** Given to the TEE's account, so that it exists on layer 1. */
  readonly allowance: bigint;
  readonly signal?: AbortSignal;
};

const MAX_EVIDENCE_FILE_BYTES = 1 << 20;

/**
 * Registers a running node under its operator, stakes for it, and waits until the committee admitted it.
 * @returns whether it was admitted as a founding node
 * @throws TeaError `refused` when the committee found its evidence wanting; `timeout`
 */
export async function registerNode(
  tea: Tea,
  node: Uint8Array,
  { operator, hostAccount, gasPrice, allowance, signal }: NodeTerms,
): Promise<{ readonly founding: boolean }> {
  const { ledger } = tea;
  const info = await tea.node(node).info();
  if (!equalBytes(info.node, node))
    throw new TeaError('badMessage', 'The node answers under another name', { expected: node.toHex(), actual: info.node.toHex() });
  const evidence = await collectBytes(tea.ipfs.cat(info.evidenceCid, { maxBytes: MAX_EVIDENCE_FILE_BYTES }));
  const id = `0x${node.toHex()}` as const;
  const allow = ledger.api.tx.Balances.transfer_keep_alive({ dest: { type: 'Id', value: ss58(info.account) }, value: allowance });
  const register = ledger.api.tx.Nodes.register({
    node_id: id,
    tee_account: ss58(info.account),
    host_account: ss58(hostAccount),
    evidence_cid: CID.parse(info.evidenceCid).bytes,
    evidence_digest: `0x${evidenceDigest(evidence).toHex()}`,
    class: { type: 'Simulated', value: undefined },
    gas_price: gasPrice,
  });
  await ledger.submit(ledger.api.tx.Utility.batch_all({ calls: [allow.decodedCall, register.decodedCall] }), operator.signer);
  const record = await ledger.waitFor(
    `node ${node.toHex().slice(0, 8)}… to be admitted`,
    () => readNode(ledger, node),
    (value) => value !== null && value.status !== 'Pending',
    { ...(signal && { signal }) },
  );
  if (record?.status !== 'Active') {
    throw new TeaError('refused', 'The committee did not admit the node', {
      expected: 'evidence that holds',
      actual: `status ${record?.status ?? 'none'}`,
      next: "read the TEE's log",
    });
  }
  return { founding: record.founding };
}
