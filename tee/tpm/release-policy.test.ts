import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isTeaError, sha256 } from '@tea/protocol';
import { approvalToSign, pcrDigest, policyPcrDigest } from '@tea/protocol/tpm';
import { extendPcr, readPcrs, sha256Pcrs } from './pcrs.ts';
import type { ReleaseAuthority } from './release-policy.ts';
import { openResourceManager, type ResourceManager } from './resource-manager.ts';
import { openTeeTpm } from './tee-tpm.ts';
import { startTestTpm, type TestTpm } from './test-swtpm.ts';
import { createTpm } from './tpm.ts';
import { temporaryDirectory, type TemporaryDirectory } from '@tea/platform';

type Approvals = ReleaseAuthority['approvals'];
const PCRS = [0, 1, 2, 3, 4, 5, 6, 7, 9, 12];
const OLD_IMAGE = sha256(Uint8Array.of(1));
const NEW_IMAGE = sha256(Uint8Array.of(2));
const FOREIGN_IMAGE = sha256(Uint8Array.of(3));

async function releaseKeyPair(): Promise<{ publicPoint: Uint8Array; approve(image: Uint8Array): Promise<Approvals[number]> }> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  return {
    publicPoint: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)),
    async approve(image) {
      const policy = policyOf(image);
      const toSign = approvalToSign(policy) as BufferSource;
      return { policy, signature: new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, toSign)) };
    },
  };
}

/** What whoever builds an image computes without a TPM: PCR 12 extended once, the others zero. */
function policyOf(image: Uint8Array): Uint8Array {
  const zero = new Uint8Array(32);
  return policyPcrDigest(sha256Pcrs(PCRS), pcrDigest(PCRS.map((index) => (index === 12 ? sha256(zero, image) : zero))));
}

describe('the state of a TEE whose images a release key approves', { timeout: 90_000 }, () => {
  let directory: TemporaryDirectory;
  before(async () => {
    directory = await temporaryDirectory('release');
  });
  after(() => directory[Symbol.asyncDispose]());

  /** One start of the machine with this image measured. */
  async function secretOf(image: Uint8Array, release?: ReleaseAuthority): Promise<Uint8Array> {
    await using machine = await started(directory.path, image);
    await using tpm = await openTeeTpm({ transport: machine.manager.open(), stateDir: directory.path, pcrs: PCRS, ...(release && { release }) });
    return await tpm.stateSecret();
  }

  it('is opened by an upgraded image that the key approved, and by the old one again', async () => {
    const { publicPoint, approve } = await releaseKeyPair();
    const old = { publicPoint, approvals: [await approve(OLD_IMAGE)] };
    const both = { publicPoint, approvals: [await approve(NEW_IMAGE), await approve(OLD_IMAGE)] };
    const secret = await secretOf(OLD_IMAGE, old);
    assert.deepEqual(await secretOf(NEW_IMAGE, both), secret);
    assert.deepEqual(await secretOf(OLD_IMAGE, both), secret);
  });

  it('is refused to an image that nobody approved', async () => {
    const { publicPoint, approve } = await releaseKeyPair();
    const release = { publicPoint, approvals: [await approve(OLD_IMAGE)] };
    await assert.rejects(
      secretOf(FOREIGN_IMAGE, release),
      (error) => isTeaError(error, 'refused') && /release key has not approved this image/.test(error.message),
    );
    await assert.rejects(secretOf(FOREIGN_IMAGE, { ...release, approvals: [] }), (error) => isTeaError(error, 'refused'));
  });

  it('is refused by the TPM to an image whose approval is not signed, or signed by another key, or is the signature for another image', async () => {
    const { publicPoint, approve } = await releaseKeyPair();
    const policy = policyOf(FOREIGN_IMAGE);
    const byAnother = await (await releaseKeyPair()).approve(FOREIGN_IMAGE);
    const forAnother = { policy, signature: (await approve(OLD_IMAGE)).signature };
    for (const approval of [{ policy, signature: new Uint8Array(64) }, byAnother, forAnother]) {
      await assert.rejects(secretOf(FOREIGN_IMAGE, { publicPoint, approvals: [approval] }), (error) => isTeaError(error, 'tpm'));
    }
  });

  it("is another one for a foreign image that brings its own release key and that key's approval", async () => {
    const [ours, foreign] = [await releaseKeyPair(), await releaseKeyPair()];
    const secret = await secretOf(OLD_IMAGE, { publicPoint: ours.publicPoint, approvals: [await ours.approve(OLD_IMAGE)] });
    const other = await secretOf(FOREIGN_IMAGE, { publicPoint: foreign.publicPoint, approvals: [await foreign.approve(FOREIGN_IMAGE)] });
    assert.notDeepEqual(other, secret);
  });

  it('is bound to one image where there is no release key', async () => {
    const secret = await secretOf(OLD_IMAGE);
    assert.deepEqual(await secretOf(OLD_IMAGE), secret);
    assert.notDeepEqual(await secretOf(NEW_IMAGE), secret);
  });
});

type Machine = AsyncDisposable & { readonly manager: ResourceManager };

async function started(stateDir: string, image: Uint8Array): Promise<Machine> {
  const simulator: TestTpm = await startTestTpm({ stateDir });
  const manager = await openResourceManager({ connect: () => simulator.connect() });
  {
    await using launcher = createTpm(manager.open());
    await launcher.turn((turn) => extendPcr(turn, 12, image));
    assert.deepEqual((await launcher.turn((turn) => readPcrs(turn, [12])))[0]?.digest, sha256(new Uint8Array(32), image));
  }
  return {
    manager,
    async [Symbol.asyncDispose]() {
      await manager[Symbol.asyncDispose]();
      await simulator[Symbol.asyncDispose]();
    },
  };
}
