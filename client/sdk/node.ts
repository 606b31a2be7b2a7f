import { CID } from 'multiformats/cid';
import { create as createDigest } from 'multiformats/hashes/digest';
import { collectBytes, decodeAttestationResult, equalBytes, evidenceDigest, TeaError, type AttestationResult } from '@tea/protocol';
import { RAW } from '@tea/protocol/ipfs';
import { readAppraisal, readNode } from '@tea/protocol/ledger';
import { ss58, type Account } from './account.ts';
import { repairOf } from './repairs.ts';
import type { Tea } from './tea.ts';

export type NodeTerms = {
  readonly operator: Account;
  /** Receives the host's share of the gas fee. */
  readonly hostAccount: Uint8Array;
  /** Plancks for 1,000,000 gas. */
  readonly gasPrice: bigint;
  /** Given to the TEE's account, so that it exists on layer 1. */
  readonly allowance: bigint;
  /** Where clients reach it. A node that names none is reached through others. */
  readonly reach?: NodeReach;
  readonly signal?: AbortSignal;
};

/** URLs of at most 128 printable letters, at most 4 of them; `bootstrap` when one of them is a public address that others may start from. */
export type NodeReach = { readonly transports: readonly string[]; readonly bootstrap: boolean };

/** multicodec of SHA-256 */
const SHA2_256 = 0x12;
const MAX_EVIDENCE_FILE_BYTES = 1 << 20;

/**
 * Registers a running node under its operator, stakes for it, and waits until the committee admitted it.
 * @returns whether it was admitted as a founding node
 * @throws TeaError `refused` when the committee found its evidence wanting; `timeout`
 */
export async function registerNode(
  tea: Tea,
  node: Uint8Array,
  { operator, hostAccount, gasPrice, allowance, reach, signal }: NodeTerms,
): Promise<{ readonly founding: boolean }> {
  const { ledger } = tea;
  const { info, evidence } = await offeredEvidence(tea, node, operator.publicKey);
  if (info.consent === null) throw new TeaError('refused', 'The TEE does not consent to be registered', { next: 'ask its host why' });
  const allow = ledger.api.tx.Balances.transfer_keep_alive({ dest: { type: 'Id', value: ss58(info.account) }, value: allowance });
  const register = ledger.api.tx.Nodes.register({
    ...evidence,
    tee_account: ss58(info.account),
    host_account: ss58(hostAccount),
    gas_price: gasPrice,
    consent: { type: 'Sr25519', value: `0x${info.consent.toHex()}` },
  });
  const announce = reach === undefined ? [] : [reachCall(tea, node, reach)];
  const calls = [allow, register, ...announce].map(({ decodedCall }) => decodedCall);
  await ledger.submit(ledger.api.tx.Utility.batch_all({ calls }), operator.signer);
  return admitted(tea, node, evidence.evidence_digest, signal);
}

/** Says where clients reach a node, in place of what was said before. @throws TeaError `chain`: `Nodes.NotOperator`, `Nodes.BadTransport` */
export async function announceNode(tea: Tea, node: Uint8Array, operator: Account, reach: NodeReach): Promise<void> {
  await tea.ledger.submit(reachCall(tea, node, reach), operator.signer);
}

function reachCall({ ledger }: Tea, node: Uint8Array, { transports, bootstrap }: NodeReach) {
  const urls = transports.map((url) => new TextEncoder().encode(url));
  return ledger.api.tx.Nodes.set_transports({ node_id: `0x${node.toHex()}`, transports: urls, bootstrap });
}

/**
 * Has the committee appraise a registered node again, on evidence it makes for the occasion: after its TEE started anew (another boot, another
 * receipt key), was upgraded, or before the last evidence gets old. Until it is admitted again the node gets no errands.
 * @throws TeaError `notFound` for a node nobody registered, otherwise as `registerNode`
 */
export async function renewEvidence(
  tea: Tea,
  node: Uint8Array,
  { operator, signal }: Pick<NodeTerms, 'operator' | 'signal'>,
): Promise<{ readonly founding: boolean }> {
  const before = await readNode(tea.ledger, node);
  if (before === null) throw new TeaError('notFound', `Layer 1 knows no node ${node.toHex()}`, { next: 'register it first' });
  const { evidence } = await offeredEvidence(tea, node);
  await tea.ledger.submit(tea.ledger.api.tx.Nodes.update_evidence(evidence), operator.signer);
  return admitted(tea, node, evidence.evidence_digest, signal);
}

/** What the node says it would join with. Nothing of it has been appraised: the committee does. */
async function offeredEvidence(tea: Tea, node: Uint8Array, operator?: Uint8Array) {
  const info = await tea.node(node).info(operator);
  if (!equalBytes(info.node, node))
    throw new TeaError('badMessage', 'The node answers under another name', { expected: node.toHex(), actual: info.node.toHex() });
  const bytes = await collectBytes(tea.ipfs.cat(info.evidenceCid, { maxBytes: MAX_EVIDENCE_FILE_BYTES }));
  const evidence = {
    node_id: `0x${node.toHex()}`,
    evidence_cid: CID.parse(info.evidenceCid).bytes,
    evidence_digest: `0x${evidenceDigest(bytes).toHex()}`,
    class: { type: 'Simulated', value: undefined },
  } as const;
  return { info, evidence };
}

/** Layer 1 gives a committee longer than this; one of machines whose processors are emulated takes some minutes. */
const ADMISSION_MS = 240_000;

/** Waits for the committee. @throws TeaError `refused`, with where its reasons are; `timeout` */
async function admitted(tea: Tea, node: Uint8Array, digest: string, signal: AbortSignal | undefined): Promise<{ readonly founding: boolean }> {
  const record = await tea.ledger.waitFor(
    `node ${node.toHex().slice(0, 8)}… to be admitted`,
    () => readNode(tea.ledger, node),
    // What was read may be of before the call: only a status that goes with this evidence counts.
    (value) => value !== null && value.status !== 'Pending' && `0x${value.evidenceDigest.toHex()}` === digest,
    { deadlineMs: ADMISSION_MS, ...(signal && { signal }) },
  );
  if (record?.status === 'Active') return { founding: record.founding };
  const appraisal = record === null ? null : await readAppraisal(tea.ledger, record.appraisal);
  const against = appraisal?.seats.flatMap(({ vote }) => (vote === null || vote.pass ? [] : [vote])) ?? [];
  const reasons = await Promise.all(against.map(({ reasonsDigest }) => voteReasons(tea, reasonsDigest)));
  const failed = new Set(reasons.flatMap(({ claims }) => claims.filter(({ ok }) => ok === false).map(({ id }) => id)));
  throw new TeaError('refused', 'The committee did not admit the node', {
    expected: 'evidence that holds',
    actual: `status ${record?.status ?? 'none'} (${record?.reason ?? 'gone'}), for ${[...failed].join(', ') || 'no published reason'}`,
    next: [...new Set(reasons.flatMap(({ claims }) => claims.filter(({ ok }) => ok === false).map(repairOf)))].join('; ') || "read the TEE's log",
  });
}

/**
 * The reasons of a committee member's vote: its whole attestation result, which it published as one block, so that the digest in the vote
 * names it. Anybody can appraise the same evidence and compare.
 * @throws TeaError `notFound` when nobody has them any more, `badMessage` when the digest is of something else
 */
export async function voteReasons({ ipfs }: Pick<Tea, 'ipfs'>, reasonsDigest: Uint8Array): Promise<AttestationResult> {
  const cid = CID.createV1(RAW, createDigest(SHA2_256, reasonsDigest));
  return decodeAttestationResult(await collectBytes(ipfs.cat(cid.toString(), { maxBytes: MAX_EVIDENCE_FILE_BYTES })));
}
