import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { appraise, laptopPolicy, makeCredential, verifyReceipt, type AppraisalInput } from '@tea/attestation';
import { temporaryDirectory } from '@tea/platform';
import { PROCESS_MODE_PCR, recordEvent, secureRandom, sha256, type EventRecord, type Receipt, type ReferenceValues } from '@tea/protocol';
import { connectSwtpm, openTeeTpm } from '@tea/tpm';
import { extendMeasurements } from '../tee/launcher/extend-measurements.ts';
import { startSwtpm } from '../tee/launcher/swtpm.ts';
import { openAttester } from '../tee/runtime/attester.ts';
import { openReceiptBatches } from '../tee/runtime/receipt-batches.ts';
import { generateReceiptKey } from '../tee/runtime/receipt-key.ts';

/** The verifier against the real attester on a real TPM 2.0 implementation: what the synthetic TPM of `attestation/testing` only imitates. */
const chain = sha256(Uint8Array.of(1));
const account = sha256(Uint8Array.of(2));
const nonce = sha256(Uint8Array.of(3));

function measured(seed: number): EventRecord[] {
  const log: EventRecord[] = [];
  log.push(recordEvent(log, PROCESS_MODE_PCR, { contentType: 'tea.node-binary', content: { sha256: sha256(Uint8Array.of(10)), version: '26' } }));
  log.push(recordEvent(log, PROCESS_MODE_PCR, { contentType: 'tea.bundle', content: { sha256: sha256(Uint8Array.of(seed)), version: '1' } }));
  return log;
}

const referenceValues: ReferenceValues = {
  v: 1,
  name: 'test',
  version: '1',
  mode: 'process',
  events: measured(11).map(({ pcr, contentType, digest }) => ({ pcr, contentType, name: contentType, allowed: [{ digest, version: '1' }] })),
  provenance: { kind: 'unsigned', note: 'this test' },
};

async function startNode(stateDir: string, log: readonly EventRecord[]) {
  const swtpm = await startSwtpm({ stateDir });
  await extendMeasurements(swtpm.socketPath, log);
  const tpm = await openTeeTpm({ transport: await connectSwtpm({ socketPath: swtpm.socketPath }), stateDir });
  const receiptKey = await generateReceiptKey();
  const attester = await openAttester({ tpm, chain, account, receiptKey, eventLog: log, caCertificates: swtpm.caCertificates });
  const evidence = await attester.attest({ purpose: 'errand', errand: 1n, nonce });
  const [ekCertificate = new Uint8Array()] = await tpm.ekCertificates();
  return {
    tpm,
    receiptKey,
    attester,
    evidence,
    ekCertificate,
    async [Symbol.asyncDispose]() {
      await tpm[Symbol.asyncDispose]();
      await swtpm[Symbol.asyncDispose]();
    },
  };
}

test('the verifier and a real TPM agree', async (t) => {
  await using directory = await temporaryDirectory('trust');
  await using node = await startNode(directory.path, measured(11));
  const { challenge, credential } = await makeCredential({ ekCertificate: node.ekCertificate, akName: node.tpm.ak.name, random: secureRandom });
  const answer = await node.tpm.activateCredential(challenge.credentialBlob, challenge.encryptedSecret);
  const input: AppraisalInput = {
    evidence: node.evidence,
    referenceValues,
    policy: laptopPolicy,
    expected: { purpose: 'errand', chain, errand: 1n, nonce, account, node: node.attester.node },
    activation: { kind: 'performed', ekCertificate: node.ekCertificate, akName: node.tpm.ak.name, challenge, credential, answer },
    now: new Date(),
  };
  const { result, node: facts } = await appraise(input);
  assert.deepEqual(
    result.claims.filter(({ ok }) => ok === false),
    [],
  );
  assert.equal(result.verdict, 'affirming');
  assert.equal(result.trustClass, 'simulated');
  assert.ok(facts);

  await t.test('the TPM opens no credential made for another key', async () => {
    const other = await makeCredential({ ekCertificate: node.ekCertificate, akName: node.tpm.sealingKey.name, random: secureRandom });
    await assert.rejects(node.tpm.activateCredential(other.challenge.credentialBlob, other.challenge.encryptedSecret), { code: 'tpm' });
  });

  await t.test('receipts quoted by the TPM verify, each in its place', async () => {
    const receipt: Receipt = {
      v: 1,
      domain: 'tea/receipt/1',
      chain,
      errand: 1n,
      node: facts.node,
      evidence: facts.evidence,
      trustClass: 'simulated',
      code: { cid: 'a', sha256: sha256() },
      data: [],
      input: null,
      result: null,
      outcome: 'trap',
      exitCode: null,
      gasUsed: 1n,
      gasLimit: 2n,
      meterVersion: '1',
      instrumentedSha256: null,
      isolation: 'none',
      clockMs: 0,
      seed: sha256(),
      startedAtBlock: 1,
    };
    await using batches = openReceiptBatches({ key: node.receiptKey, chain, quote: node.tpm.quote, delay, fraction: () => 0, gatherMs: 5 });
    const bundles = await Promise.all([9n, 1n, 8n].map((errand) => batches.seal({ ...receipt, errand })));
    const check = (index: number) =>
      verifyReceipt({ bundle: bundles[index] ?? assert.fail(), node: facts, chain, errand: 1n, trustClass: result.trustClass });
    const own = await check(1);
    assert.deepEqual(
      own.claims.filter(({ outcome }) => outcome !== 'ok'),
      [],
    );
    assert.equal((await check(0)).ok, false);
  });

  await t.test('after a PCR changed, neither evidence nor receipts of that TPM pass', async () => {
    await node.tpm.extendPcr(PROCESS_MODE_PCR, sha256(Uint8Array.of(66)));
    const later = await appraise({ ...input, evidence: await node.attester.attest({ purpose: 'errand', errand: 1n, nonce }) });
    assert.deepEqual(
      later.result.claims.filter(({ ok }) => ok === false).map(({ id }) => id),
      ['log.replay'],
    );
  });
});

test('another bundle on a real TPM is contraindicated, and its sealing key is bound to it', async () => {
  await using directory = await temporaryDirectory('trust');
  await using node = await startNode(directory.path, measured(12));
  const { result } = await appraise({
    evidence: node.evidence,
    referenceValues,
    policy: laptopPolicy,
    expected: { purpose: 'errand', chain, errand: 1n, nonce },
    activation: { kind: 'missing' },
    now: new Date(),
  });
  assert.deepEqual(
    result.claims.filter(({ ok }) => ok === false).map(({ id }) => id),
    ['ak.activation', 'sealing.policy', 'log.known'],
  );
});
