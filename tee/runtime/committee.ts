import { CID } from 'multiformats/cid';
import type { PolkadotSigner } from 'polkadot-api/signer';
import { appraise, expectedSoftware, makeCredential, type AppraisalInput } from '@tea/attestation';
import {
  collectBytes,
  decodeEvidence,
  encodeAttestationResult,
  equalBytes,
  evidenceDigest,
  isTeaError,
  oneChunk,
  sha256,
  TeaError,
  type AttestationResult,
  type ChallengeRequest,
  type Evidence,
  type ReferenceValues,
  type TeaErrorCode,
} from '@tea/protocol';
import type { IpfsClient } from '@tea/protocol/ipfs';
import { blockHashStorageKey } from '@tea/protocol/layer1';
import { readNode, type Ledger, type ReleaseLibrary } from '@tea/protocol/ledger';
import { nameOf } from '@tea/protocol/tpm';

export type CommitteeParts = {
  readonly ledger: Ledger;
  readonly ipfs: IpfsClient;
  readonly signer: PolkadotSigner;
  /** What this TEE itself measured as: what counts while layer 1 has released nothing. */
  readonly referenceValues: ReferenceValues;
  readonly releases: Pick<ReleaseLibrary, 'read'>;
  /** The key this TEE was built with, and none else's, signs reference values; null for a TEE built without, which takes layer 1's word for the signer. */
  readonly releaseKey: Uint8Array | null;
  /** Asks a node's TPM to activate a credential. */
  readonly challenge: (node: Uint8Array, request: ChallengeRequest) => Promise<Uint8Array>;
  readonly random: (length: number) => Uint8Array;
  readonly now: () => Date;
};

const MAX_EVIDENCE_FILE_BYTES = 1 << 20;
/** How many blocks the nonce of evidence to join may be old. */
export const FRESH_BLOCKS = 100;
/** Failures that say nothing about the node's TPM. */
const UNANSWERED: ReadonlySet<TeaErrorCode> = new Set(['unavailable', 'timeout', 'limit', 'cancelled', 'internal']);

/**
 * This TEE as a member of the committee that admits nodes: fetches the evidence a node registered with, has its TPM activate a credential,
 * appraises, publishes the attestation result as its reasons, and votes with their digest. A node of a founding operator judges itself, and layer 1 marks it so.
 * What the evidence must show is layer 1's to say as soon as a release has come into force there (`expectedSoftware`), so that anybody can vote again.
 * @returns what it voted on, or would have, had others not decided meanwhile
 * @throws TeaError when it could not be judged, or the evidence was replaced meanwhile: then it must be appraised again
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
  const offered = decoded(evidence);
  const software = expectedSoftware(offered?.eventLog ?? null, await parts.releases.read(), parts.releaseKey ?? undefined);
  if (software.kind === 'unread') throw unread(software.digests);
  const { result } = await appraise({
    evidence,
    referenceValues: software.kind === 'released' ? software.referenceValues : parts.referenceValues,
    policy: software.policy,
    expected: {
      purpose: 'join',
      chain: ledger.genesis,
      errand: null,
      nonce: await recentBlockHash(ledger, offered),
      node: nodeId,
      // Or an operator could register a sound TEE's evidence under an account of their own, and speak for it.
      account: record.teeAccount,
      listedClass: record.trustClass,
    },
    activation: await activate(offered, nodeId, parts),
    now: parts.now(),
    standings: software.standings,
  });
  const pass = result.verdict === 'affirming';
  const reasons = encodeAttestationResult(result);
  await ipfs.add(oneChunk(reasons)); // one raw block, so that the digest in the vote is also where to find it
  await ledger.submit(
    ledger.api.tx.Nodes.vote({
      node_id: node,
      evidence_digest: `0x${record.evidenceDigest.toHex()}`,
      pass,
      reasons_digest: `0x${sha256(reasons).toHex()}`,
    }),
    signer,
  );
  return result;
}

/** No verdict: the evidence may fit one of those. */
export function unread(digests: readonly Uint8Array[]): TeaError {
  return new TeaError('unavailable', 'Reference values that layer 1 released can not be had', {
    expected: `the content of ${digests.map((digest) => digest.toHex()).join(', ')}`,
    actual: 'nobody who has it',
    next: 'whoever released it must keep it on IPFS; it is tried again',
  });
}

/** Evidence to join is fresh when its nonce is the hash of a block of the last few minutes; anything else is compared with the newest one, and fails. */
async function recentBlockHash(ledger: Ledger, evidence: Evidence | null): Promise<Uint8Array> {
  const newest = ledger.blockNumber();
  const heights = Array.from({ length: Math.min(newest, FRESH_BLOCKS) }, (_, back) => newest - back);
  const { value, block } = await ledger.state.read(heights.map(blockHashStorageKey));
  return value.find((hash) => hash !== null && evidence !== null && equalBytes(hash, evidence.binding.nonce)) ?? block.hash;
}

/** @throws TeaError when the node could not be asked; what it can't answer, or nobody can ask of such evidence, is no activation */
async function activate(evidence: Evidence | null, nodeId: Uint8Array, { challenge, random }: CommitteeParts): Promise<AppraisalInput['activation']> {
  if (evidence === null) return { kind: 'missing' };
  const { akPublic, ekCertificates } = evidence;
  const ekCertificate = ekCertificates[0] ?? new Uint8Array();
  try {
    const akName = nameOf(akPublic);
    const { challenge: request, credential } = await makeCredential({ ekCertificate, akName, random });
    return { kind: 'performed', ekCertificate, akName, challenge: request, credential, answer: await challenge(nodeId, request) };
  } catch (error) {
    if (isTeaError(error) && !UNANSWERED.has(error.code)) return { kind: 'missing' };
    throw error;
  }
}

/** Null for what is no evidence: a verdict too, and one with reasons. */
function decoded(evidence: Uint8Array): Evidence | null {
  try {
    return decodeEvidence(evidence);
  } catch {
    return null;
  }
}
