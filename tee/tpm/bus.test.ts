import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isTeaError } from '@tea/protocol';
import { publicKeyFromPublicArea, TPM_CC } from '@tea/protocol/tpm';
import { MakeCredential } from './commands/objects.ts';
import { loadEndorsementKey } from './endorsement.ts';
import { openTeeTpm } from './tee-tpm.ts';
import { startTestTpm, type TestTpm } from './test-swtpm.ts';
import { createTpm } from './tpm.ts';
import type { TpmTransport } from './transport.ts';

const inMemory = { read: async () => undefined, write: async () => undefined };

type Wire = TpmTransport & { readonly recording: string[]; alter: ((code: number, response: Uint8Array) => void) | undefined };

/** Somebody between the TEE and its TPM: hears everything, and may alter it. */
function wire(transport: TpmTransport): Wire {
  const recording: string[] = [];
  return {
    description: transport.description,
    recording,
    alter: undefined,
    async transmit(command) {
      const response = await transport.transmit(command);
      this.alter?.(new DataView(command.buffer, command.byteOffset).getUint32(6), response);
      recording.push(command.toHex(), response.toHex());
      return response;
    },
    [Symbol.asyncDispose]: () => transport[Symbol.asyncDispose](),
  };
}

describe('on the way to the TPM', { timeout: 60_000 }, () => {
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
    await using tpm = await openTeeTpm({ transport: bus, state: inMemory });
    const { point, z } = await peer(tpm.sealingKey.publicArea);
    assert.deepEqual(await tpm.ecdhZ(point), z);
    assert.ok(
      bus.recording.some((frame) => frame.includes(point.toHex().slice(2, 66))),
      'the recorder hears what is not secret',
    );
    assert.ok(bus.recording.every((frame) => !frame.includes(z.toHex())));
  });

  it('nobody hears the credential that proves the AK', async () => {
    const credential = crypto.getRandomValues(new Uint8Array(32));
    const state = keptInMemory();
    const first = await openTeeTpm({ transport: await simulator.connect(), state });
    const { name } = first.ak;
    await first[Symbol.asyncDispose]();
    const { credentialBlob, secret } = await madeByTheTpm(simulator, name, credential);

    const bus = wire(await simulator.connect());
    await using tpm = await openTeeTpm({ transport: bus, state });
    assert.deepEqual(await tpm.activateCredential(credentialBlob, secret), credential);
    assert.ok(bus.recording.every((frame) => !frame.includes(credential.toHex())));
  });

  it('nobody alters a byte of the shared secret unnoticed, and the next call works again', async () => {
    const bus = wire(await simulator.connect());
    await using tpm = await openTeeTpm({ transport: bus, state: inMemory });
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
    await using tpm = await openTeeTpm({ transport: bus, state: inMemory });
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

function keptInMemory() {
  let bytes: Uint8Array | undefined;
  return { read: async () => bytes, write: async (state: Uint8Array) => void (bytes = state) };
}

async function madeByTheTpm(simulator: TestTpm, objectName: Uint8Array, credential: Uint8Array) {
  await using tpm = createTpm(await simulator.connect());
  return await tpm.turn(async (turn) => turn.run(MakeCredential, { handle: await loadEndorsementKey(turn) }, { credential, objectName }));
}
