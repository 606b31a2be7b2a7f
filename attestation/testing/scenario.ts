import {
  bindingDigest,
  encodeEventLog,
  encodeEvidence,
  PROCESS_MODE_PCR,
  recordEvent,
  sha256,
  type AppraisalPolicy,
  type EventRecord,
  type Evidence,
  type EvidenceBinding,
  type ReferenceValues,
  type TeaEvent,
} from '@tea/protocol';
import { nameOf } from '@tea/protocol/tpm';
import type { AppraisalInput, ExpectedEvidence } from '../appraisal.ts';
import { expectedPcrs, sealingAuthPolicy } from '../expected-state.ts';
import { makeCredential } from '../make-credential.ts';
import { laptopPolicy } from '../policies.ts';
import { EK_PURPOSE, issueCertificate, type CertificateSpec } from './certificates.ts';
import { rsaSigningKey, sealingPublic, syntheticTpm, type SyntheticTpm } from './synthetic-tpm.ts';

/** One honest node with everything a verifier needs, as a starting point for attacks that change one thing. */
export type Scenario = {
  readonly tpm: SyntheticTpm;
  readonly evidence: Evidence;
  readonly log: readonly EventRecord[];
  readonly referenceValues: ReferenceValues;
  /** accepts the maker's root as a hardware TPM */
  readonly pinnedPolicy: AppraisalPolicy;
  readonly policy: AppraisalPolicy;
  readonly expected: ExpectedEvidence;
  readonly activation: AppraisalInput['activation'];
  readonly receiptKey: CryptoKeyPair;
  readonly maker: Maker;
  readonly now: Date;
};

/** A TPM maker's two-step authority. */
export type Maker = {
  readonly root: Uint8Array;
  readonly intermediate: Uint8Array;
  readonly rootKey: CryptoKeyPair;
  readonly intermediateKey: CryptoKeyPair;
  issueEk(ek: CryptoKey, change?: Partial<CertificateSpec>): Promise<Uint8Array>;
};

export const NOW = new Date('2026-06-01T12:00:00Z');
export const EVENTS: readonly TeaEvent[] = [
  { contentType: 'tea.node-binary', content: { sha256: sha256(Uint8Array.of(1)), version: '26.10.0' } },
  { contentType: 'tea.bundle', content: { sha256: sha256(Uint8Array.of(2)), version: '0.1.0' } },
];

export async function tpmMaker(): Promise<Maker> {
  const [rootKey, intermediateKey] = await Promise.all([rsaSigningKey(), rsaSigningKey()]);
  const names = { root: 'Synthetic TPM Root', intermediate: 'Synthetic TPM Issuing' };
  const root = await issueCertificate({ subject: names.root, issuer: names.root, publicKey: rootKey.publicKey, signer: rootKey.privateKey, ca: {} });
  const intermediate = await issueCertificate({
    subject: names.intermediate,
    issuer: names.root,
    publicKey: intermediateKey.publicKey,
    signer: rootKey.privateKey,
    ca: { pathLength: 0 },
  });
  const issueEk: Maker['issueEk'] = (publicKey, change = {}) =>
    issueCertificate({
      subject: 'EK',
      issuer: names.intermediate,
      publicKey,
      signer: intermediateKey.privateKey,
      purposes: [EK_PURPOSE],
      tpm: { manufacturer: 'id:54455354', model: 'Synthetic', version: 'id:00010002' },
      ...change,
    });
  return { root, intermediate, rootKey, intermediateKey, issueEk };
}

export function logOf(events: readonly TeaEvent[]): EventRecord[] {
  return events.reduce<EventRecord[]>((log, event) => [...log, recordEvent(log, PROCESS_MODE_PCR, event)], []);
}

export function referenceValuesFor(log: readonly EventRecord[]): ReferenceValues {
  return {
    v: 1,
    name: 'tea-runtime',
    version: '0.1.0',
    mode: 'process',
    events: log.map(({ pcr, contentType, digest }) => ({ pcr, contentType, name: contentType, allowed: [{ digest, version: '1' }] })),
    provenance: { kind: 'unsigned', note: 'local build' },
  };
}

/** Evidence of `tpm` for `binding`, with the sealing key bound to the PCR values that `referenceValues` expect. */
export async function attest(
  tpm: SyntheticTpm,
  ekCertificates: readonly Uint8Array[],
  log: readonly EventRecord[],
  sealing: Evidence['sealing'],
  binding: EvidenceBinding,
): Promise<Evidence> {
  return {
    v: 1,
    ekCertificates,
    akPublic: tpm.akPublic,
    sealing,
    quote: await tpm.quote(bindingDigest(binding)),
    eventLog: encodeEventLog(log),
    binding,
  };
}

export async function activationOf(tpm: SyntheticTpm, ekCertificate: Uint8Array): Promise<AppraisalInput['activation']> {
  const { challenge, credential } = await makeCredential({
    ekCertificate,
    akName: tpm.akName,
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
  });
  return { kind: 'performed', ekCertificate, akName: tpm.akName, challenge, credential, answer: (await tpm.activate(challenge)) ?? new Uint8Array() };
}

export async function honestNode(events: readonly TeaEvent[] = EVENTS): Promise<Scenario> {
  const [tpm, maker, receiptKey] = await Promise.all([syntheticTpm(), tpmMaker(), receiptKeyPair()]);
  const log = logOf(events);
  for (const { pcr, digest } of log) tpm.extend(pcr, digest);
  const referenceValues = referenceValuesFor(log);
  const publicArea = await sealingPublic(sealingAuthPolicy(expectedPcrs(referenceValues)));
  const sealing = { public: publicArea, ...(await tpm.certify(publicArea)) };
  const expected: ExpectedEvidence = { purpose: 'errand', chain: sha256(Uint8Array.of(3)), errand: 7n, nonce: sha256(Uint8Array.of(4)) };
  const binding: EvidenceBinding = {
    domain: 'tea/evidence/1',
    ...expected,
    sealingKeyName: nameOf(publicArea),
    receiptKey: new Uint8Array(await crypto.subtle.exportKey('raw', receiptKey.publicKey)),
    account: sha256(Uint8Array.of(5)),
  };
  const ekCertificates = [await maker.issueEk(tpm.ek.publicKey), maker.intermediate, maker.root];
  const pinnedPolicy: AppraisalPolicy = {
    ...laptopPolicy,
    name: 'test/pinned',
    roots: [{ name: 'Synthetic', sha256: sha256(maker.root), trustClass: 'tpm' }],
  };
  return {
    tpm,
    evidence: await attest(tpm, ekCertificates, log, sealing, binding),
    log,
    referenceValues,
    pinnedPolicy,
    policy: laptopPolicy,
    expected: { ...expected, account: binding.account, node: tpm.akName.slice(2) },
    activation: await activationOf(tpm, ekCertificates[0] ?? new Uint8Array()),
    receiptKey,
    maker,
    now: NOW,
  };
}

/** The same node's evidence for another binding, freshly quoted. */
export async function requote({ tpm, evidence }: Scenario, change: Partial<EvidenceBinding>): Promise<Evidence> {
  const binding = { ...evidence.binding, ...change };
  return { ...evidence, binding, quote: await tpm.quote(bindingDigest(binding)) };
}

export function inputFor(scenario: Scenario, change: Partial<Evidence> = {}, input: Partial<AppraisalInput> = {}): AppraisalInput {
  const { evidence, referenceValues, policy, expected, activation, now } = scenario;
  return { evidence: encodeEvidence({ ...evidence, ...change }), referenceValues, policy, expected, activation, now, ...input };
}

async function receiptKeyPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
}
