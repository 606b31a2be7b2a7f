import { appraise, verifyProof } from '@tea/attestation';
import { concatBytes, decodeCbor, decodeEventLog, decodeEvidence, decodeReply, encodeCbor, encodeEvidence } from '@tea/protocol';
import { decodeFileNode } from '@tea/protocol/ipfs';
import { decodeErrandRecord, decodeHeader, decodeTrieNode } from '@tea/protocol/layer1';
import { decodePcrSelection } from '@tea/protocol/tpm';
import * as v from 'valibot';
import { decodeCertificate } from '../../attestation/certificate.ts';
import { inputFor } from '../../attestation/testing/scenario.ts';
import { onAppraisal, onCall, type Attack, type AttackGroup } from './attack.ts';
import { honest, proof } from './victims.ts';

/** More processor time than any of these may take: a hang is an attack that worked. */
const MAX_MS = 1000;

function quickly(attack: Attack): Attack {
  return {
    ...attack,
    attempt: async () => {
      const before = process.cpuUsage();
      const refused = await attack.attempt();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000 > MAX_MS ? [] : refused;
    },
  };
}
const decoding = (id: string, title: string, decode: () => unknown) => quickly(onCall(id, title, 'badMessage', decode));
const deep = (bytes: number) => new Uint8Array(bytes).fill(0x81);
const evidence = encodeEvidence(honest.evidence);
const asProof = (id: string, title: string, bytes: Uint8Array): Attack =>
  quickly({
    id,
    title,
    claims: ['file.format'],
    attempt: async () => (await verifyProof(bytes)).claims.filter(({ outcome }) => outcome === 'failed').map((claim) => claim.id),
  });

export const onLimits: AttackGroup = {
  id: 'limits',
  on: 'the decoders, by size, depth and count',
  wouldGain: 'one message stops a verifier, a TEE or a chain node',
  attacks: [
    decoding('evidence-too-large', 'sends two megabytes of evidence', () => decodeEvidence(new Uint8Array(2 << 20))),
    decoding('evidence-too-deep', 'nests arrays a million deep', () => decodeEvidence(deep(1 << 20))),
    decoding('evidence-truncated', 'cuts evidence short', () => decodeEvidence(evidence.subarray(0, -1))),
    decoding('evidence-extended', 'adds a byte to evidence', () => decodeEvidence(Uint8Array.from([...evidence, 0]))),
    decoding('cbor-length', 'announces 2⁶³ bytes', () => decodeCbor(Uint8Array.of(0x5b, 0x80, 0, 0, 0, 0, 0, 0, 0), v.unknown(), 'message')),
    decoding('cbor-count', 'announces 2³² entries', () => decodeCbor(Uint8Array.of(0x9a, 0xff, 0xff, 0xff, 0xff), v.unknown(), 'message')),
    decoding('cbor-indefinite', 'sends an array without an end', () => decodeCbor(Uint8Array.of(0x9f, 0, 0xff), v.unknown(), 'message')),
    ...(
      [
        ['cbor-float', 'sends a number as a fraction', 'fb3ff0000000000000'],
        ['cbor-tag', 'puts a tag around a value', 'c001'],
        ['cbor-undefined', 'sends undefined', 'f7'],
        ['cbor-simple', 'spells true in two bytes', 'f815'],
        ['cbor-unordered', 'sends members in another order', 'a2616201616101'],
        ['cbor-key', 'sends a member under a number', 'a10101'],
        ['cbor-text', 'sends text that is no UTF-8', '61ff'],
        ['cbor-surrogate', 'sends half of a surrogate pair as text', '63eda080'],
        ['cbor-indefinite-text', 'sends text in pieces', '7f6161ff'],
        ['cbor-two', 'sends a second item behind the first', '0101'],
      ] as const
    ).map(([id, title, bytes]) => decoding(id, title, () => decodeCbor(Uint8Array.fromHex(bytes), v.unknown(), 'message'))),
    decoding('cbor-duplicate', 'sends a member twice', () => decodeCbor(Uint8Array.fromHex('a2616101616102'), v.unknown(), 'message')),
    decoding('cbor-longer-form', 'spells a number in a longer form', () => decodeCbor(Uint8Array.of(0x18, 1), v.unknown(), 'message')),
    decoding('der-longer-form', 'spells a length of a certificate in a longer form', () => decodeCertificate(Uint8Array.fromHex('308300000500'))),
    decoding('der-indefinite', 'sends a certificate without an end', () => decodeCertificate(Uint8Array.fromHex('3080308000000000'))),
    decoding('der-length', 'says a certificate is 16 MiB long', () => decodeCertificate(Uint8Array.fromHex('3083ffffff30'))),
    decoding('der-trailing', 'puts bytes behind a certificate', () => decodeCertificate(concatBytes(honest.maker.root, Uint8Array.of(0)))),
    decoding('cbor-prototype', 'sends a member called __proto__', () =>
      decodeCbor(Uint8Array.fromHex('a1695f5f70726f746f5f5fa16561646d696ef5'), v.strictObject({}), 'message'),
    ),
    decoding('reply-too-deep', 'nests a reply’s value', () =>
      decodeReply(
        Uint8Array.from([0xa2, 0x62, 0x6f, 0x6b, 0xf5, 0x65, ...new TextEncoder().encode('value'), ...deep(100_000)]),
        v.unknown(),
        'value',
      ),
    ),
    decoding('log-too-long', 'sends a log of 5,000 events', () => decodeEventLog(longLog(5000))),
    decoding('pcr-selection-count', 'announces 2³² PCR banks', () => decodePcrSelection(Uint8Array.of(0xff, 0xff, 0xff, 0xff))),
    decoding('record-count', 'announces 2³⁰ parts in an errand record', () =>
      decodeErrandRecord(Uint8Array.from([...proof.errand.record.subarray(0, 45), 0xfe, 0xff, 0xff, 0xff])),
    ),
    decoding('header-count', 'announces a billion digest items in a block header', () =>
      decodeHeader(Uint8Array.from([...proof.chain.header.subarray(0, 97), 0xfe, 0xff, 0xff, 0xff])),
    ),
    decoding('trie-partial', 'announces a key of millions of nibbles', () => decodeTrieNode(new Uint8Array(1 << 16).fill(0xff).fill(0x7f, 0, 1))),
    decoding('file-empty-links', 'builds a file of empty stretches without end', () =>
      decodeFileNode(Uint8Array.from([0x0a, 0x06, 0x08, 0x02, 0x18, 0x00, 0x20, 0x00])),
    ),
    quickly(
      onAppraisal('appraisal-of-nothing', 'shows nothing at all', ['evidence.decodes'], () => ({ ...inputFor(honest), evidence: new Uint8Array() })),
    ),
    quickly({
      id: 'log-shouts',
      title: 'writes escape codes and a hundred thousand characters into its log, for the reader’s screen',
      claims: ['short, printable words'],
      attempt: async () => {
        const [first, second] = honest.log;
        if (first === undefined || second === undefined) return [];
        const { result } = await appraise({ ...inputFor(honest), evidence: shouting() });
        return result.claims.every(({ expected, actual }) => !/[\p{Cc}\p{Cf}]/u.test(expected + actual) && actual.length < 3000)
          ? ['short, printable words']
          : [];
      },
    }),
    asProof('proof-too-large', 'sends nine megabytes of proof', new Uint8Array(9 << 20)),
    asProof('proof-too-deep', 'nests a proof file a hundred thousand deep', new TextEncoder().encode('['.repeat(100_000) + ']'.repeat(100_000))),
  ],
};

function longLog(events: number): Uint8Array {
  const record = { recnum: 0, pcr: 12, digests: [{ hashAlg: 'sha256', digest: new Uint8Array(32) }], content_type: 'x', content: {} };
  return encodeCbor(Array.from({ length: events }, () => record));
}

function shouting(): Uint8Array {
  const version = `\u001b[2J\u202e\n✔ all is well${'x'.repeat(100_000)}`;
  const content = { sha256: new Uint8Array(32), version };
  const record = { recnum: 0, pcr: 12, digests: [{ hashAlg: 'sha256', digest: new Uint8Array(32) }], content_type: 'tea.bundle', content };
  return encodeEvidence({ ...honest.evidence, eventLog: encodeCbor([record]) });
}
