import {
  decodeEvidence,
  decodePolicy,
  decodeReferenceValues,
  equalBytes,
  evidenceDigest,
  type AttestationResult,
  type TrustClass,
} from '@tea/protocol';
import { decodeCallProofFile, type CallProofFile, type CallReceipt } from '@tea/protocol/call';
import {
  blockHashStorageKey,
  channelStorageKey,
  contentStorageKey,
  decodeChannelRecord,
  decodeContentEntry,
  decodeHeader,
  decodeNodeRecord,
  hashHeader,
  nodeStorageKey,
  openReadProof,
  type ChannelRecord,
  type ContentEntry,
  type NodeRecord,
} from '@tea/protocol/layer1';
import { appraise } from './appraise.ts';
import { finding, mustBeDecided } from './proof-claims.ts';
import type { ProofClaim, ProofPins, ProofReport } from './proof-report.ts';
import { verifyCallReceipt } from './verify-call-receipt.ts';
import { attestationClaims, pinnedReferenceValues, resultRepeats } from './verify-proof.ts';

/** As of an errand's proof; `errand` and `receipt` are null, and `call` is the receipt when all of it holds. */
export type CallReport = ProofReport & { readonly call: CallReceipt | null };

/**
 * Checks the proof of a call claim by claim, offline, as `verifyProof` does an errand's: the evidence that admits the node is appraised again, and the
 * receipt must be signed by the key which it binds, under a quote of the same boot and program state.
 * @param bytes the file as it came
 * @returns a report; never throws for what the file holds
 */
export async function verifyCall(bytes: Uint8Array, { pinned = {} }: { readonly pinned?: ProofPins } = {}): Promise<CallReport> {
  const claims: ProofClaim[] = [];
  const done = (result: AttestationResult | null = null, call: CallReceipt | null = null): CallReport => report(claims, result, call);
  let file: CallProofFile;
  try {
    file = decodeCallProofFile(bytes);
  } catch (cause) {
    claims.push(finding('file.format', false, 'a file of format tea/call-proof/1', (cause as Error).message));
    return done();
  }
  claims.push(finding('file.format', true, 'a file of format tea/call-proof/1', 'decoded'));
  const state = readState(file, pinned);
  claims.push(...state.claims);
  if (state.node === null) return done();
  const { node, channel, content, nonce } = state;
  const asked = nonceOf(file.evidence);
  claims.push(
    finding(
      'call.nonce',
      nonce === null ? null : equalBytes(nonce, asked),
      'the hash of a block of this chain',
      nonce === null ? 'not in this state' : `block ${file.nonceBlock}`,
    ),
  );
  try {
    const referenceValues = decodeReferenceValues(file.referenceValues);
    const policy = decodePolicy(file.policy);
    claims.push(pinnedReferenceValues(referenceValues, pinned));
    const { result, node: appraised } = await appraise({
      evidence: file.evidence,
      referenceValues,
      policy,
      ...(pinned.revocationLists && { revocationLists: pinned.revocationLists }),
      expected: { purpose: 'join', chain: file.chain.genesisHash, errand: null, nonce: nonce ?? asked, node: file.node, account: node.teeAccount },
      activation: { kind: 'recorded', transcript: file.activation },
      now: new Date(file.result.appraisedAtMs),
    });
    claims.push(...attestationClaims(result), resultRepeats(file.result, result, policy));
    if (appraised === null) return done(result);
    const { trustClass } = result;
    const { genesisHash: chain } = file.chain;
    const verified = await verifyCallReceipt({
      bundle: file.receipt,
      node: appraised,
      chain,
      channel: file.channel,
      sequence: file.sequence,
      trustClass,
    });
    claims.push(...verified.claims);
    if (verified.receipt !== null) claims.push(codeClaim(verified.receipt, file.content, content), channelClaim(verified.receipt, channel));
    return done(result, verified.receipt);
  } catch (cause) {
    claims.push(finding('result.repeats', false, 'a policy and reference values', (cause as Error).message));
    return done();
  }
}

type State = {
  readonly claims: readonly ProofClaim[];
  readonly node: NodeRecord | null;
  readonly channel: ChannelRecord | null;
  readonly content: ContentEntry | null;
  readonly nonce: Uint8Array | null;
};

/** What the file says of layer 1, all under one state root. */
function readState({ chain, node, channel, content, nonceBlock, evidence }: CallProofFile, pins: ProofPins): State {
  const claims = [
    finding(
      'chain.genesis',
      pins.genesisHash === undefined ? null : equalBytes(pins.genesisHash, chain.genesisHash),
      pins.genesisHash?.toHex() ?? 'a genesis hash you know',
      chain.genesisHash.toHex(),
    ),
  ];
  const digest = evidenceDigest(evidence);
  try {
    const header = decodeHeader(chain.header);
    const hash = hashHeader(header);
    claims.push(
      finding(
        'chain.block',
        pins.blockHash === undefined ? null : equalBytes(pins.blockHash, hash),
        pins.blockHash?.toHex() ?? 'the hash of a finalised block you know',
        `block ${header.number}, ${hash.toHex()}`,
      ),
    );
    const state = openReadProof({ stateRoot: header.stateRoot, proof: chain.proof });
    const read = <T>(key: Uint8Array, decode: (bytes: Uint8Array) => T): T | null => {
      const stored = state.read(key);
      return stored === null ? null : decode(stored);
    };
    const record = read(nodeStorageKey(node), decodeNodeRecord);
    const paidFrom = read(channelStorageKey(channel), decodeChannelRecord);
    const entry = read(contentStorageKey(content), decodeContentEntry);
    const nonce = nonceBlock === null ? null : state.read(blockHashStorageKey(nonceBlock));
    state.end();
    const admitted = record !== null && equalBytes(record.evidenceDigest, digest);
    claims.push(
      finding('call.node', admitted, `evidence ${digest.toHex()}`, record === null ? 'no such node' : `evidence ${record.evidenceDigest.toHex()}`),
    );
    const toNode = paidFrom === null || equalBytes(paidFrom.node, node) ? paidFrom : null;
    return { claims, node: record, channel: toNode, content: entry, nonce };
  } catch (cause) {
    claims.push(finding('call.node', false, `a storage proof of node ${node.toHex()}`, (cause as Error).message));
    return { claims, node: null, channel: null, content: null, nonce: null };
  }
}

function codeClaim({ content, code }: CallReceipt, named: bigint, entry: ContentEntry | null): ProofClaim {
  const same = entry !== null && content === named && equalBytes(entry.sha256, code.sha256);
  return finding('call.code', same, entry === null ? 'a content of layer 1' : entry.sha256.toHex(), `content ${content}, ${code.sha256.toHex()}`);
}

function channelClaim({ caller }: CallReceipt, channel: ChannelRecord | null): ProofClaim {
  if (channel === null) return finding('call.channel', null, 'an open channel to this node', 'none in this state');
  return finding('call.channel', equalBytes(channel.depositor, caller), channel.depositor.toHex(), caller.toHex());
}

/** What is no evidence answers nothing; the appraisal says so. */
function nonceOf(evidence: Uint8Array): Uint8Array {
  try {
    return decodeEvidence(evidence).binding.nonce;
  } catch {
    return new Uint8Array(32);
  }
}

function report(claims: readonly ProofClaim[], result: AttestationResult | null, call: CallReceipt | null): CallReport {
  const failed = claims.some(({ outcome }) => outcome === 'failed');
  const open = claims.some((claim) => claim.outcome === 'cannotTell' && mustBeDecided(claim));
  const verdict = failed ? 'fails' : open ? 'cannotTell' : 'holds';
  const exitCode = ({ holds: 0, fails: 1, cannotTell: 2 } as const)[verdict];
  const trustClass = result?.trustClass ?? 'simulated';
  return {
    verdict,
    exitCode,
    claims,
    limits: limitsOf(claims, trustClass, call),
    trustClass,
    receipt: null,
    errand: null,
    result,
    call: failed ? null : call,
  };
}

function limitsOf(claims: readonly ProofClaim[], trustClass: TrustClass, call: CallReceipt | null): string[] {
  const open = new Set(claims.filter(({ outcome }) => outcome === 'cannotTell').map(({ id }) => id));
  return [
    open.has('chain.genesis') && 'Which network this is: any genesis hash can stand in a file. Pin yours.',
    open.has('chain.block') && 'Consensus: a header in a file proves nothing about what the network agreed on. Pin the hash of a finalised block.',
    open.has('referenceValues.pinned') && 'Whose program this is: the reference values come from the file. Pin the digest of a release you trust.',
    'That the certificate’s TPM holds the attestation key: credential activation is interactive and convinces only whoever performed it.',
    'What was sent and answered: the receipt names digests. Whoever shows you input and output, compare their SHA-256.',
    'Why this node: the caller chose it. Nothing was drawn.',
    'That it was paid: a call is covered by a voucher before it runs; layer 1 shows what was redeemed of the channel.',
    call?.entropic === true && 'That another run gives the same result: the program was deployed as entropic, and saw randomness of the machine.',
    'When it was judged: certificates were checked at the time the file states.',
    trustClass === 'simulated' && 'Anything against the owner of the machine: the TPM is simulated, and whoever runs it can forge all of this.',
    trustClass !== 'simulated' && trustClass !== 'tpm+memory-encryption' && 'That nobody read the memory: a TPM does not encrypt it.',
  ].filter((limit) => limit !== false);
}
