import { blake2b } from '@noble/hashes/blake2.js';
import { verifyVotes } from '@tea/attestation';
import { encodeCbor, encodeVotesFile, parsePolicyDocument, writePolicyDocument, type AppraisalPolicy } from '@tea/protocol';
import {
  ACCEPTED_RELEASES,
  acceptanceStorageKey,
  decodeAcceptanceRecord,
  decodeAcceptedReleases,
  decodeAppraisalRecord,
  decodeAuraAuthorities,
  decodeChannelRecord,
  decodeContentEntry,
  decodeDrawRecord,
  decodeFinalityProof,
  decodeJustification,
  decodeNodeRecord,
  decodeVoucher,
  encodeExportBlock,
  encodeExportHead,
  encodeHeader,
  encodeTrieNode,
  encodeVoucher,
  hashHeader,
  type Header,
  listProven,
  readChainExport,
  toNibbles,
  verifyFinality,
} from '@tea/protocol/layer1';
import { answeredId, judgeRequest } from '../../host/layer1/gateway/request-frame.ts';
import { filled, STORED_RECORDS } from '../../protocol/layer1/testing/stored-records.ts';
import { chainOf, makeVoter, proofOf } from '../../protocol/layer1/testing/votes.ts';
import { structure, type FuzzTarget } from './target.ts';

/** What layer 1 stores, proves and exports, as decoders outside it read it, and what people send to the gateway. */
const text = new TextEncoder();

const { node, appraisal, content, channel, acceptance, draw, authorities: aura } = STORED_RECORDS;

const voters = await Promise.all([makeVoter(), makeVoter(), makeVoter()]);
const [first, second] = chainOf(2) as [Header, Header];
const finality = await proofOf({ target: second, votes: voters.map((by) => ({ by, on: second })), headers: [second] });
const authorities = voters.map(({ id }) => ({ id, weight: 1n }));

const head = encodeExportHead({ genesisHash: hashHeader({ ...first, number: 0 }), last: 0 });
const block = encodeExportBlock({
  number: 0,
  header: encodeHeader({ ...first, number: 0 }),
  extrinsics: [filled(1)],
  changes: [
    [filled(2), filled(3)],
    [filled(4), null],
  ],
});
/** A state of one accepted release: its root, a leaf, stands for whatever a host may show. */
const releasesRoot = encodeTrieNode({
  kind: 'leaf',
  partial: toNibbles(acceptanceStorageKey(filled(6))),
  value: { kind: 'hashed', hash: blake2b(acceptance, { dkLen: 32 }) },
});
const votes = encodeVotesFile({
  format: 'tea/votes/1',
  chain: { genesisHash: filled(1), header: encodeHeader(first), proof: [releasesRoot, acceptance] },
  appraisal: 1n,
  nonceBlock: 1,
  evidence: filled(2),
  referenceValues: filled(3),
  releases: [filled(4)],
  reasons: [filled(5), null],
});
const request = '{"jsonrpc":"2.0","id":"7","method":"chainHead_v1_follow","params":[true]}';

/** @param policy whose document is fuzzed */
export function layer1Targets(policy: AppraisalPolicy): FuzzTarget[] {
  return [
    structure('node record', node, decodeNodeRecord),
    structure('appraisal record', appraisal, decodeAppraisalRecord),
    structure('content entry', content, decodeContentEntry),
    structure('channel record', channel, decodeChannelRecord),
    structure('acceptance record', acceptance, decodeAcceptanceRecord),
    structure('accepted releases', releasesRoot, readReleases, { codes: ['badMessage', 'corrupt'] }),
    structure('file of votes', votes, (bytes) => verifyVotes(bytes), { codes: [], share: 16 }),
    structure('draw record', draw, decodeDrawRecord),
    structure('authorities', aura, decodeAuraAuthorities),
    structure('voucher', encodeVoucher({ chain: filled(1), channel: 2n, node: filled(3), amount: 4n, signature: filled(5, 64) }), decodeVoucher),
    structure('finality proof', finality, (bytes) => decodeJustification(decodeFinalityProof(bytes).justification)),
    structure('verified finality', finality, (bytes) => verifyFinality({ header: first, proof: bytes, authorities, setId: 0n }), {
      codes: ['badMessage', 'corrupt'],
      share: 16,
    }),
    structure('chain export', text.encode(`${head}\n${block}`), readExport, { codes: ['badMessage', 'corrupt'], share: 4 }),
    structure('request to the gateway', text.encode(request), readRequest, { codes: [] }),
    structure('policy document', text.encode(writePolicyDocument(policy)), parsePolicyDocument, { codes: ['badInput'], share: 4 }),
  ];
}

/** Whatever the root: what a client lists of a state is shown, missing, or refused. */
function readReleases(root: Uint8Array): void {
  const { entries } = listProven({ stateRoot: blake2b(root, { dkLen: 32 }), proof: [root, acceptance], prefix: ACCEPTED_RELEASES });
  decodeAcceptedReleases(entries);
}

async function readExport(bytes: Uint8Array): Promise<void> {
  const lines = new TextDecoder().decode(bytes).split('\n');
  const stream = async function* () {
    yield* lines;
  };
  for await (const read of readChainExport(stream())) encodeCbor([read.number]);
}

/** A request that is let through reaches the chain, whose answer begins like it. */
function readRequest(bytes: Uint8Array): void {
  const verdict = judgeRequest(bytes, 1 << 16, 'tea_session');
  if (verdict.ok) answeredId(verdict.frame);
}
