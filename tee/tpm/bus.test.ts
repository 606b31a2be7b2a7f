import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { concatBytes, isTeaError } from '@tea/protocol';
import { nameOf, publicKeyFromPublicArea, TPM_CC } from '@tea/protocol/tpm';
import { password } from './authorization.ts';
import { FlushContext, GetRandom } from './commands/general.ts';
import { Create, CreatePrimary, Load, MakeCredential, Unseal } from './commands/objects.ts';
import { type EndorsementKind, loadEndorsementKey } from './endorsement.ts';
import type { Entity } from './frame.ts';
import { type HmacSession, startHmacSession } from './hmac-session.ts';
import { creationParameters, STORAGE_KEY } from './key-templates.ts';
import { SEALED_DATA } from './test-objects.ts';
import { openTeeTpm } from './tee-tpm.ts';
import { startTestTpm, type TestTpm } from './test-swtpm.ts';
import { createTpm, TPM_RH, type TpmTurn } from './tpm.ts';
import type { TpmTransport } from './transport.ts';

const NONE = new Uint8Array(0);
const inMemory = { read: async () => undefined, write: async () => undefined };

type Wire = TpmTransport & { readonly recording: string[]; alter: Alter; alterCommand: Alter };
type Alter = ((code: number, bytes: Uint8Array) => void) | undefined;

/** Somebody between the TEE and its TPM: hears everything, and may alter it. */
function wire(transport: TpmTransport): Wire {
  const recording: string[] = [];
  return {
    description: transport.description,
    recording,
    alter: undefined,
    alterCommand: undefined,
    async transmit(command) {
      const code = new DataView(command.buffer, command.byteOffset).getUint32(6);
      this.alterCommand?.(code, command);
      const response = await transport.transmit(command);
      this.alter?.(code, response);
      recording.push(command.toHex(), response.toHex());
      return response;
    },
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

for (const endorsementKey of ['rsa', 'ecc'] as const) {
  describe(`on the way to the TPM, in sessions salted to its ${endorsementKey} EK`, { timeout: 60_000 }, () => {
    let simulator: TestTpm;
    before(async () => {
      simulator = await startTestTpm();
    });
    after(() => simulator[Symbol.asyncDispose]());

    async function peer(sealingKey: Uint8Array): Promise<{ point: Uint8Array; z: Uint8Array }> {
      const pair = await crypto.subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, true, ['deriveBits']);
      const ours = await crypto.subtle.importKey('jwk', publicKeyFromPublicArea(sealingKey).jwk, { name: 'ECDH', namedCurve: 'P-256' }, false, []);
      return {
        point: new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey)),
        z: new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: ours }, pair.privateKey, 256)),
      };
    }

    it('nobody hears the shared secret of a release', async () => {
      const bus = wire(await simulator.connect());
      await using tpm = await openTeeTpm({ transport: bus, state: inMemory, endorsementKey });
      const { point, z } = await peer(tpm.sealingKey.publicArea);
      assert.deepEqual(await tpm.ecdhZ(point), z);
      assert.ok(heard(bus, tpm.ak.publicArea), 'the recorder hears what is not secret');
      assert.ok(!heard(bus, z) && !heard(bus, point.subarray(1, 33)));
      const secret = await tpm.stateSecret();
      assert.ok(!heard(bus, secret));
    });

    it('nobody hears the credential that proves the AK', async () => {
      const credential = crypto.getRandomValues(new Uint8Array(32));
      const state = keptInMemory();
      const first = await openTeeTpm({ transport: await simulator.connect(), state, endorsementKey });
      const { name } = first.ak;
      await first[Symbol.asyncDispose]();
      const { credentialBlob, secret } = await madeByTheTpm(simulator, name, credential, endorsementKey);

      const bus = wire(await simulator.connect());
      await using tpm = await openTeeTpm({ transport: bus, state, endorsementKey });
      assert.deepEqual(await tpm.activateCredential(credentialBlob, secret), credential);
      assert.ok(bus.recording.every((frame) => !frame.includes(credential.toHex())));
    });

    it('nobody hears what is sealed, neither on its way in nor on its way out, nor the value that opens it', async () => {
      const canary = crypto.getRandomValues(new Uint8Array(64));
      const authValue = crypto.getRandomValues(new Uint8Array(24));
      const bus = wire(await simulator.connect());
      await using tpm = createTpm(bus);
      const opened = await tpm.turn(async (turn) => {
        const session = await startHmacSession(turn, { salt: await loadEndorsementKey(turn, endorsementKey) });
        turn.flushAfter(session.handle);
        const item = await sealed(turn, session, canary, authValue);
        return turn.run(Unseal, { itemHandle: item }, {}, [session.authorizing(item, authValue)]);
      });
      assert.deepEqual(opened.outData, canary);
      assert.ok(!heard(bus, canary) && !heard(bus, authValue));
    });

    it('nobody opens what is sealed with another value, and the right one is not spoken in a bound session either', async () => {
      const canary = crypto.getRandomValues(new Uint8Array(64));
      const authValue = concatBytes(crypto.getRandomValues(new Uint8Array(24)), Uint8Array.of(0, 0)); // zeros at the end don't count
      const bus = wire(await simulator.connect());
      await using tpm = createTpm(bus);
      await tpm.turn(async (turn) => {
        const salt = await loadEndorsementKey(turn, endorsementKey);
        const salted = await startHmacSession(turn, { salt });
        turn.flushAfter(salted.handle);
        const item = await sealed(turn, salted, canary, authValue);
        const other = salted.authorizing(item, new Uint8Array(24).fill(1));
        await assert.rejects(turn.run(Unseal, { itemHandle: item }, {}, [other]), (error) => /AUTH_FAIL|BAD_AUTH/.test(String(error)));

        const bound = await startHmacSession(turn, { salt, bind: { entity: item, authValue } });
        turn.flushAfter(bound.handle);
        for (let round = 0; round < 3; round++) {
          assert.deepEqual((await turn.run(Unseal, { itemHandle: item }, {}, [bound.authorizing(item, authValue)])).outData, canary);
        }
        const random = await turn.run(GetRandom, {}, { bytesRequested: 16 }, [bound]);
        assert.ok(!heard(bus, random.randomBytes));
        const wrong = startHmacSession(turn, { bind: { entity: item, authValue: NONE } });
        const guess = await wrong;
        turn.flushAfter(guess.handle);
        await assert.rejects(turn.run(GetRandom, {}, { bytesRequested: 16 }, [guess]), (error) => /AUTH_FAIL|BAD_AUTH/.test(String(error)));
      });
      assert.ok(!heard(bus, canary) && !heard(bus, authValue.subarray(0, 24)));
    });

    it('nobody alters a byte of a protected command: the TPM refuses it', async () => {
      const bus = wire(await simulator.connect());
      await using tpm = createTpm(bus);
      await tpm.turn(async (turn) => {
        const salt = await loadEndorsementKey(turn, endorsementKey);
        for (const place of [-1, -20, -60, -100]) {
          const session = await startHmacSession(turn, { salt });
          bus.alterCommand = (code, command) => {
            if (code === TPM_CC.create) command[command.length + place] = (command[command.length + place] ?? 0) ^ 1;
          };
          await assert.rejects(sealed(turn, session, new Uint8Array(64), NONE), (error) => isTeaError(error, 'tpm'), `byte ${place}`);
          bus.alterCommand = undefined;
          await turn.run(FlushContext, {}, { flushHandle: session.handle });
        }
      });
    });

    it('nobody alters a byte of the shared secret unnoticed, and the next call works again', async () => {
      const bus = wire(await simulator.connect());
      await using tpm = await openTeeTpm({ transport: bus, state: inMemory, endorsementKey });
      const { point, z } = await peer(tpm.sealingKey.publicArea);
      for (const place of [14, 16, 20, 50, 83, -1, -10, -34, -40, -69]) {
        bus.alter = (code, response) => {
          const index = place < 0 ? response.length + place : place;
          if (code === TPM_CC.ecdhZGen) response[index] = (response[index] ?? 0) ^ 1;
        };
        await assert.rejects(tpm.ecdhZ(point), (error) => isTeaError(error, 'corrupt') || isTeaError(error, 'badMessage'), `byte ${place}`);
        bus.alter = undefined;
        assert.deepEqual(await tpm.ecdhZ(point), z);
      }
    });

    it('an old answer is not accepted for a new question', async () => {
      const bus = wire(await simulator.connect());
      await using tpm = await openTeeTpm({ transport: bus, state: inMemory, endorsementKey });
      const [one, other] = await Promise.all([peer(tpm.sealingKey.publicArea), peer(tpm.sealingKey.publicArea)]);
      let kept: Uint8Array | undefined;
      bus.alter = (code, response) => {
        if (code !== TPM_CC.ecdhZGen) return;
        if (kept === undefined) kept = Uint8Array.from(response);
        else response.set(kept);
      };
      await tpm.ecdhZ(one.point);
      await assert.rejects(tpm.ecdhZ(other.point), (error) => isTeaError(error, 'corrupt'));
    });
  });
}

function heard(bus: Wire, secret: Uint8Array): boolean {
  return bus.recording.some((frame) => frame.includes(secret.toHex()));
}

/** Sealed data under the storage key, loaded for this turn. */
async function sealed(turn: TpmTurn, session: HmacSession, data: Uint8Array, userAuth: Uint8Array): Promise<Entity> {
  const parent = await turn.run(CreatePrimary, { primaryHandle: TPM_RH.owner }, creationParameters(STORAGE_KEY), [password()]);
  const parentHandle = { handle: parent.objectHandle, name: parent.name };
  const flushed = turn.flushAfter(parent.objectHandle);
  const parameters = { ...creationParameters(SEALED_DATA), inSensitive: { userAuth, data } };
  const made = await turn.run(Create, { parentHandle }, parameters, [password(), session]);
  const { objectHandle } = await turn.run(Load, { parentHandle }, { inPrivate: made.outPrivate, inPublic: made.outPublic }, [password(), session]);
  await turn.run(FlushContext, {}, { flushHandle: parent.objectHandle });
  flushed();
  turn.flushAfter(objectHandle);
  return { handle: objectHandle, name: nameOf(made.outPublic) };
}

function keptInMemory() {
  let bytes: Uint8Array | undefined;
  return { read: async () => bytes, write: async (state: Uint8Array) => void (bytes = state) };
}

async function madeByTheTpm(simulator: TestTpm, objectName: Uint8Array, credential: Uint8Array, kind: EndorsementKind) {
  await using tpm = createTpm(await simulator.connect());
  return await tpm.turn(async (turn) => turn.run(MakeCredential, { handle: await loadEndorsementKey(turn, kind) }, { credential, objectName }));
}
