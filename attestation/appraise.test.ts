import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bindingDigest, encodeEventLog, encodeEvidence, recordEvent, sha256, type Evidence, type TeaEvent } from '@tea/protocol';
import { encodePublicArea, decodePublicArea, nameOf, type PcrSelection } from '@tea/protocol/tpm';
import { activationTranscript, appraise, strictPolicy, type Activation } from './index.ts';
import type { AppraisalInput } from './appraisal.ts';
import { expectedPcrs, sealingAuthPolicy } from './expected-state.ts';
import { evidenceOf, measuredTpm, nodeOf, policyOver, withAttestationKey, withMeasured, withSealingKey } from './testing/attacker.ts';
import { activationOf, EVENTS, honestNode, inputFor, requote } from './testing/scenario.ts';
import { AK_ATTRIBUTES, SEALING_ATTRIBUTES, sealingPublic } from './testing/synthetic-tpm.ts';

const honest = await honestNode();
const other = await honestNode();
const foreignEvent: TeaEvent = { contentType: 'tea.bundle', content: { sha256: sha256(Uint8Array.of(66)), version: '0.1.0' } };

/** Each attack changes one thing about an honest node; `claims` are exactly those that must fail. */
type Attack = { readonly name: string; readonly claims: readonly string[]; readonly make: () => Promise<AppraisalInput> | AppraisalInput };

const having = (change: Partial<Evidence>, input: Partial<AppraisalInput> = {}) => inputFor(honest, change, input);
const bytes = (evidence: Evidence) => evidenceOf(honest, evidence);
const quoteOf = (selection: PcrSelection) => honest.tpm.quote(bindingDigest(honest.evidence.binding), selection);
const goodPolicy = sealingAuthPolicy(expectedPcrs(honest.referenceValues));
const [first, second] = honest.log;
assert.ok(first && second);

const attacks: readonly Attack[] = [
  {
    name: 'a quote whose nonce is another errand’s',
    claims: ['binding.nonce'],
    make: async () => bytes(await requote(honest, { nonce: sha256(Uint8Array.of(99)) })),
  },
  {
    name: 'an old quote under a binding rewritten to the fresh nonce',
    claims: ['quote.binding'],
    make: async () => having({ quote: (await requote(honest, { nonce: sha256(Uint8Array.of(99)) })).quote }),
  },
  {
    name: 'evidence made for joining, for an errand',
    claims: ['binding.purpose', 'binding.errand'],
    make: async () => bytes(await requote(honest, { purpose: 'join', errand: null })),
  },
  { name: 'evidence for another errand', claims: ['binding.errand'], make: async () => bytes(await requote(honest, { errand: 8n })) },
  {
    name: 'evidence for another chain',
    claims: ['binding.chain'],
    make: async () => bytes(await requote(honest, { chain: sha256(Uint8Array.of(98)) })),
  },
  {
    name: 'another account than layer 1 knows',
    claims: ['binding.account'],
    make: async () => bytes(await requote(honest, { account: sha256(Uint8Array.of(97)) })),
  },
  {
    name: 'a receipt key swapped after the quote',
    claims: ['quote.binding'],
    make: () => having({ binding: { ...honest.evidence.binding, receiptKey: other.evidence.binding.receiptKey } }),
  },
  { name: 'an attestation key without its EK', claims: ['ak.activation'], make: () => having({}, { activation: { kind: 'missing' } }) },
  {
    name: 'an attestation key in another TPM than the certificate’s',
    claims: ['ak.activation'],
    make: async () => {
      const ekCertificates = other.evidence.ekCertificates;
      return having({ ekCertificates }, { activation: await activationOf(honest.tpm, ekCertificates[0] ?? new Uint8Array()) });
    },
  },
  {
    name: 'an activation performed for another certificate',
    claims: ['ak.activation'],
    make: () => having({ ekCertificates: other.evidence.ekCertificates }),
  },
  {
    name: 'an activation performed for another attestation key',
    claims: ['ak.activation'],
    make: () => ({ ...inputFor(honest), activation: other.activation }),
  },
  {
    name: 'an empty answer to the credential challenge',
    claims: ['ak.activation'],
    make: () => {
      assert.equal(honest.activation.kind, 'performed');
      return { ...inputFor(honest), activation: { ...honest.activation, answer: new Uint8Array() } as AppraisalInput['activation'] };
    },
  },
  {
    name: 'another node than the selected one',
    claims: ['ak.node'],
    make: () => ({
      ...inputFor(other, {}, { referenceValues: honest.referenceValues }),
      expected: { ...other.expected, node: honest.tpm.akName.slice(2) },
    }),
  },
  ...(['restricted', 'sign', 'fixedTPM', 'fixedParent', 'sensitiveDataOrigin'] as const).map((attribute): Attack => ({
    name: `an attestation key with ${attribute} clear`,
    claims: ['ak.attributes'],
    make: async () => withAttestationKey(honest, { ...AK_ATTRIBUTES, [attribute]: false }),
  })),
  {
    name: 'an attestation key that also decrypts',
    claims: ['ak.attributes'],
    make: async () => withAttestationKey(honest, { ...AK_ATTRIBUTES, decrypt: true }),
  },
  {
    name: 'a sealing key without a policy',
    claims: ['sealing.policy'],
    make: async () => withSealingKey(honest, await sealingPublic(new Uint8Array())),
  },
  {
    name: 'a sealing key bound to another program',
    claims: ['sealing.policy'],
    make: async () => withSealingKey(honest, await sealingPublic(sealingAuthPolicy(expectedPcrs(honest.referenceValues, [first.digest, sha256()])))),
  },
  {
    name: 'a sealing key bound to fewer PCRs',
    claims: ['sealing.policy'],
    make: async () => withSealingKey(honest, await sealingPublic(policyOver(honest, [{ hash: 'sha256', pcrs: [0, 1, 2, 3, 4, 5, 6, 7] }]))),
  },
  {
    name: 'a sealing key bound to another bank',
    claims: ['sealing.policy'],
    make: async () => withSealingKey(honest, await sealingPublic(policyOver(honest, [{ hash: 'sha1', pcrs: [0, 1, 2, 3, 4, 5, 6, 7, 9, 12] }]))),
  },
  {
    name: 'a sealing key that a password opens (userWithAuth)',
    claims: ['sealing.attributes'],
    make: async () => withSealingKey(honest, await sealingPublic(goodPolicy, { ...SEALING_ATTRIBUTES, userWithAuth: true })),
  },
  ...(['fixedTPM', 'fixedParent', 'sensitiveDataOrigin', 'decrypt'] as const).map((attribute): Attack => ({
    name: `an exportable or foreign sealing key (${attribute} clear)`,
    claims: ['sealing.attributes'],
    make: async () => withSealingKey(honest, await sealingPublic(goodPolicy, { ...SEALING_ATTRIBUTES, [attribute]: false })),
  })),
  {
    name: 'a sealing key certified by another TPM',
    claims: ['sealing.certified'],
    make: async () => withSealingKey(honest, await sealingPublic(goodPolicy), other.tpm),
  },
  {
    name: 'a certification of another key than the one shown',
    claims: ['sealing.certified'],
    make: async () => {
      const shown = await sealingPublic(goodPolicy);
      return bytes({ ...(await requote(honest, { sealingKeyName: nameOf(shown) })), sealing: { ...honest.evidence.sealing, public: shown } });
    },
  },
  {
    name: 'another sealing key than the one the quote is bound to',
    claims: ['binding.sealingKey'],
    make: async () => {
      const publicArea = await sealingPublic(goodPolicy);
      return having({ sealing: { public: publicArea, ...(await honest.tpm.certify(publicArea)) } });
    },
  },
  {
    name: 'a quote in place of the certification',
    claims: ['sealing.certified'],
    make: () =>
      having({
        sealing: { public: honest.evidence.sealing.public, attest: honest.evidence.quote.attest, signature: honest.evidence.quote.signature },
      }),
  },
  {
    name: 'swapped signatures',
    claims: ['quote.signature', 'sealing.certified'],
    make: () => {
      const { quote, sealing } = honest.evidence;
      return having({ quote: { ...quote, signature: sealing.signature }, sealing: { ...sealing, signature: quote.signature } });
    },
  },
  {
    name: 'a quote of another TPM',
    claims: ['quote.signature'],
    make: async () => having({ quote: await other.tpm.quote(bindingDigest(honest.evidence.binding)) }),
  },
  {
    name: 'a structure without TPM_GENERATED, signed by an unrestricted key',
    claims: ['evidence.decodes', 'quote.*', 'binding.nonce', 'binding.purpose', 'binding.chain', 'binding.errand', 'binding.account'],
    make: async () => {
      const attest = honest.evidence.quote.attest.slice();
      attest[0] = 0;
      return having({ quote: { ...honest.evidence.quote, attest, signature: await honest.tpm.sign(attest) } });
    },
  },
  {
    name: 'a quote over fewer PCRs',
    claims: ['quote.pcrSelection'],
    make: async () => having({ quote: await quoteOf([{ hash: 'sha256', pcrs: [0, 1, 2, 3, 4, 5, 6, 7, 12] }]) }),
  },
  {
    name: 'a quote over one PCR more',
    claims: ['quote.pcrSelection'],
    make: async () => having({ quote: await quoteOf([{ hash: 'sha256', pcrs: [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 12] }]) }),
  },
  {
    name: 'a quote over another bank',
    claims: ['quote.pcrSelection'],
    make: async () => having({ quote: await quoteOf([{ hash: 'sha384', pcrs: [0, 1, 2, 3, 4, 5, 6, 7, 9, 12] }]) }),
  },
  {
    name: 'a quote over two banks',
    claims: ['quote.pcrSelection'],
    make: async () => {
      const bank = [0, 1, 2, 3, 4, 5, 6, 7, 9, 12];
      return having({
        quote: await quoteOf([
          { hash: 'sha256', pcrs: bank },
          { hash: 'sha1', pcrs: bank },
        ]),
      });
    },
  },
  {
    name: 'PCR values other than the quoted ones',
    claims: ['quote.pcrDigest', 'log.replay', 'pcr.unused'],
    make: () =>
      having({
        quote: { ...honest.evidence.quote, pcrs: honest.evidence.quote.pcrs.map((pcr) => (pcr.index === 4 ? { index: 4, digest: sha256() } : pcr)) },
      }),
  },
  {
    name: 'PCR values under other numbers',
    claims: ['quote.pcrSelection', 'pcr.unused', 'log.replay'],
    make: () =>
      having({
        quote: { ...honest.evidence.quote, pcrs: honest.evidence.quote.pcrs.map((pcr) => (pcr.index === 12 ? { ...pcr, index: 11 } : pcr)) },
      }),
  },
  { name: 'a log with an event dropped', claims: ['log.replay', 'log.known'], make: () => having({ eventLog: encodeEventLog([first]) }) },
  { name: 'an empty log', claims: ['log.replay', 'log.known'], make: () => having({ eventLog: encodeEventLog([]) }) },
  {
    name: 'a log with an event doubled',
    claims: ['log.replay', 'log.known'],
    make: () => having({ eventLog: encodeEventLog([first, second, { ...second, recnum: 2 }]) }),
  },
  {
    name: 'a log in another order',
    claims: ['log.replay', 'log.known'],
    make: () =>
      having({
        eventLog: encodeEventLog([
          { ...second, recnum: 0 },
          { ...first, recnum: 1 },
        ]),
      }),
  },
  {
    name: 'a log whose record numbers have a gap',
    claims: ['log.replay'],
    make: () => having({ eventLog: encodeEventLog([first, { ...second, recnum: 5 }]) }),
  },
  {
    name: 'a log that shows other content than was measured',
    claims: ['log.digests'],
    make: () => having({ eventLog: encodeEventLog([first, { ...second, content: { ...second.content, version: '9.9.9' } }]) }),
  },
  {
    name: 'a log that shows another kind of event',
    claims: ['log.digests', 'log.known'],
    make: () => having({ eventLog: encodeEventLog([first, { ...second, contentType: 'tea.node-binary' }]) }),
  },
  { name: 'a program nobody knows', claims: ['log.known'], make: () => withMeasured(honest, [...EVENTS.slice(0, 1), foreignEvent]) },
  { name: 'an unknown event after the known ones', claims: ['log.known'], make: () => withMeasured(honest, [...EVENTS, foreignEvent]) },
  {
    name: 'a program nobody knows behind the log of a known one',
    claims: ['log.replay'],
    make: () => withMeasured(honest, [...EVENTS.slice(0, 1), foreignEvent], honest.evidence.eventLog),
  },
  { name: 'nothing measured', claims: ['log.known'], make: () => withMeasured(honest, []) },
  {
    name: 'an event in a PCR that process mode does not use',
    claims: ['log.known', 'pcr.unused'],
    make: async () => {
      const tpm = await measuredTpm(honest);
      const extra = { ...recordEvent(honest.log, 4, foreignEvent) };
      tpm.extend(4, extra.digest);
      return nodeOf({ ...honest, tpm }, { eventLog: encodeEventLog([...honest.log, extra]) });
    },
  },
  {
    name: 'an event in a PCR outside the quote',
    claims: ['log.replay', 'log.known'],
    make: () => having({ eventLog: encodeEventLog([...honest.log, recordEvent(honest.log, 10, foreignEvent)]) }),
  },
  {
    name: 'a simulated TPM under the strict policy',
    claims: ['policy.trustClass', 'referenceValues.provenance'],
    make: () => ({ ...inputFor(honest), policy: strictPolicy }),
  },
  {
    name: 'a key that only looks like a public area',
    claims: ['evidence.decodes', 'sealing.attributes', 'sealing.certified', 'sealing.policy', 'binding.sealingKey'],
    make: () => having({ sealing: { ...honest.evidence.sealing, public: honest.evidence.sealing.public.slice(0, -1) } }),
  },
  {
    name: 'a sealing key on another curve',
    claims: ['sealing.attributes'],
    make: () => {
      const { verified: _, bytes: __, ...area } = decodePublicArea(honest.evidence.sealing.public);
      assert.ok(area.type === 'ecc');
      return withSealingKey(honest, encodePublicArea({ ...area, parameters: { ...area.parameters, curve: 'p384' } }));
    },
  },
];

for (const { name, claims, make } of attacks) {
  test(`refuses ${name}`, async () => {
    const { result, node } = await appraise(await make());
    const failed = result.claims.filter(({ ok }) => ok === false);
    const matches = (id: string) => claims.some((claim) => (claim.endsWith('*') ? id.startsWith(claim.slice(0, -1)) : id === claim));
    assert.deepEqual(
      failed.map(({ id }) => id).filter((id) => !matches(id)),
      [],
      'no other claim fails',
    );
    assert.deepEqual(
      claims.filter((claim) => !claim.endsWith('*') && !failed.some(({ id }) => id === claim)),
      [],
      'each of these fails',
    );
    assert.equal(result.verdict, 'contraindicated');
    assert.equal(node, null);
    for (const { id, expected, actual, next } of failed)
      assert.ok(expected && actual && next, `${id} says what was expected, what came and what to do`);
  });
}

test('appraises an honest node of an unknown maker as simulated, and hands out its facts', async () => {
  const { result, node } = await appraise(inputFor(honest));
  assert.deepEqual(
    result.claims.filter(({ ok }) => ok === false),
    [],
  );
  assert.equal(result.verdict, 'affirming');
  assert.equal(result.trustClass, 'simulated');
  assert.deepEqual(node?.node, honest.tpm.akName.slice(2));
  assert.deepEqual(node?.receiptKey, honest.evidence.binding.receiptKey);
  assert.equal(node?.sealingKey.length, 65);
});

test('believes an activation that somebody else performed no further than a warning', async () => {
  assert.equal(honest.activation.kind, 'performed');
  const transcript = activationTranscript(honest.activation);
  const { result, node } = await appraise({ ...inputFor(honest), activation: { kind: 'recorded', transcript } });
  assert.equal(result.verdict, 'warning');
  assert.deepEqual(
    result.claims.filter(({ ok }) => ok === false).map(({ id }) => id),
    ['ak.activation'],
  );
  assert.ok(node);
});

test('lets a recorded activation of another key count for nothing', async () => {
  const transcript = activationTranscript(other.activation as Activation);
  const { result } = await appraise({ ...inputFor(honest), activation: { kind: 'recorded', transcript } });
  assert.equal(result.verdict, 'contraindicated');
});

test('shows what a hostile log says without letting it write to the terminal or fill it', async () => {
  const version = `\u001b[2J\u202e\n✔ all is well${'x'.repeat(100_000)}`;
  const { result } = await appraise(having({ eventLog: encodeEventLog([first, { ...second, content: { ...second.content, version } }]) }));
  for (const { expected, actual } of result.claims) {
    assert.doesNotMatch(expected + actual, /[\p{Cc}\p{Cf}]/u);
    assert.ok(actual.length < 3000);
  }
});

test('says none of what is no evidence at all', async () => {
  const nested = new Uint8Array(1 << 20).fill(0x81);
  for (const evidence of [new Uint8Array(), Uint8Array.of(0xa0), new Uint8Array(2 << 20), nested, encodeEvidence(honest.evidence).subarray(1)]) {
    const { result, node } = await appraise({ ...inputFor(honest), evidence });
    assert.equal(result.verdict, 'none');
    assert.equal(node, null);
  }
});
