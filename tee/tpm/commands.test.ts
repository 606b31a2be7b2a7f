import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isTeaError, sha256 } from '@tea/protocol';
import fc from 'fast-check';
import { password } from './authorization.ts';
import { TPM_COMMANDS } from './commands/table.ts';
import { VerifySignature } from './commands/cryptography.ts';
import { ContextLoad, ContextSave, FlushContext } from './commands/general.ts';
import { CreatePrimary, LoadExternal, ReadPublic } from './commands/objects.ts';
import { PolicyGetDigest } from './commands/sessions.ts';
import { creationParameters, RSA_ENDORSEMENT_KEY, STORAGE_KEY } from './key-templates.ts';
import { decodeResponse } from './frame.ts';
import { endorsementPolicySession } from './session.ts';
import { openTeeTpm } from './tee-tpm.ts';
import { startTestTpm, type TestTpm } from './test-swtpm.ts';
import { createTpm, TPM_RH, type TpmTurn } from './tpm.ts';

describe('a response to any command', () => {
  for (const command of TPM_COMMANDS.values()) {
    it(`${command.name} is decoded or refused with a reason, whatever the bytes`, () => {
      const framed = fc.tuple(fc.constantFrom(0x8001, 0x8002), fc.uint8Array({ maxLength: 120 })).map(([tag, body]) => {
        const bytes = new Uint8Array(10 + body.length);
        const view = new DataView(bytes.buffer);
        view.setUint16(0, tag);
        view.setUint32(2, bytes.length);
        bytes.set(body, 10);
        return bytes;
      });
      fc.assert(
        fc.property(fc.oneof(framed, fc.uint8Array({ maxLength: 60 })), fc.boolean(), (bytes, withSession) => {
          try {
            decodeResponse(command, bytes, withSession ? [password()] : []);
          } catch (error) {
            if (!isTeaError(error, 'badMessage') && !isTeaError(error, 'tpm')) throw error;
          }
        }),
        { numRuns: 300 },
      );
    });
  }
});

describe('commands on a real TPM', { timeout: 60_000 }, () => {
  let simulator: TestTpm;
  before(async () => {
    simulator = await startTestTpm();
  });
  after(() => simulator[Symbol.asyncDispose]());

  const storageKey = async (turn: TpmTurn) => turn.run(CreatePrimary, { primaryHandle: TPM_RH.owner }, creationParameters(STORAGE_KEY), [password()]);

  it('swap contexts, so that ten keys share three slots', async () => {
    await using tpm = createTpm(await simulator.connect());
    await tpm.turn(async (turn) => {
      const saved: { context: Uint8Array; name: Uint8Array }[] = [];
      for (let key = 0; key < 10; key++) {
        const { objectHandle, name } = await storageKey(turn);
        saved.push({ name, ...(await turn.run(ContextSave, { saveHandle: objectHandle }, {})) });
        await turn.run(FlushContext, {}, { flushHandle: objectHandle });
      }
      for (const { context, name } of saved) {
        const { loadedHandle } = await turn.run(ContextLoad, {}, { context });
        assert.deepEqual((await turn.run(ReadPublic, { objectHandle: loadedHandle }, {})).name, name);
        await turn.run(FlushContext, {}, { flushHandle: loadedHandle });
      }
    });
  });

  it('verify in the TPM what our verifier verifies, and refuse what it refuses', async () => {
    const tee = await openTeeTpm({ transport: await simulator.connect(), state: { read: async () => undefined, write: async () => undefined } });
    const { attest, signature } = await tee.quote(new Uint8Array(32));
    const { publicArea } = tee.ak;
    await tee[Symbol.asyncDispose]();

    await using tpm = createTpm(await simulator.connect());
    const verify = (digest: Uint8Array): Promise<unknown> =>
      tpm.turn(async (turn) => {
        const external = { inPrivate: new Uint8Array(0), inPublic: publicArea, hierarchy: TPM_RH.null };
        const { objectHandle } = await turn.run(LoadExternal, {}, external);
        turn.flushAfter(objectHandle);
        return turn.run(VerifySignature, { keyHandle: objectHandle }, { digest, signature });
      });
    await verify(sha256(attest));
    await assert.rejects(
      verify(sha256(attest, Uint8Array.of(0))),
      (error) => isTeaError(error, 'tpm') && error.details['response'] === 'TPM_RC_SIGNATURE',
    );
  });

  it('give the policy of an endorsement session the digest that the EK template has', async () => {
    await using tpm = createTpm(await simulator.connect());
    const { policyDigest } = await tpm.turn(async (turn) => {
      const session = await endorsementPolicySession(turn);
      return turn.run(PolicyGetDigest, { policySession: session.handle }, {});
    });
    assert.deepEqual(policyDigest, RSA_ENDORSEMENT_KEY.authPolicy);
  });

  it('refuse to run without the authorization their table asks for', async () => {
    await using tpm = createTpm(await simulator.connect());
    const call = tpm.turn((turn) => turn.run(CreatePrimary, { primaryHandle: TPM_RH.owner }, creationParameters(STORAGE_KEY)));
    await assert.rejects(call, (error) => isTeaError(error, 'badInput'));
  });
});
