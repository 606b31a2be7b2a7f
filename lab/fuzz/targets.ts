import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import {
  challengeRequest,
  concatBytes,
  decodeCbor,
  decodeCoseSign1,
  decodeEventLog,
  decodeEvidence,
  decodeGuestOutput,
  decodePolicy,
  decodeProofFile,
  decodeReceipt,
  decodeReferenceValues,
  decodeReply,
  decodeResultPackage,
  decodeSealedRelease,
  encodeCbor,
  encodeErrorReply,
  encodeEventLog,
  encodeEvidence,
  encodeGuestOutput,
  encodePolicy,
  encodeProofFile,
  encodeReceipt,
  encodeReferenceValues,
  encodeReply,
  encodeResultPackage,
  nodeInfo,
  recordEvent,
  sha256,
  TeaError,
  type EventRecord,
  type TeaEvent,
} from '@tea/protocol';
import { addRequest, blockRequest, decodeCid, decodeFileNode, decodeFrame, encodeFrame, importFile } from '@tea/protocol/ipfs';
import { decodeErrandRecord, decodeHeader, decodeTrieNode, encodeTrieNode, verifyReadProof } from '@tea/protocol/layer1';
import { formatContentKey, generateContentKey, keyFits, openBytes, parseContentKey, sealBytes } from '@tea/protocol/sealed';
import { decodeAttest, decodePcrSelection, decodePublicArea, decodeSignature, encodePcrSelection } from '@tea/protocol/tpm';
import { appraise, verifyProof } from '@tea/attestation';
import { describeTcgEvent } from '../../attestation/boot-log/describe-tcg-event.ts';
import { decodeImaLog } from '../../attestation/boot-log/ima-log.ts';
import { replayTcgLog } from '../../attestation/boot-log/replay-tcg-log.ts';
import { decodeTcgLog } from '../../attestation/boot-log/tcg-log.ts';
import { decodeCertificate } from '../../attestation/certificate.ts';
import { issueRevocationList } from '../../attestation/testing/certificates.ts';
import { provenErrand } from '../../attestation/testing/proven-errand.ts';
import { honestNode, inputFor } from '../../attestation/testing/scenario.ts';
import { TPM_COMMANDS } from '../../tee/tpm/commands/table.ts';
import { decodeResponse } from '../../tee/tpm/frame.ts';
import { decodeExecution, encodeExecution } from '../../tee/wasm/execution-frame.ts';
import { instrument } from '../../tee/wasm/instrument.ts';
import { echo, nosy, polite } from '../test-guests.ts';
import { callTargets } from './call-targets.ts';
import { layer1Targets } from './layer1-targets.ts';
import { WEB_TARGETS } from './web-targets.ts';
import type { FuzzTarget } from './target.ts';

/** Every decoder of bytes that come from somebody else, and the two verifiers above them. */
const honest = await honestNode();
const { receipt, proof } = await provenErrand(honest);
const { evidence } = honest;
const { header, storageProof, key: storageKey } = proof.chain;
const { stateRoot } = decodeHeader(header);
const trieNode = storageProof[0] ?? new Uint8Array();
const payload = encodeReceipt(receipt);
const pair = { enc: new Uint8Array(65), ciphertext: new Uint8Array(48) };
const contentKey = generateContentKey();
const sealed = await sealBytes(new Uint8Array(100), contentKey);
const { cid, fileNode } = await smallFile();
const text = new TextEncoder();
const bootLog = (name: string) => new Uint8Array(readFileSync(new URL(`../../attestation/boot-log/testing/logs/${name}.bin`, import.meta.url)));
const revocationList = await issueRevocationList({ issuer: 'Synthetic TPM Issuing', signer: honest.maker.intermediateKey.privateKey });
const commands = [...TPM_COMMANDS.values()];

const message = (name: string, seed: Uint8Array, decode: FuzzTarget['decode'], grow?: FuzzTarget['grow']): FuzzTarget => ({
  name,
  seeds: [seed],
  form: 'cbor',
  decode,
  codes: ['badMessage'],
  share: 1,
  ...(grow && { grow }),
});
const structure = (name: string, seeds: FuzzTarget['seeds'], decode: FuzzTarget['decode'], grow?: FuzzTarget['grow']): FuzzTarget => ({
  name,
  seeds,
  form: 'bytes',
  decode,
  codes: ['badMessage'],
  share: 1,
  ...(grow && { grow }),
});

export const TARGETS: readonly FuzzTarget[] = [
  message('evidence', encodeEvidence(evidence), decodeEvidence, (size) =>
    encodeEvidence({ ...evidence, eventLog: new Uint8Array(Math.min(size, 1 << 19)) }),
  ),
  message('event log', evidence.eventLog, decodeEventLog, (size) => encodeEventLog(longLog(Math.min(4096, size >> 8)))),
  message('reference values', encodeReferenceValues(honest.referenceValues), decodeReferenceValues),
  message('appraisal policy', encodePolicy(honest.pinnedPolicy), decodePolicy),
  message('sealed release', proof.releases[0] ?? new Uint8Array(), decodeSealedRelease),
  message('receipt', payload, decodeReceipt),
  message('result package', encodeResultPackage({ v: 1, receipt: proof.receipt, sealedKey: pair }), decodeResultPackage),
  message(
    'guest output',
    encodeGuestOutput({ v: 1, stdout: text.encode('x'), stderr: new Uint8Array(), files: new Map([['a', new Uint8Array(3)]]) }),
    decodeGuestOutput,
    (size) =>
      encodeGuestOutput({
        v: 1,
        stdout: new Uint8Array(),
        stderr: new Uint8Array(),
        files: new Map(Array.from({ length: size >> 3 }, (_, at) => [`f${at}`, new Uint8Array(1)])),
      }),
  ),
  message('reply of a node', encodeReply({ node: sha256(), account: sha256(), evidenceCid: 'bafk', consent: null }), (bytes) =>
    decodeReply(bytes, nodeInfo, 'node info'),
  ),
  message('reply of any value', encodeReply({ list: [1, [2, [3]]] }), (bytes) => decodeReply(bytes, v.unknown(), 'value')),
  {
    ...message('reply that failed', encodeErrorReply(new TeaError('limit', 'Too much'), 'c'), (bytes) => decodeReply(bytes, nodeInfo, 'node info')),
    codes: ['badMessage', 'limit'],
  },
  message('credential challenge', encodeCbor({ credentialBlob: new Uint8Array(70), encryptedSecret: new Uint8Array(256) }), (bytes) =>
    decodeCbor(bytes, challengeRequest, 'challenge'),
  ),
  message('content request', encodeCbor({ cid: cid.bytes, offset: 0 }), (bytes) => decodeCbor(bytes, blockRequest, 'request')),
  message('upload request', encodeCbor({ op: 'commit', upload: new Uint8Array(16), cid: cid.bytes }), (bytes) =>
    decodeCbor(bytes, addRequest, 'request'),
  ),
  structure('signed receipt', [proof.receipt.cose], (bytes) => decodeReceipt(decodeCoseSign1(bytes).payload)),
  structure('content frame', [encodeFrame(encodeCbor({ cid: cid.bytes, offset: 0 }), new Uint8Array(20))], decodeFrame),
  structure('content id', [cid.bytes], decodeCid),
  structure('file node', [fileNode], decodeFileNode, (size) => new Uint8Array(size).map((_, at) => fileNode[at % fileNode.length] ?? 0)),
  structure('TPMS_ATTEST', [evidence.quote.attest, evidence.sealing.attest], decodeAttest),
  structure('TPMT_PUBLIC', [evidence.akPublic, evidence.sealing.public], decodePublicArea),
  structure('TPMT_SIGNATURE', [evidence.quote.signature], decodeSignature),
  structure('TPML_PCR_SELECTION', [encodePcrSelection([{ hash: 'sha256', pcrs: [0, 9, 12] }])], decodePcrSelection),
  {
    ...structure(
      'response to a TPM command',
      [responseTo('TPM2_GetRandom', sized(32)), responseTo('TPM2_ReadPublic', readPublic()), responseTo('TPM2_Quote', quoted())],
      decodeAnyResponse,
    ),
    codes: ['badMessage', 'tpm'],
  },
  { ...structure('certificate', [evidence.ekCertificates[0] ?? new Uint8Array(), honest.maker.root], decodeCertificate), share: 4 },
  { ...structure('firmware event log', [bootLog('bootorder'), bootLog('debian-10')], readBootLog), share: 16 },
  structure('kernel measurement list', [imaLog()], decodeImaLog),
  {
    ...structure('revocation list', [revocationList], (bytes) => appraise({ ...inputFor(honest), revocationLists: [bytes] })),
    codes: [],
    share: 64,
  },
  structure('block header', [header], decodeHeader, (size) =>
    Uint8Array.from([...header.subarray(0, 97), ...compact(size), ...new Uint8Array(size).fill(8)]),
  ),
  structure('trie node', [trieNode, branchNode()], decodeTrieNode),
  {
    ...structure('read proof', [trieNode, storageProof[1] ?? new Uint8Array()], (bytes) =>
      verifyReadProof({ stateRoot, proof: [bytes, storageProof[1] ?? bytes], key: storageKey }),
    ),
    codes: ['corrupt'],
  },
  structure('errand record', [proof.errand.record], decodeErrandRecord),
  {
    ...structure('sealed content header', [sealed.subarray(0, 76)], (bytes) => keyFits(bytes, contentKey)),
    codes: ['badMessage', 'corrupt'],
    share: 8,
  },
  { ...structure('sealed content', [sealed], (bytes) => openBytes(bytes, contentKey)), codes: ['badMessage', 'corrupt', 'wrongKey'], share: 16 },
  {
    ...structure('printed content key', [text.encode(formatContentKey(contentKey))], (bytes) => parseContentKey(new TextDecoder().decode(bytes))),
    codes: ['badInput'],
  },
  {
    ...structure('what a sandbox answers', [execution()], (bytes) => plainErrors(() => decodeExecution(bytes, { gas: 1000n, outputBytes: 1 << 16 }))),
    codes: [],
  },
  { ...structure('WebAssembly module', [polite, echo, nosy], (bytes) => instrument(bytes, 1 << 24)), codes: [], share: 2 },
  { ...structure('proof file', [encodeProofFile(proof)], decodeProofFile), form: 'proof', share: 16 },
  {
    ...structure('appraisal', [encodeEvidence(evidence)], (bytes) => appraise({ ...inputFor(honest), evidence: bytes })),
    form: 'cbor',
    codes: [],
    share: 64,
  },
  { ...structure('verified proof', [encodeProofFile(proof)], (bytes) => verifyProof(bytes)), form: 'proof', codes: [], share: 64 },
  ...WEB_TARGETS,
  ...callTargets(honest, proof),
  ...layer1Targets(honest.pinnedPolicy),
];

function longLog(events: number): EventRecord[] {
  const log: EventRecord[] = [];
  const event: TeaEvent = { contentType: 'tea.bundle', content: { sha256: sha256(), version: '1' } };
  for (let count = 0; count < events; count++) log.push({ ...recordEvent([], 12, event), recnum: count });
  return log;
}

async function smallFile(): Promise<{ cid: ReturnType<typeof decodeCid>; fileNode: Uint8Array }> {
  const blocks: Uint8Array[] = [];
  const { root } = await importFile(
    (async function* () {
      yield new Uint8Array(25).fill(7);
    })(),
    async (_cid, block) => void blocks.push(block),
    undefined,
    { chunkBytes: 10, maxLinks: 8 },
  );
  return { cid: root, fileNode: blocks.at(-1) ?? new Uint8Array() };
}

/** Which command was asked, in one byte, then a response without sessions (Part 1, 18.9). */
function responseTo(name: string, parameters: Uint8Array): Uint8Array {
  const asked = commands.findIndex((command) => command.name === name);
  return concatBytes(Uint8Array.of(asked, 0x80, 1, 0, 0, 0, 0, 0, 0, 0, 0), parameters);
}

/** A response of another size than it says is refused at once; this one always says its size. */
function decodeAnyResponse(bytes: Uint8Array): unknown {
  const [asked = 0] = bytes;
  const command = commands[asked % commands.length];
  const response = bytes.slice(1);
  if (command === undefined || response.length < 10) return undefined;
  new DataView(response.buffer).setUint32(2, response.length);
  return decodeResponse(command, response, []);
}

function sized(...lengths: readonly number[]): Uint8Array {
  return concatBytes(...lengths.map((length) => sizedBytes(new Uint8Array(length))));
}

function sizedBytes(bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(bytes.length >> 8, bytes.length & 0xff), bytes);
}

function readPublic(): Uint8Array {
  return concatBytes(sizedBytes(evidence.akPublic), sized(34, 34));
}

function quoted(): Uint8Array {
  return concatBytes(sizedBytes(evidence.quote.attest), evidence.quote.signature);
}

/** All that is made of such a log before anybody compares it with a quote. */
function readBootLog(bytes: Uint8Array): void {
  const log = decodeTcgLog(bytes);
  for (const event of log.events) describeTcgEvent(event);
  for (const bank of log.algorithms) if (bank === 'sha1' || bank === 'sha256') replayTcgLog(log, bank);
}

/** Two entries of template ima-ng: PCR, template digest, name, data (Linux: security/integrity/ima). */
function imaLog(): Uint8Array {
  const u32 = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);
  const field = (bytes: Uint8Array) => concatBytes(u32(bytes.length), bytes);
  const data = concatBytes(field(concatBytes(text.encode('sha256:\0'), sha256())), field(text.encode('/usr/bin/node\0')));
  const entry = concatBytes(u32(10), new Uint8Array(20), field(text.encode('ima-ng')), field(data));
  return concatBytes(entry, entry);
}

function branchNode(): Uint8Array {
  const children = Array.from({ length: 16 }, (_, index) => (index % 3 === 0 ? sha256(Uint8Array.of(index)) : null));
  return encodeTrieNode({ kind: 'branch', partial: Uint8Array.of(1, 2, 3), value: { kind: 'inline', bytes: new Uint8Array(5) }, children });
}

function execution(): Uint8Array {
  const parts = encodeExecution({
    outcome: 'ok',
    explanation: '',
    exitCode: 0,
    gasUsed: 5n,
    meterVersion: '1',
    stdout: new Uint8Array(3),
    stderr: new Uint8Array(),
    instrumentedSha256: sha256(),
    out: new Map([['a/b', new Uint8Array(4)]]),
  });
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** `decodeExecution` says a frame is malformed by an Error of any kind, and its one caller takes it so. */
function plainErrors(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Error) || error instanceof RangeError) throw error;
  }
}

function compact(value: number): number[] {
  return [(value << 2) | 2, value >> 6, value >> 14, value >> 22].map((byte) => byte & 0xff);
}
