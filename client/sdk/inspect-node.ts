import { CID } from 'multiformats/cid';
import { activationTranscript, appraise, type Appraisal } from '@tea/attestation';
import { collectBytes, decodeEvidence, equalBytes, evidenceDigest, TeaError, type ActivationTranscript, type ReferenceValues } from '@tea/protocol';
import { blockHashStorageKey, type NodeRecord } from '@tea/protocol/layer1';
import { readNode, type Ledger } from '@tea/protocol/ledger';
import { challengeNode, type InspectOptions, knowledgeOf } from './inspect.ts';
import { resolveReferences, type ResolvedReferences } from './reference-source.ts';
import type { Tea } from './tea.ts';

/** A node's evidence for joining, judged anew: what it registered with, its TPM challenged just now. */
export type NodeInspection = {
  readonly node: Uint8Array;
  readonly record: NodeRecord;
  readonly evidence: Uint8Array;
  /** What it was compared with, and whose choice that was. */
  readonly referenceValues: ReferenceValues;
  readonly referencesFrom: ResolvedReferences['from'];
  readonly appraisal: Appraisal;
  readonly activation: ActivationTranscript;
};

const MAX_EVIDENCE_FILE_BYTES = 1 << 20;
/** Layer 1 keeps the hashes of so many blocks (`BlockHashCount`); read some at a time. */
const KEPT_BLOCKS = 2_400;
const BLOCKS_A_READ = 200;

/** @throws TeaError `notFound` when layer 1 knows no such node, `corrupt` when its evidence is not the registered one */
export async function inspectNode(tea: Tea, node: Uint8Array, options: InspectOptions): Promise<NodeInspection> {
  const { ledger } = tea;
  const { signal } = options;
  const record = await readNode(ledger, node);
  if (record === null) throw new TeaError('notFound', `Layer 1 knows no node ${node.toHex()}`, { next: 'tea nodes' });
  const evidence = await collectBytes(
    tea.ipfs.cat(CID.decode(record.evidenceCid).toString(), { maxBytes: MAX_EVIDENCE_FILE_BYTES, ...(signal && { signal }) }),
  );
  if (!equalBytes(evidenceDigest(evidence), record.evidenceDigest)) {
    throw new TeaError('corrupt', 'The evidence is not the one layer 1 recorded', {
      expected: record.evidenceDigest.toHex(),
      actual: evidenceDigest(evidence).toHex(),
    });
  }
  const [nonce, activation, references] = await Promise.all([
    nonceOf(ledger, evidence, signal),
    challengeNode(tea, node, evidence),
    resolveReferences(tea, evidence, options.referenceValues, signal),
  ]);
  const appraisal = await appraise({
    evidence,
    ...knowledgeOf(options, references),
    expected: { purpose: 'join', chain: ledger.genesis, errand: null, nonce, node, account: record.teeAccount },
    activation,
  });
  const { referenceValues, from: referencesFrom } = references;
  return {
    node,
    record,
    evidence,
    referenceValues,
    referencesFrom,
    appraisal,
    activation: activation.kind === 'performed' ? activationTranscript(activation) : activation,
  };
}

/** Evidence to join answers the hash of a block. One whose block layer 1 no longer keeps is compared with the newest, and fails: it has to attest anew. */
async function nonceOf({ state, blockNumber }: Ledger, evidence: Uint8Array, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const asked = nonceIn(evidence);
  const newest = blockNumber();
  for (let back = 0; back < Math.min(newest, KEPT_BLOCKS); back += BLOCKS_A_READ) {
    signal?.throwIfAborted();
    const heights = Array.from({ length: Math.min(BLOCKS_A_READ, newest - back) }, (_, step) => newest - back - step);
    const { value, block } = await state.read(heights.map(blockHashStorageKey));
    const found = [...value, block.hash].find((hash) => hash !== null && equalBytes(hash, asked));
    if (found) return found;
  }
  const { block } = await state.read([blockHashStorageKey(newest)]);
  return block.hash;
}

/** Evidence that does not decode answers nothing; the appraisal says so. */
function nonceIn(evidence: Uint8Array): Uint8Array {
  try {
    return decodeEvidence(evidence).binding.nonce;
  } catch {
    return new Uint8Array();
  }
}
