import { concatBytes, encodeCbor, parsePolicyDocument, writePolicyDocument, type AppraisalPolicy } from '@tea/protocol';
import {
  decodeAcceptanceRecord,
  decodeAppraisalRecord,
  decodeAuraAuthorities,
  decodeChannelRecord,
  decodeContentEntry,
  decodeDrawRecord,
  decodeFinalityProof,
  decodeJustification,
  decodeNodeRecord,
  decodeVoucher,
  encodeCompact,
  encodeExportBlock,
  encodeExportHead,
  encodeHeader,
  encodeU32,
  encodeU64,
  encodeVoucher,
  hashHeader,
  type Header,
  readChainExport,
  verifyFinality,
} from '@tea/protocol/layer1';
import { answeredId, judgeRequest } from '../../host/layer1/gateway/request-frame.ts';
import { chainOf, makeVoter, proofOf } from '../../protocol/layer1/testing/votes.ts';
import type { FuzzTarget } from './target.ts';

/** What layer 1 stores, proves and exports, as decoders outside it read it, and what people send to the gateway. */
const filled = (byte: number, length = 32): Uint8Array => new Uint8Array(length).fill(byte);
const u128 = (low: bigint): Uint8Array => concatBytes(encodeU64(low), encodeU64(1n));
const small = (value: bigint): Uint8Array => concatBytes(encodeU64(value), encodeU64(0n));
const vector = (bytes: Uint8Array): Uint8Array => concatBytes(encodeCompact(bytes.length), bytes);
const text = new TextEncoder();

const node = concatBytes(
  ...[filled(1), filled(2), filled(3), Uint8Array.of(0), vector(filled(4, 36)), filled(5), u128(6n), u128(7n), Uint8Array.of(1, 1)],
  ...[Uint8Array.of(2), encodeU64(9n), encodeU32(11), encodeU32(12), encodeU32(14), encodeU32(13)],
  ...[encodeCompact(1), vector(filled(0x61, 3)), Uint8Array.of(1)],
);
const appraisal = concatBytes(
  ...[filled(1), filled(2), vector(filled(3, 36)), filled(4), Uint8Array.of(1), encodeU64(5n), encodeU32(6), Uint8Array.of(1), encodeU32(7)],
  ...[u128(8n), u128(9n), encodeCompact(2), filled(10), filled(11), Uint8Array.of(1, 0), filled(12), encodeU32(13)],
  ...[filled(14), filled(15), Uint8Array.of(0), Uint8Array.of(1, 1), Uint8Array.of(0)],
);
const content = concatBytes(
  ...[filled(1), Uint8Array.of(1), vector(filled(2, 36)), filled(3), encodeU64(4n), Uint8Array.of(1), u128(5n), encodeU32(6), Uint8Array.of(0)],
);
const channel = concatBytes(filled(1), filled(2), filled(3), small(9n), small(4n), encodeU32(70), Uint8Array.of(1));
const acceptance = concatBytes(
  ...[Uint8Array.of(1), encodeCompact(36), filled(4, 36), encodeU64(2n), encodeU32(5), encodeU32(6), Uint8Array.of(1), encodeU32(9)],
);
const draw = concatBytes(
  ...[Uint8Array.of(0), encodeU64(7n), encodeU32(1), encodeU32(5), Uint8Array.of(1), encodeU32(0), filled(6), encodeU32(6), encodeU32(9)],
  ...[u128(3n), encodeU32(12), encodeCompact(0), Uint8Array.of(0)],
);

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
const request = '{"jsonrpc":"2.0","id":"7","method":"chainHead_v1_follow","params":[true]}';

const structure = (name: string, seed: Uint8Array, decode: FuzzTarget['decode'], change: Partial<FuzzTarget> = {}): FuzzTarget => ({
  name,
  seeds: [seed],
  form: 'bytes',
  decode,
  codes: ['badMessage'],
  share: 1,
  ...change,
});

/** @param policy whose document is fuzzed */
export function layer1Targets(policy: AppraisalPolicy): FuzzTarget[] {
  return [
    structure('node record', node, decodeNodeRecord),
    structure('appraisal record', appraisal, decodeAppraisalRecord),
    structure('content entry', content, decodeContentEntry),
    structure('channel record', channel, decodeChannelRecord),
    structure('acceptance record', acceptance, decodeAcceptanceRecord),
    structure('draw record', draw, decodeDrawRecord),
    structure('authorities', concatBytes(encodeCompact(2), filled(1), filled(2)), decodeAuraAuthorities),
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
