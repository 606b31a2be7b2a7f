import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { appraise, laptopPolicy, makeCredential, verifyActivation } from '@tea/attestation';
import { temporaryDirectory, type TemporaryDirectory } from '@tea/platform';
import { isTeaError, secureRandom, sha256, type TeaEvent } from '@tea/protocol';
import { connectSwtpm, createTpm, openTeeTpm, type TeeTpm, type TpmTurn } from '@tea/tpm';
import { logOf, referenceValuesFor, tpmMaker, type Maker } from '../attestation/testing/scenario.ts';
import { extendMeasurements } from '../tee/launcher/extend-measurements.ts';
import { startSwtpm, type Swtpm } from '../tee/launcher/swtpm.ts';
import { openAttester } from '../tee/runtime/attester.ts';
import { generateReceiptKey } from '../tee/runtime/receipt-key.ts';
import { password } from '../tee/tpm/authorization.ts';
import { NvReadPublic, NvUndefineSpace } from '../tee/tpm/commands/nv.ts';
import type { EndorsementKind } from '../tee/tpm/endorsement.ts';
import { certifyEcc } from './certify-ek.ts';

const CERTIFICATE = { rsa: 0x01c00002 } as const;
const TPM_RH_PLATFORM = 0x4000000c;
const NONE = new Uint8Array();
const EVENTS: readonly TeaEvent[] = [
  { contentType: 'tea.node-binary', content: { sha256: sha256(Uint8Array.of(1)), version: '26' } },
  { contentType: 'tea.bundle', content: { sha256: sha256(Uint8Array.of(2)), version: '1' } },
];

describe('a TPM whose EK is on P-256', { timeout: 60_000 }, () => {
  let directory: TemporaryDirectory;
  let swtpm: Swtpm;
  let maker: Maker;
  before(async () => {
    directory = await temporaryDirectory('ec-ek');
    [swtpm, maker] = await Promise.all([startSwtpm({ stateDir: directory.path }), tpmMaker()]);
    await asManufacturer((turn) => certifyEcc(turn, maker));
    await extendMeasurements(swtpm.socketPath, logOf(EVENTS));
  });
  after(async () => {
    await swtpm?.[Symbol.asyncDispose]();
    await directory[Symbol.asyncDispose]();
  });

  async function asManufacturer<T>(work: (turn: TpmTurn) => Promise<T>): Promise<T> {
    await using tpm = createTpm(await connectSwtpm(swtpm));
    return await tpm.turn(work);
  }
  const open = async (endorsementKey?: EndorsementKind): Promise<TeeTpm> =>
    openTeeTpm({ transport: await connectSwtpm(swtpm), stateDir: join(directory.path, 'state'), endorsementKey });
  const keyTypeOf = async (tpm: TeeTpm): Promise<string> => {
    const [certificate = NONE] = await tpm.ekCertificates();
    const { challenge } = await makeCredential({ ekCertificate: certificate, akName: tpm.ak.name, random: secureRandom });
    return challenge.encryptedSecret.length === 2 + 32 + 2 + 32 ? 'ecc' : 'rsa';
  };

  it('is shown by the certificate that a setting names, and by the RSA one where both are there', async () => {
    for (const [wanted, shown] of [
      [undefined, 'rsa'],
      ['rsa', 'rsa'],
      ['ecc', 'ecc'],
    ] as const) {
      await using tpm = await open(wanted);
      assert.equal(await keyTypeOf(tpm), shown);
    }
  });

  it('opens no credential made for another attestation key, or by a byte altered', async () => {
    await using tpm = await open('ecc');
    const [ekCertificate = NONE] = await tpm.ekCertificates();
    const other = await makeCredential({ ekCertificate, akName: tpm.sealingKey.name, random: secureRandom });
    await assert.rejects(tpm.activateCredential(other.challenge.credentialBlob, other.challenge.encryptedSecret), { code: 'tpm' });
    const { challenge, credential } = await makeCredential({ ekCertificate, akName: tpm.ak.name, random: secureRandom });
    for (const part of ['credentialBlob', 'encryptedSecret'] as const) {
      const altered = { ...challenge, [part]: challenge[part].with(5, (challenge[part][5] ?? 0) ^ 1) };
      await assert.rejects(tpm.activateCredential(altered.credentialBlob, altered.encryptedSecret), { code: 'tpm' });
    }
    const answer = await tpm.activateCredential(challenge.credentialBlob, challenge.encryptedSecret);
    assert.ok(verifyActivation({ credential, answer }));
  });

  it('is used by itself where it alone is certified, and appraised like any other: salted sessions, activation, evidence', async () => {
    await asManufacturer(async (turn) => {
      const { nvName } = await turn.run(NvReadPublic, { nvIndex: CERTIFICATE.rsa }, {});
      const nvIndex = { handle: CERTIFICATE.rsa, name: nvName };
      await turn.run(NvUndefineSpace, { authHandle: TPM_RH_PLATFORM, nvIndex }, {}, [password()]);
    });
    await using tpm = await open();
    assert.equal(await keyTypeOf(tpm), 'ecc');
    assert.deepEqual(await tpm.stateSecret(), await tpm.stateSecret());
    const [chain, account, nonce] = [sha256(Uint8Array.of(1)), sha256(Uint8Array.of(2)), sha256(Uint8Array.of(3))];
    const caCertificates = [maker.intermediate, maker.root];
    const eventLog = logOf(EVENTS);
    const attester = await openAttester({ tpm, chain, account, receiptKey: await generateReceiptKey(), eventLog, caCertificates });
    const [ekCertificate = NONE] = await tpm.ekCertificates();
    const { challenge, credential } = await makeCredential({ ekCertificate, akName: tpm.ak.name, random: secureRandom });
    const answer = await tpm.activateCredential(challenge.credentialBlob, challenge.encryptedSecret);
    const { result } = await appraise({
      evidence: await attester.attest({ purpose: 'errand', errand: 1n, nonce }),
      referenceValues: referenceValuesFor(eventLog),
      policy: laptopPolicy,
      expected: { purpose: 'errand', chain, errand: 1n, nonce, account, node: attester.node },
      activation: { kind: 'performed', ekCertificate, akName: tpm.ak.name, challenge, credential, answer },
      now: new Date(),
    });
    assert.deepEqual(
      result.claims.filter(({ ok }) => ok === false),
      [],
    );
    assert.equal(result.verdict, 'affirming');
  });

  it('says which certificate is missing where a setting names one that is not there', async () => {
    await using tpm = await open('rsa');
    await assert.rejects(tpm.ekCertificates(), (error) => isTeaError(error, 'notFound') && /RSA-2048/.test(error.message));
  });
});
