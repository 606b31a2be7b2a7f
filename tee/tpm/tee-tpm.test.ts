import assert from 'node:assert/strict';
import { createCipheriv, createHmac, publicEncrypt } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { temporaryDirectory, type TemporaryDirectory } from '@tea/platform';
import { concatBytes, EVIDENCE_PCRS, isTeaError, sha256 } from '@tea/protocol';
import {
  decodeCertification,
  decodePublicArea,
  decodeQuote,
  encodeTpm,
  nameOf,
  pcrDigest,
  policyPcrDigest,
  publicKeyFromPublicArea,
  qualifiedNameOf,
  TPM2B_DIGEST,
  verifySignature,
} from '@tea/protocol/tpm';
import { password } from './authorization.ts';
import { EcdhZGen } from './commands/cryptography.ts';
import { FlushContext } from './commands/general.ts';
import { CreatePrimary } from './commands/objects.ts';
import { PolicyGetDigest } from './commands/sessions.ts';
import { creationParameters, RSA_ENDORSEMENT_KEY, STORAGE_KEY } from './key-templates.ts';
import { decodeKeyState, encodeKeyState, keyStoreIn, type KeyStore } from './key-state.ts';
import { extendPcr, readPcrs, sha256Pcrs } from './pcrs.ts';
import { openResourceManager } from './resource-manager.ts';
import { pcrPolicySession } from './session.ts';
import { loadTeeKeys } from './tee-keys.ts';
import { openTeeTpm, type TeeTpm } from './tee-tpm.ts';
import { startTestTpm, type TestTpm } from './test-swtpm.ts';
import { createTpm, TPM_RH } from './tpm.ts';

const ZERO = new Uint8Array(32);
const refusedWith = (response: string) => (error: unknown) => isTeaError(error, 'tpm') && error.details['response'] === response;

function storeInMemory(): KeyStore & { bytes: Uint8Array | undefined } {
  return {
    bytes: undefined,
    async read() {
      return this.bytes;
    },
    async write(bytes) {
      this.bytes = bytes;
    },
  };
}

/** MakeCredential in the verifier's place, for a key that is the default RSA-2048 EK (Part 1, 24). */
function makeCredential(ekSpki: Uint8Array, akName: Uint8Array, credential: Uint8Array): { blob: Uint8Array; secret: Uint8Array } {
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const kdfa = (label: string, context: Uint8Array, bits: number): Uint8Array =>
    createHmac('sha256', seed)
      .update(Uint8Array.of(0, 0, 0, 1))
      .update(`${label}\0`)
      .update(context)
      .update(Uint8Array.of(0, 0, bits >> 8, bits & 0xff))
      .digest()
      .subarray(0, bits / 8);
  const cipher = createCipheriv('aes-128-cfb', kdfa('STORAGE', akName, 128), new Uint8Array(16));
  const identity = cipher.update(encodeTpm(TPM2B_DIGEST, credential));
  const integrity = createHmac('sha256', kdfa('INTEGRITY', new Uint8Array(0), 256))
    .update(identity)
    .update(akName)
    .digest();
  const key = { key: Buffer.from(ekSpki), format: 'der', type: 'spki', oaepHash: 'sha256', oaepLabel: Buffer.from('IDENTITY\0') } as const;
  return { blob: concatBytes(encodeTpm(TPM2B_DIGEST, integrity), identity), secret: Uint8Array.from(publicEncrypt(key, seed)) };
}

async function ekOf(simulator: TestTpm): Promise<Uint8Array> {
  await using tpm = createTpm(await simulator.connect());
  return await tpm.turn(async (turn) => {
    const { objectHandle, outPublic } = await turn.run(
      CreatePrimary,
      { primaryHandle: TPM_RH.endorsement },
      creationParameters(RSA_ENDORSEMENT_KEY),
      [password()],
    );
    turn.flushAfter(objectHandle);
    return publicKeyFromPublicArea(outPublic).spki;
  });
}

describe('the TPM of a TEE', { timeout: 60_000 }, () => {
  const opened = new AsyncDisposableStack();
  let ekSpki: Uint8Array;
  let tpm: TeeTpm;
  before(async () => {
    const simulator = opened.use(await startTestTpm());
    ekSpki = await ekOf(simulator);
    tpm = opened.use(await openTeeTpm({ transport: await simulator.connect(), state: storeInMemory() }));
  });
  after(() => opened.disposeAsync());

  it('has a sealing key that no password and no other machine can use', () => {
    const area = decodePublicArea(tpm.sealingKey.publicArea);
    assert.equal(area.attributes.userWithAuth, false);
    assert.ok(area.attributes.fixedTPM && area.attributes.fixedParent && area.attributes.sensitiveDataOrigin && area.attributes.decrypt);
    assert.ok(!area.attributes.sign && !area.attributes.restricted && !area.attributes.adminWithPolicy);
    assert.deepEqual(area.authPolicy, policyPcrDigest(sha256Pcrs(EVIDENCE_PCRS), pcrDigest(EVIDENCE_PCRS.map(() => ZERO))));
  });

  it('has an AK that signs only what the TPM made', () => {
    const { type, attributes, parameters } = decodePublicArea(tpm.ak.publicArea);
    assert.equal(type, 'rsa');
    assert.ok(attributes.restricted && attributes.sign && !attributes.decrypt && attributes.fixedTPM && attributes.sensitiveDataOrigin);
    assert.deepEqual(parameters.scheme, { scheme: 'rsassa', hash: 'sha256' });
  });

  it('certifies the sealing key by the AK', async () => {
    const { attest, signature } = tpm.sealingKey.certification;
    assert.equal(await verifySignature(tpm.ak.publicArea, attest, signature), true);
    assert.deepEqual(decodeCertification(attest).name, nameOf(tpm.sealingKey.publicArea));
    assert.throws(() => decodeQuote(attest), /expected quote, got certify/);
  });

  it('quotes the qualifying data and the PCR values it hands out', async () => {
    const nonce = crypto.getRandomValues(new Uint8Array(32));
    const { attest, signature, pcrs } = await tpm.quote(nonce);
    assert.equal(await verifySignature(tpm.ak.publicArea, attest, signature), true);
    const quote = decodeQuote(attest);
    assert.deepEqual(quote.extraData, nonce);
    assert.deepEqual(quote.pcrSelect, sha256Pcrs(EVIDENCE_PCRS));
    assert.deepEqual(quote.pcrDigest, pcrDigest(pcrs.map(({ digest }) => digest)));
    assert.deepEqual(
      pcrs.map(({ index }) => index),
      EVIDENCE_PCRS,
    );
    assert.deepEqual(quote.qualifiedSigner, decodeCertification(tpm.sealingKey.certification.attest).qualifiedSigner);
  });

  it('hands out the values of this moment, whatever was quoted before and whatever else was selected', async () => {
    const selections = [[16], [0, 16], [16], [23, 16]];
    for (const [round, selected] of selections.entries()) {
      if (round % 2 === 1) await tpm.extendPcr(16, sha256(Uint8Array.of(round)));
      const { attest, pcrs } = await tpm.quote(ZERO, selected);
      assert.deepEqual(pcrs, await tpm.readPcrs(selected));
      assert.deepEqual(decodeQuote(attest).pcrDigest, pcrDigest(pcrs.map(({ digest }) => digest)));
    }
  });

  it('makes signatures that hold for no other byte of the quote', async () => {
    const { attest, signature } = await tpm.quote(ZERO);
    for (let index = 0; index < attest.length; index += 7) {
      const altered = attest.slice();
      altered[index]! ^= 1;
      assert.equal(await verifySignature(tpm.ak.publicArea, altered, signature), false);
    }
  });

  it('extends a PCR with SHA-256(old ‖ digest)', async () => {
    const digest = sha256(new TextEncoder().encode('an event'));
    const [before16] = await tpm.readPcrs([16]);
    await tpm.extendPcr(16, digest);
    const [after16] = await tpm.readPcrs([16]);
    assert.deepEqual(after16?.digest, sha256(before16!.digest, digest));
  });

  it('reads more PCRs than one PCR_Read returns, in ascending order', async () => {
    const values = await tpm.readPcrs([23, 3, 2, 1, 0, 7, 6, 5, 4, 8, 9, 10, 12]);
    assert.deepEqual(
      values.map(({ index }) => index),
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 23],
    );
  });

  it('refuses a PCR that does not exist', async () => {
    await assert.rejects(tpm.readPcrs([24]), (error) => isTeaError(error, 'badInput'));
    await assert.rejects(tpm.extendPcr(24, ZERO), (error) => isTeaError(error, 'tpm'));
    await assert.rejects(tpm.extendPcr(16, new Uint8Array(20)), (error) => isTeaError(error, 'badInput'));
  });

  it('opens a credential made for its EK and its AK', async () => {
    const credential = crypto.getRandomValues(new Uint8Array(32));
    const { blob, secret } = makeCredential(ekSpki, tpm.ak.name, credential);
    assert.deepEqual(await tpm.activateCredential(blob, secret), credential);
  });

  it('refuses a credential made for another AK, and one whose bytes were altered, and still has room for the next', async () => {
    const { blob, secret } = makeCredential(ekSpki, nameOf(tpm.sealingKey.publicArea), ZERO);
    for (let attempt = 0; attempt < 5; attempt++) await assert.rejects(tpm.activateCredential(blob, secret), refusedWith('TPM_RC_INTEGRITY'));
    const right = makeCredential(ekSpki, tpm.ak.name, ZERO);
    const altered = right.secret.slice();
    altered[100]! ^= 1;
    await assert.rejects(tpm.activateCredential(right.blob, altered), (error) => isTeaError(error, 'tpm'));
    assert.deepEqual(await tpm.activateCredential(right.blob, right.secret), ZERO);
  });

  it("agrees with WebCrypto's ECDH on the shared secret", async () => {
    const { jwk } = publicKeyFromPublicArea(tpm.sealingKey.publicArea);
    const ours = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDH', namedCurve: 'P-256' }, false, []);
    for (let round = 0; round < 8; round++) {
      const peer = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
      const point = new Uint8Array(await crypto.subtle.exportKey('raw', peer.publicKey));
      const expected = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: ours }, peer.privateKey, 256));
      assert.deepEqual(await tpm.ecdhZ(point), expected);
    }
  });

  it('refuses points that are not on the curve, which would leak the key', async () => {
    const offCurve = concatBytes(Uint8Array.of(4), new Uint8Array(31), Uint8Array.of(1), new Uint8Array(31), Uint8Array.of(1));
    await assert.rejects(tpm.ecdhZ(offCurve), (error) => isTeaError(error, 'badMessage'));
    await assert.rejects(tpm.ecdhZ(new Uint8Array(65)), (error) => isTeaError(error, 'badMessage'));
    await assert.rejects(tpm.ecdhZ(offCurve.subarray(0, 33)), (error) => isTeaError(error, 'badMessage'));
  });

  it('has no EK certificate when nobody manufactured it, and says how to get one', async () => {
    await assert.rejects(tpm.ekCertificates(), (error) => isTeaError(error, 'notFound') && /swtpm_setup --create-ek-cert/.test(error.message));
  });

  it('serves fifty callers at once, each with its own answer', async () => {
    const nonces = Array.from({ length: 50 }, (_, index) => sha256(Uint8Array.of(index)));
    const quotes = await Promise.all(nonces.map((nonce) => tpm.quote(nonce)));
    assert.deepEqual(
      quotes.map(({ attest }) => decodeQuote(attest).extraData),
      nonces,
    );
  });
});

describe('the sealing key', { timeout: 60_000 }, () => {
  const point = async (): Promise<{ x: Uint8Array; y: Uint8Array; raw: Uint8Array }> => {
    const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
    const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
    return { x: raw.slice(1, 33), y: raw.slice(33), raw };
  };

  it('refuses the password: TPM_RC_AUTH_UNAVAILABLE', async () => {
    await using simulator = await startTestTpm();
    await using tpm = createTpm(await simulator.connect());
    const { x, y } = await point();
    const attack = tpm.turn(async (turn) => {
      const { sealingKey } = await loadTeeKeys(turn, storeInMemory(), EVIDENCE_PCRS);
      await turn.run(EcdhZGen, { keyHandle: sealingKey }, { inPoint: { x, y } }, [password()]);
    });
    await assert.rejects(attack, refusedWith('TPM_RC_AUTH_UNAVAILABLE'));
  });

  it('refuses a session over fewer PCRs than its policy names: TPM_RC_POLICY_FAIL', async () => {
    await using simulator = await startTestTpm();
    await using tpm = createTpm(await simulator.connect());
    const { x, y } = await point();
    const attack = tpm.turn(async (turn) => {
      const { sealingKey } = await loadTeeKeys(turn, storeInMemory(), EVIDENCE_PCRS);
      const session = await pcrPolicySession(turn, sha256Pcrs([0]));
      await turn.run(EcdhZGen, { keyHandle: sealingKey }, { inPoint: { x, y } }, [session]);
    });
    await assert.rejects(attack, refusedWith('TPM_RC_POLICY_FAIL'));
  });

  it('refuses a session that was opened before a PCR changed: TPM_RC_PCR_CHANGED', async () => {
    await using simulator = await startTestTpm();
    await using tpm = createTpm(await simulator.connect());
    const { x, y } = await point();
    const attack = tpm.turn(async (turn) => {
      const { sealingKey } = await loadTeeKeys(turn, storeInMemory(), EVIDENCE_PCRS);
      const session = await pcrPolicySession(turn, sha256Pcrs(EVIDENCE_PCRS));
      await extendPcr(turn, 12, ZERO);
      await turn.run(EcdhZGen, { keyHandle: sealingKey }, { inPoint: { x, y } }, [session]);
    });
    await assert.rejects(attack, refusedWith('TPM_RC_PCR_CHANGED'));
  });

  for (const index of EVIDENCE_PCRS) {
    it(`refuses to work once PCR ${index} changed: TPM_RC_POLICY_FAIL`, async () => {
      await using tpm = await openTeeTpm({ transport: await shared.connect(), state });
      const { raw } = await point();
      assert.equal((await tpm.ecdhZ(raw)).length, 32);
      await tpm.extendPcr(index, sha256(Uint8Array.of(index)));
      for (let attempt = 0; attempt < 4; attempt++) await assert.rejects(tpm.ecdhZ(raw), refusedWith('TPM_RC_POLICY_FAIL'));
    });
  }

  it('keeps working when a PCR outside its policy changes', async () => {
    await using tpm = await openTeeTpm({ transport: await shared.connect(), state });
    await tpm.extendPcr(10, ZERO);
    assert.equal((await tpm.ecdhZ((await point()).raw)).length, 32);
  });

  it('has the policy that the TPM itself computes for these PCRs', async () => {
    await using tpm = createTpm(await shared.connect());
    const { policyDigest, values } = await tpm.turn(async (turn) => {
      const session = await pcrPolicySession(turn, sha256Pcrs(EVIDENCE_PCRS));
      return { ...(await turn.run(PolicyGetDigest, { policySession: session.handle }, {})), values: await readPcrs(turn, EVIDENCE_PCRS) };
    });
    assert.deepEqual(policyDigest, policyPcrDigest(sha256Pcrs(EVIDENCE_PCRS), pcrDigest(values.map(({ digest }) => digest))));
  });

  const state = storeInMemory(); // one AK for all, which is slow to make; each new PCR state brings its own sealing key
  let shared: TestTpm;
  before(async () => {
    shared = await startTestTpm();
  });
  after(() => shared[Symbol.asyncDispose]());
});

describe('a restarted TEE', { timeout: 60_000 }, () => {
  let stateDir: TemporaryDirectory;
  let keyDir: TemporaryDirectory;
  before(async () => {
    [stateDir, keyDir] = await Promise.all([temporaryDirectory('tpm-state'), temporaryDirectory('tpm-keys')]);
  });
  after(() => Promise.all([stateDir[Symbol.asyncDispose](), keyDir[Symbol.asyncDispose]()]));

  const identityOf = (tpm: TeeTpm): readonly Uint8Array[] => [tpm.ak.name, tpm.sealingKey.name];

  it('has the same keys on the same TPM, also after the power went, time and again', async () => {
    const seen: (readonly Uint8Array[])[] = [];
    for (let powerOn = 0; powerOn < 6; powerOn++) {
      await using simulator = await startTestTpm({ stateDir: stateDir.path });
      const tpm = await openTeeTpm({ transport: await simulator.connect(), stateDir: keyDir.path });
      await tpm.quote(ZERO);
      seen.push(identityOf(tpm));
      simulator.child.kill('SIGKILL'); // six hard power losses lock out a TPM whose keys lack noDA
      await simulator.child.exited;
      await tpm[Symbol.asyncDispose]();
    }
    for (const identity of seen) assert.deepEqual(identity, seen[0]);
  });

  it('finds room although a killed TEE left its keys and sessions loaded', async () => {
    await using simulator = await startTestTpm({ stateDir: stateDir.path });
    {
      await using leaking = createTpm(await simulator.connect());
      await leaking.turn(async (turn) => {
        for (let slot = 0; slot < 3; slot++)
          await turn.run(CreatePrimary, { primaryHandle: TPM_RH.owner }, creationParameters(STORAGE_KEY), [password()]);
        const session = await pcrPolicySession(turn, sha256Pcrs([0]));
        session.accept({ code: 0, parameters: ZERO }, { nonce: ZERO, attributes: 0, hmac: ZERO });
      });
    }
    await using manager = await openResourceManager({ connect: () => simulator.connect() });
    await using tpm = await openTeeTpm({ transport: manager.open(), stateDir: keyDir.path });
    assert.equal((await tpm.quote(ZERO)).pcrs.length, EVIDENCE_PCRS.length);
  });

  it('of another image keeps its AK and gets another sealing key', async () => {
    await using simulator = await startTestTpm({ stateDir: stateDir.path });
    const state = keyStoreIn(keyDir.path);
    const old = decodeKeyState((await state.read())!);
    {
      await using tpm = createTpm(await simulator.connect());
      await tpm.turn((turn) => extendPcr(turn, 12, sha256(Uint8Array.of(1))));
    }
    await using tpm = await openTeeTpm({ transport: await simulator.connect(), state });
    assert.deepEqual(tpm.ak.publicArea, old.ak.publicArea);
    assert.notDeepEqual(tpm.sealingKey.publicArea, old.sealingKey.publicArea);
  });

  it('is told when its keys belong to another TPM', async () => {
    await using other = await startTestTpm();
    const opening = openTeeTpm({ transport: await other.connect(), stateDir: keyDir.path });
    await assert.rejects(opening, (error) => isTeaError(error, 'conflict') && /belong to another TPM/.test(error.message));
  });

  it('is told when its keys were altered, or replaced by keys of weaker attributes', async () => {
    await using simulator = await startTestTpm({ stateDir: stateDir.path });
    const state = decodeKeyState((await keyStoreIn(keyDir.path).read())!);
    const open = async (altered: typeof state): Promise<TeeTpm> => {
      const memory = storeInMemory();
      memory.bytes = encodeKeyState(altered);
      return openTeeTpm({ transport: await simulator.connect(), state: memory });
    };
    const flipped = state.ak.privateArea.slice();
    flipped[40]! ^= 1;
    await assert.rejects(open({ ...state, ak: { ...state.ak, privateArea: flipped } }), (error) => isTeaError(error, 'corrupt'));
    await assert.rejects(open({ ...state, ak: state.sealingKey }), (error) => isTeaError(error, 'corrupt'));
    await using tpm = await open({ ...state, sealingKey: state.ak });
    assert.equal(decodePublicArea(tpm.sealingKey.publicArea).attributes.userWithAuth, false);
  });

  it('is told when its key file holds something else', async () => {
    await using simulator = await startTestTpm({ stateDir: stateDir.path });
    const memory = storeInMemory();
    memory.bytes = new TextEncoder().encode('nonsense');
    const opening = openTeeTpm({ transport: await simulator.connect(), state: memory });
    await assert.rejects(opening, (error) => isTeaError(error, 'badMessage'));
  });
});

it('a second TEE on the same simulator is told that somebody else uses it, and does no harm to the first', { timeout: 30_000 }, async () => {
  await using simulator = await startTestTpm();
  await using tpm = await openTeeTpm({ transport: await simulator.connect(), state: storeInMemory() });
  const second = openTeeTpm({ transport: await simulator.connect(), state: storeInMemory(), timeoutMs: 100 });
  await assert.rejects(second, (error) => isTeaError(error, 'timeout') && /stop whoever else uses this TPM/.test(error.message));
  assert.equal((await tpm.quote(ZERO)).pcrs.length, EVIDENCE_PCRS.length);
});

it('a TEE outlives a reset of its TPM: same keys, and the sealing key opens once the image is measured again', { timeout: 30_000 }, async () => {
  await using stateDir = await temporaryDirectory('tpm-state');
  const image = sha256(Uint8Array.of(7));
  let simulator = await startTestTpm({ stateDir: stateDir.path });
  await using manager = await openResourceManager({ connect: () => simulator.connect() });
  await using launcher = createTpm(manager.open());
  await launcher.turn((turn) => extendPcr(turn, 12, image));
  await using tpm = await openTeeTpm({ transport: manager.open(), state: storeInMemory() });
  const { publicKey } = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
  const point = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey));
  const before = { z: await tpm.ecdhZ(point), secret: await tpm.stateSecret(), count: await tpm.counter.increment() };

  await simulator[Symbol.asyncDispose]();
  await assert.rejects(tpm.quote(ZERO), (error) => isTeaError(error, 'unavailable'));
  simulator = await startTestTpm({ stateDir: stateDir.path });
  const { attest, signature } = await tpm.quote(ZERO);
  assert.equal(await verifySignature(tpm.ak.publicArea, attest, signature), true);
  await assert.rejects(tpm.ecdhZ(point), refusedWith('TPM_RC_POLICY_FAIL'));
  assert.notDeepEqual(await tpm.stateSecret(), before.secret);
  await launcher.turn((turn) => extendPcr(turn, 12, image));
  assert.deepEqual(await tpm.ecdhZ(point), before.z);
  assert.deepEqual(await tpm.stateSecret(), before.secret);
  assert.equal(await tpm.counter.increment(), before.count + 1n);
  await simulator[Symbol.asyncDispose]();
});

describe('a TPM that is gone', { timeout: 60_000 }, () => {
  const unavailable = (error: unknown): boolean => isTeaError(error, 'unavailable') && /is gone.*Next: restart the TEE/.test(error.message);

  it('killed in the middle of a command fails it, all that wait and all that come later, at once', async () => {
    await using simulator = await startTestTpm();
    await using tpm = await openTeeTpm({ transport: await simulator.connect(), state: storeInMemory() });
    const calls = Array.from({ length: 20 }, () => tpm.quote(ZERO));
    calls.push(tpm.quote(ZERO));
    simulator.child.kill('SIGKILL');
    const outcomes = await Promise.allSettled(calls);
    const failed = outcomes.filter((outcome) => outcome.status === 'rejected');
    assert.ok(failed.length > 0 && failed.every(({ reason }) => unavailable(reason)));
    await assert.rejects(tpm.quote(ZERO), unavailable);
    await assert.rejects(tpm.ecdhZ(concatBytes(Uint8Array.of(4), new Uint8Array(64))), unavailable);
  });

  it('is noticed while nobody talks to it', async () => {
    await using simulator = await startTestTpm();
    await using tpm = await openTeeTpm({ transport: await simulator.connect(), state: storeInMemory() });
    simulator.child.kill('SIGKILL');
    await simulator.child.exited;
    await assert.rejects(tpm.quote(ZERO), unavailable);
  });
});

it('the qualified name of a key is the hash of its parent chain', async () => {
  await using simulator = await startTestTpm();
  await using tpm = createTpm(await simulator.connect());
  const { keys, storageKeyName } = await tpm.turn(async (turn) => {
    const parent = await turn.run(CreatePrimary, { primaryHandle: TPM_RH.owner }, creationParameters(STORAGE_KEY), [password()]);
    await turn.run(FlushContext, {}, { flushHandle: parent.objectHandle });
    return { storageKeyName: parent.name, keys: await loadTeeKeys(turn, storeInMemory(), [0]) };
  });
  const { qualifiedName } = decodeCertification(keys.certification.attest);
  assert.deepEqual(qualifiedName, qualifiedNameOf(TPM_RH.owner, storageKeyName, keys.sealingKey.name));
});
