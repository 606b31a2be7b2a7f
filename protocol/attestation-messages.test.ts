import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  bindingDigest,
  canonicalJson,
  decodeCoseSign1,
  decodeEventLog,
  decodeMeasuredLog,
  decodeEvidence,
  decodePolicy,
  decodeProofFile,
  decodeReceipt,
  decodeReferenceValues,
  decodeSealedRelease,
  encodeBinding,
  encodeCbor,
  encodeEventLog,
  encodeEvidence,
  encodeReleaseInfo,
  encodeSealedRelease,
  eventDigest,
  fromBase64Url,
  isTeaError,
  misdigestedEvents,
  recordEvent,
  replay,
  sha256,
  toBase64Url,
  type CborValue,
  type Evidence,
  type EvidenceBinding,
  type SealedRelease,
} from './index.ts';

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
const bytes = (maxLength: number, minLength = 0) => fc.uint8Array({ minLength, maxLength });
const u64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn });

const binding: fc.Arbitrary<EvidenceBinding> = fc
  .record({
    chain: digest,
    errand: fc.option(u64),
    nonce: digest,
    sealingKeyName: bytes(34, 34),
    receiptKey: bytes(65, 65),
    account: digest,
  })
  .map((fields) => ({ domain: 'tea/evidence/1', purpose: fields.errand === null ? 'join' : 'errand', ...fields }));

const evidence: fc.Arbitrary<Evidence> = fc.record({
  v: fc.constant(1),
  ekCertificates: fc.array(bytes(200), { minLength: 1, maxLength: 3 }),
  akPublic: bytes(300),
  sealing: fc.record({ public: bytes(100), attest: bytes(200), signature: bytes(300) }),
  quote: fc.record({
    attest: bytes(200),
    signature: bytes(300),
    pcrs: fc.array(fc.record({ index: fc.integer({ min: 0, max: 23 }), digest }), { maxLength: 24 }),
  }),
  eventLog: bytes(400),
  binding,
});

const release: fc.Arbitrary<SealedRelease> = fc.record({
  domain: fc.constant('tea/release/1'),
  chain: digest,
  errand: u64,
  part: fc.constantFrom('code', 'input', 'data/0', 'data/12'),
  node: digest,
  evidence: digest,
  terms: digest,
  content: digest,
  expiresAtBlock: fc.nat(),
  enc: bytes(65, 65),
  ciphertext: bytes(48, 48),
});

const decoders = {
  decodeEvidence,
  decodeEventLog,
  decodeSealedRelease,
  decodeReceipt,
  decodeCoseSign1,
  decodeReferenceValues,
  decodePolicy,
  decodeProofFile,
};

for (const [name, decode] of Object.entries(decoders)) {
  test(`${name} answers hostile bytes with badMessage and nothing else`, () => {
    const hostile = fc.oneof(
      bytes(300),
      fc.jsonValue().map((value) => new TextEncoder().encode(JSON.stringify(value))),
      evidence.map(encodeEvidence),
      release.map(encodeSealedRelease),
    );
    fc.assert(
      fc.property(hostile, (input) => {
        try {
          decode(input);
        } catch (error) {
          assert.ok(isTeaError(error, 'badMessage'), String(error));
        }
      }),
      { numRuns: 500 },
    );
  });
}

test('refuses a purpose that contradicts the errand', () => {
  fc.assert(
    fc.property(evidence, (valid) => {
      const errand = valid.binding.errand === null ? 1n : null;
      assert.throws(() => decodeEvidence(encodeEvidence({ ...valid, binding: { ...valid.binding, errand } })), { code: 'badMessage' });
    }),
    { numRuns: 20 },
  );
});

test('refuses releases for parts that do not exist', () => {
  const [valid] = fc.sample(release, 1);
  assert.ok(valid);
  for (const part of ['', 'data', 'data/', 'data/01', 'data/-1', 'data/1/2', 'Code', 'result'] as SealedRelease['part'][]) {
    assert.throws(() => decodeSealedRelease(encodeSealedRelease({ ...valid, part })), { code: 'badMessage' }, part);
  }
});

test('evidence and releases survive the wire, and have one encoding', () => {
  fc.assert(
    fc.property(evidence, release, (someEvidence, someRelease) => {
      const wire = { evidence: encodeEvidence(someEvidence), release: encodeSealedRelease(someRelease) };
      assert.deepEqual(encodeEvidence(decodeEvidence(wire.evidence)), wire.evidence);
      assert.deepEqual(decodeEvidence(wire.evidence).binding.errand, someEvidence.binding.errand);
      assert.deepEqual(encodeSealedRelease(decodeSealedRelease(wire.release)), wire.release);
      assert.equal(decodeSealedRelease(wire.release).errand, someRelease.errand);
    }),
    { numRuns: 50 },
  );
});

test('the HPKE info of a release covers every field its owner looked at', () => {
  fc.assert(
    fc.property(release, release, (a, b) => {
      const { enc: _, ciphertext: __, ...info } = a;
      assert.notDeepEqual(encodeReleaseInfo(a), encodeReleaseInfo({ ...a, node: b.node }));
      assert.deepEqual(encodeReleaseInfo(a), encodeCbor(info));
    }),
  );
});

test('every field of a binding changes what the quote must carry', () => {
  fc.assert(
    fc.property(binding, binding, (a, b) => {
      for (const field of ['chain', 'nonce', 'sealingKeyName', 'receiptKey', 'account'] as const)
        assert.notDeepEqual(bindingDigest({ ...a, [field]: b[field] }), bindingDigest(a));
      assert.deepEqual(bindingDigest(a), sha256(encodeBinding(a)));
    }),
    { numRuns: 30 },
  );
});

test('a logged event is told apart by its kind, and a digest of other content is found', () => {
  const content = { sha256: sha256(), version: '1' };
  const record = recordEvent([], 12, { contentType: 'tea.bundle', content });
  assert.notDeepEqual(eventDigest('tea.bundle', content), eventDigest('tea.node-binary', content));
  assert.deepEqual(misdigestedEvents([record]), []);
  assert.deepEqual(misdigestedEvents([{ ...record, contentType: 'tea.node-binary' }]).length, 1);
  assert.deepEqual(decodeEventLog(encodeEventLog([record])), [record]);
});

test('finds the same records of other content in the bytes of a log as in what they decode to', () => {
  const scalar = fc.oneof(
    fc.string({ maxLength: 70 }),
    bytes(40),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.boolean(),
  );
  const record = fc.record({
    pcr: fc.nat(23),
    contentType: fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
    content: fc.dictionary(fc.string({ maxLength: 30 }), scalar, { maxKeys: 4, noNullPrototype: true }),
    honest: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 30 }), (records) => {
      const log = records
        .filter(({ content }) => !Object.hasOwn(content, '__proto__'))
        .map(({ honest, ...each }, recnum) => ({ ...each, recnum, digest: honest ? eventDigest(each.contentType, each.content) : sha256() }));
      assert.deepEqual(decodeMeasuredLog(encodeEventLog(log)), { events: log, misdigested: misdigestedEvents(log) });
    }),
    { numRuns: 300 },
  );
});

const LOG_RECORD = { pcr: 12, recnum: 0, content: {}, digests: [{ digest: sha256(), hashAlg: 'sha256' }], content_type: 'tea.bundle' } as const;
const noLogs: readonly { readonly name: string; readonly log: CborValue }[] = [
  { name: 'a map', log: {} },
  { name: 'a record with a field more', log: [{ ...LOG_RECORD, more: 1 }] },
  { name: 'a record without content', log: [{ pcr: 12, recnum: 0, digests: LOG_RECORD.digests, content_type: 'tea.bundle' }] },
  { name: 'PCR 24', log: [{ ...LOG_RECORD, pcr: 24 }] },
  { name: 'a PCR below 0', log: [{ ...LOG_RECORD, pcr: -1 }] },
  { name: 'two digests', log: [{ ...LOG_RECORD, digests: [...LOG_RECORD.digests, ...LOG_RECORD.digests] }] },
  { name: 'a digest of another algorithm', log: [{ ...LOG_RECORD, digests: [{ digest: sha256(), hashAlg: 'sha384' }] }] },
  { name: 'a short digest', log: [{ ...LOG_RECORD, digests: [{ digest: new Uint8Array(31), hashAlg: 'sha256' }] }] },
  { name: 'no content type', log: [{ ...LOG_RECORD, content_type: '' }] },
  { name: 'a content type of 65 characters', log: [{ ...LOG_RECORD, content_type: 'a'.repeat(65) }] },
  { name: 'content in content', log: [{ ...LOG_RECORD, content: { more: {} } }] },
  { name: 'a list as content', log: [{ ...LOG_RECORD, content: [] }] },
  { name: 'a name of 65 characters in content', log: [{ ...LOG_RECORD, content: { ['a'.repeat(65)]: 1 } }] },
];
for (const { name, log } of noLogs)
  test(`refuses a log with ${name}`, () => {
    assert.throws(() => decodeEventLog(encodeCbor(log)), { code: 'badMessage' });
    assert.equal(decodeEventLog(encodeCbor([LOG_RECORD])).length, 1);
  });

test('replays a log as a TPM extends', () => {
  const events = [1, 2, 3].map((byte) => ({ pcr: byte === 2 ? 9 : 12, digest: sha256(Uint8Array.of(byte)) }));
  const pcrs = replay(events);
  const zero = new Uint8Array(32);
  assert.deepEqual(pcrs.get(12), sha256(sha256(zero, sha256(Uint8Array.of(1))), sha256(Uint8Array.of(3))));
  assert.deepEqual(pcrs.get(9), sha256(zero, sha256(Uint8Array.of(2))));
  assert.equal(pcrs.size, 2);
});

test('base64url has one spelling for each byte string', () => {
  for (const bad of ['A', 'AA==', 'AB', 'A+', 'A/', 'AA\n', 'AAB']) assert.equal(fromBase64Url(bad), null, bad);
  fc.assert(fc.property(bytes(100), (value) => assert.deepEqual(fromBase64Url(toBase64Url(value)), value)));
});

test('canonical JSON sorts by UTF-16 code units and writes what JSON.parse reads back (RFC 8785)', () => {
  const text = new TextDecoder().decode(canonicalJson({ '\u20ac': 1, '\r': 2, '1': 3, '\ud83d\ude00': 4, '\u0080': 5, ö: 6, '\ufb33': 7 }));
  assert.deepEqual(Object.keys(JSON.parse(text) as object).length, 7);
  assert.equal(text, '{"\\r":2,"1":3,"\u0080":5,"ö":6,"€":1,"😀":4,"\ufb33":7}');
  assert.equal(
    new TextDecoder().decode(canonicalJson({ b: Uint8Array.of(0xff), a: [1n, null, true, 'x"'] })),
    '{"a":["1",null,true,"x\\""],"b":"_w"}',
  );
  assert.throws(() => canonicalJson(1.5), RangeError);
});
