import { CID } from 'multiformats/cid';
import type { PolkadotSigner } from 'polkadot-api/signer';
import { appraise, laptopPolicy, makeCredential, type Activation } from '@tea/attestation';
import {
  collectBytes,
  decodeEvidence,
  encodeCbor,
  equalBytes,
  evidenceDigest,
  sha256,
  TeaError,
  type AttestationResult,
  type ChallengeRequest,
  type ReferenceValues,
} from '@tea/protocol';
import type { IpfsClient } from '@tea/protocol/ipfs';
import { blockHashStorageKey } from '@tea/protocol/layer1';
import { readNode, type Ledger } from '@tea/protocol/ledger';
import { nameOf } from '@tea/protocol/tpm';

export type CommitteeParts = {
  readonly ledger: Ledger;
  readonly ipfs: IpfsClient;
  readonly signer: PolkadotSigner;
  readonly referenceValues: ReferenceValues;
  /** Asks a node's TPM to activate a credential. */
  readonly challenge: (node: Uint8Array, request: ChallengeRequest) => Promise<Uint8Array>;
  readonly random: (length: number) => Uint8Array;
  readonly now: () => Date;
};

const MAX_EVIDENCE_FILE_BYTES = 1 << 20;
const FRESH_BLOCKS = 100;

/**
 * This TEE as a member of the committee that admits nodes: fetches the evidence a node registered with, has its TPM activate a credential,
 * appraises, and votes with the digest of the reasons. A node of a founding operator judges itself, and layer 1 marks it so.
 * @returns what it voted on
 */
export async function appraiseNode(nodeId: Uint8Array, parts: CommitteeParts): Promise<AttestationResult> {
  const { ledger, ipfs, signer } = parts;
  const node = `0x${nodeId.toHex()}` as const;
  const record = await readNode(ledger, nodeId);
  if (record === null) throw new TeaError('notFound', `Layer 1 knows no node ${nodeId.toHex()}`);
  const evidence = await collectBytes(ipfs.cat(CID.decode(record.evidenceCid).toString(), { maxBytes: MAX_EVIDENCE_FILE_BYTES }));
  if (!equalBytes(evidenceDigest(evidence), record.evidenceDigest)) {
    throw new TeaError('corrupt', 'The evidence is not the one that was registered', {
      expected: record.evidenceDigest.toHex(),
      actual: evidenceDigest(evidence).toHex(),
    });
  }
  const { result } = await appraise({
    evidence,
    referenceValues: parts.referenceValues,
    policy: laptopPolicy,
    expected: {
      purpose: 'join',
      chain: ledger.genesis,
      errand: null,
      nonce: await recentBlockHash(ledger, evidence),
      node: nodeId,
      // Or an operator could register a sound TEE's evidence under an account of their own, and speak for it.
      account: record.teeAccount,
    },
    activation: await activate(evidence, nodeId, parts),
    now: parts.now(),
  });
  const pass = result.verdict === 'affirming';
  const reasons = sha256(encodeCbor({ verdict: result.verdict, failed: result.claims.filter(({ ok }) => ok === false).map(({ id }) => id) }));
  await ledger.submit(ledger.api.tx.Nodes.vote({ node_id: node, pass, reasons_digest: `0x${reasons.toHex()}` }), signer);
  return result;
}

/** Evidence to join is fresh when its nonce is the hash of a block of the last few minutes; anything else is compared with the newest one, and fails. */
async function recentBlockHash(ledger: Ledger, evidence: Uint8Array): Promise<Uint8Array> {
  const { nonce } = decodeEvidence(evidence).binding;
  const newest = ledger.blockNumber();
  const heights = Array.from({ length: Math.min(newest, FRESH_BLOCKS) }, (_, back) => newest - back);
  const { value, block } = await ledger.state.read(heights.map(blockHashStorageKey));
  return value.find((hash) => hash !== null && equalBytes(hash, nonce)) ?? block.hash;
}

async function activate(evidence: Uint8Array, nodeId: Uint8Array, { challenge, random }: CommitteeParts): Promise<Activation> {
  const { akPublic, ekCertificates } = decodeEvidence(evidence);
  const akName = nameOf(akPublic);
  const ekCertificate = ekCertificates[0] ?? new Uint8Array();
  const { challenge: request, credential } = await makeCredential({ ekCertificate, akName, random });
  return { kind: 'performed', ekCertificate, akName, challenge: request, credential, answer: await challenge(nodeId, request) };
}
