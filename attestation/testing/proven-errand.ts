import { blake2b } from '@noble/hashes/blake2.js';
import {
  encodeCoseSign1,
  encodeEvidence,
  encodePolicy,
  encodeReceipt,
  encodeReferenceValues,
  encodeSealedRelease,
  evidenceDigest,
  leafHash,
  merkleTree,
  policyDigest,
  receiptsDigest,
  receiptToSign,
  releaseDigest,
  sha256,
  type ProofFile,
  type Receipt,
  type ReceiptBundle,
} from '@tea/protocol';
import { encodeHeader, encodeTrieNode, errandStorageKey, termsDigest, toNibbles, type ErrandRecord } from '@tea/protocol/layer1';
import { appraise } from '../appraise.ts';
import { activationTranscript, type Activation } from '../make-credential.ts';
import { encodeErrandRecord } from './errand-record.ts';
import { inputFor, type Scenario } from './scenario.ts';

/** A settled errand on an honest node, with a chain of one record: everything a proof file holds, made with real keys. */
export type ProvenErrand = { readonly receipt: Receipt; readonly record: ErrandRecord; readonly proof: ProofFile };

const bytes32 = (seed: number) => sha256(Uint8Array.of(seed));

/** COSE bytes of the receipt, signed by the node's receipt key. */
export async function signReceipt({ receiptKey }: Pick<Scenario, 'receiptKey'>, receipt: Receipt): Promise<Uint8Array> {
  const payload = encodeReceipt(receipt);
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, receiptKey.privateKey, new Uint8Array(receiptToSign(payload)));
  return encodeCoseSign1(payload, new Uint8Array(signature));
}

/** The batch of these signed receipts under one quote. */
export async function quoteReceipts({ tpm, expected }: Scenario, signed: readonly Uint8Array[]): Promise<ReceiptBundle[]> {
  const tree = merkleTree(signed.map(leafHash));
  const { attest, signature, pcrs } = await tpm.quote(receiptsDigest(expected.chain, tree));
  const quote = { root: tree.root, size: tree.size, attest, signature, pcrs };
  return signed.map((cose, index) => ({ cose, inclusion: tree.proofOf(index), quote }));
}

export function receiptOf(scenario: Scenario, change: Partial<Receipt> = {}): Receipt {
  return {
    v: 1,
    domain: 'tea/receipt/1',
    chain: scenario.expected.chain,
    errand: scenario.expected.errand ?? 0n,
    node: scenario.tpm.akName.slice(2),
    evidence: evidenceDigest(encodeEvidence(scenario.evidence)),
    trustClass: 'simulated',
    code: { cid: 'bafkcode', sha256: bytes32(20) },
    data: [{ cid: 'bafkdata', sha256: bytes32(21) }],
    input: null,
    result: { cid: 'bafkresult', sha256: bytes32(22) },
    outcome: 'ok',
    exitCode: 0,
    gasUsed: 900n,
    gasLimit: 1000n,
    meterVersion: 'tea-meter/1',
    instrumentedSha256: bytes32(23),
    isolation: 'bubblewrap+seccomp',
    clockMs: 1_780_000_000_000,
    seed: bytes32(24),
    startedAtBlock: 14,
    ...change,
  };
}

/**
 * @param change parts of the record to set otherwise before it is stored and proven
 * @param receiptChange parts of the receipt to set otherwise before it is signed
 */
export async function provenErrand(
  scenario: Scenario,
  change: Partial<ErrandRecord> = {},
  receiptChange: Partial<Receipt> = {},
): Promise<ProvenErrand> {
  const { expected, evidence, policy, referenceValues } = scenario;
  const id = expected.errand ?? 0n;
  const evidenceBytes = encodeEvidence(evidence);
  const receipt = receiptOf(scenario, receiptChange);
  const node = scenario.tpm.akName.slice(2);
  const signed = await signReceipt(scenario, receipt);
  const [, bundle] = await quoteReceipts(scenario, [bytes32(30), signed, bytes32(31)]);
  const recordWith = (made: readonly Uint8Array[]) => recordOf(scenario, signed, evidenceBytes, made, policyDigest(policy), change);
  const terms = termsDigest(recordWith([]));
  const releases = (['code', 'data/0'] as const).map((part) =>
    encodeSealedRelease({
      domain: 'tea/release/1',
      chain: expected.chain,
      errand: id,
      part,
      node,
      evidence: evidenceDigest(evidenceBytes),
      terms,
      content: part === 'code' ? bytes32(20) : bytes32(21),
      expiresAtBlock: 100,
      enc: new Uint8Array(65).fill(4),
      ciphertext: new Uint8Array(48).fill(5),
    }),
  );
  const record = recordWith(releases);
  const appraisal = await appraise(inputFor(scenario));
  const recordBytes = encodeErrandRecord(record);
  const key = errandStorageKey(id);
  const leaf = encodeTrieNode({ kind: 'leaf', partial: toNibbles(key), value: { kind: 'hashed', hash: blake2b(recordBytes, { dkLen: 32 }) } });
  const header = encodeHeader({
    parentHash: bytes32(40),
    number: 20,
    stateRoot: blake2b(leaf, { dkLen: 32 }),
    extrinsicsRoot: bytes32(41),
    digest: [],
  });
  if (bundle === undefined) throw new RangeError('no receipt');
  const proof: ProofFile = {
    format: 'tea/proof/1',
    chain: { genesisHash: expected.chain, header, storageProof: [leaf, recordBytes], key },
    errand: { id, record: recordBytes },
    evidence: evidenceBytes,
    activation: activationTranscript(scenario.activation as Activation),
    referenceValues: encodeReferenceValues(referenceValues),
    policy: encodePolicy(policy),
    result: appraisal.result,
    receipt: bundle,
    releases,
  };
  return { receipt, record, proof };
}

function recordOf(
  scenario: Scenario,
  signed: Uint8Array,
  evidence: Uint8Array,
  releases: readonly Uint8Array[],
  policy: Uint8Array,
  change: Partial<ErrandRecord>,
): ErrandRecord {
  const account = scenario.evidence.binding.account;
  const release = (index: number) => ({ digest: releaseDigest(releases[index] ?? new Uint8Array()), atBlock: 13 });
  return {
    state: 'Settled',
    refund: null,
    deadline: 18,
    consumer: bytes32(50),
    code: 1n,
    data: [2n],
    input: null,
    gasLimit: 1000n,
    maxPrice: 10n ** 20n,
    policy,
    resultKey: new Uint8Array(65).fill(6),
    createdAt: 9,
    held: 0n,
    parts: [
      { part: 'code', owner: bytes32(51), price: 5n, sealed: true, sha256: bytes32(20), release: release(0) },
      { part: 'data/0', owner: bytes32(52), price: 6n, sealed: true, sha256: bytes32(21), release: release(1) },
    ],
    selection: {
      block: 11,
      seed: scenario.expected.nonce,
      candidates: 3,
      candidatesDigest: bytes32(53),
      node: scenario.tpm.akName.slice(2),
      teeAccount: account,
      operator: bytes32(54),
      hostAccount: bytes32(55),
      gasPrice: 2n,
    },
    evidence: { cid: Uint8Array.of(1, 2), digest: evidenceDigest(evidence), atBlock: 12 },
    run: { outcome: 'ok', gasUsed: 900n, receiptDigest: sha256(signed), resultCid: Uint8Array.of(3), resultDigest: bytes32(22), atBlock: 16 },
    dispute: null,
    settlement: { payments: [{ account: bytes32(51), amount: 5n, role: 'code' }], refunded: 10n ** 20n - 5n, atBlock: 18 },
    ...change,
  };
}
