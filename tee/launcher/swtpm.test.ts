import assert from 'node:assert/strict';
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { spawnChild, temporaryDirectory, type TemporaryDirectory } from '@tea/platform';
import { isTeaError } from '@tea/protocol';
import { TPM_CC } from '@tea/protocol/tpm';
import { connectSwtpm, openTeeTpm, type TpmTransport } from '@tea/tpm';
import { startSwtpm } from './swtpm.ts';

/** Behind the header: TPM2B_PUBLIC, whose last field is the modulus. */
const modulusOffset = (response: Uint8Array): number => 10 + 2 + new DataView(response.buffer, response.byteOffset).getUint16(10) - 256;

const readable = async (directory: string): Promise<string[]> => (await readdir(directory, { recursive: true })).map(String);

describe('a TPM simulator of one node', { timeout: 60_000 }, () => {
  let directory: TemporaryDirectory;
  let stateDir: string;
  before(async () => {
    directory = await temporaryDirectory('swtpm');
    stateDir = join(directory.path, 'tpm');
    await using swtpm = await startSwtpm({ stateDir });
    assert.ok(swtpm.pid > 0);
  });
  after(() => directory[Symbol.asyncDispose]());

  it('has an RSA-2048 EK whose certificate chains to its own local CA', async () => {
    await using swtpm = await startSwtpm({ stateDir });
    await using tpm = await openTeeTpm({ transport: await connectSwtpm(swtpm), stateDir });
    const [ek] = (await tpm.ekCertificates()).map((der) => new X509Certificate(der));
    const [issuer, root] = swtpm.caCertificates.map((der) => new X509Certificate(der));
    assert.ok(ek && issuer && root);
    assert.deepEqual([ek.publicKey.asymmetricKeyType, ek.publicKey.asymmetricKeyDetails?.modulusLength], ['rsa', 2048]);
    assert.ok(ek.verify(issuer.publicKey) && issuer.verify(root.publicKey) && root.verify(root.publicKey));
  });

  it('is not believed when somebody before it offers an endorsement key of his own: no secret goes there', async () => {
    await using swtpm = await startSwtpm({ stateDir });
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const modulus = Uint8Array.fromBase64(publicKey.export({ format: 'jwk' }).n ?? '', { alphabet: 'base64url' });
    const genuine = await connectSwtpm(swtpm);
    const interposer: TpmTransport = {
      description: genuine.description,
      async transmit(command) {
        const response = await genuine.transmit(command);
        const code = new DataView(command.buffer, command.byteOffset).getUint32(6);
        if (code === TPM_CC.readPublic) response.set(modulus, modulusOffset(response));
        return response;
      },
      [Symbol.asyncDispose]: () => genuine[Symbol.asyncDispose](),
    };
    await using tpm = await openTeeTpm({ transport: interposer, stateDir });
    await assert.rejects(tpm.stateSecret(), (error) => isTeaError(error, 'refused') && /not the one its certificate names/.test(error.message));
  });

  it('is the same TPM after a restart: certificates, AK and sealing key', async () => {
    const identities: unknown[] = [];
    for (let round = 0; round < 3; round++) {
      await using swtpm = await startSwtpm({ stateDir });
      await using tpm = await openTeeTpm({ transport: await connectSwtpm(swtpm), stateDir });
      identities.push([await tpm.ekCertificates(), tpm.ak, tpm.sealingKey.name, swtpm.caCertificates]);
    }
    assert.deepEqual(identities[1], identities[0]);
    assert.deepEqual(identities[2], identities[0]);
  });

  it('keeps no key of its CA, and nothing that others on the machine may read', async () => {
    const names = await readable(stateDir);
    assert.deepEqual(
      names.filter((name) => /key\.pem|setup|manufacturing|\.sock/.test(name)),
      [],
    );
    assert.equal((await stat(stateDir)).mode & 0o777, 0o700);
  });

  it('has an EK of its own, unlike any other', async () => {
    const other = join(directory.path, 'other');
    const certificates: string[] = [];
    for (const home of [stateDir, other]) {
      await using swtpm = await startSwtpm({ stateDir: home });
      await using tpm = await openTeeTpm({ transport: await connectSwtpm(swtpm), stateDir: home });
      certificates.push((await tpm.ekCertificates())[0]?.toHex() ?? '');
    }
    assert.notEqual(certificates[0], certificates[1]);
  });

  it('refuses a second start on the same state and keeps serving the first', async () => {
    await using swtpm = await startSwtpm({ stateDir });
    await assert.rejects(
      startSwtpm({ stateDir }),
      (error) => isTeaError(error, 'unavailable') && /stop it or choose another directory/.test(error.message),
    );
    await using tpm = await openTeeTpm({ transport: await connectSwtpm(swtpm), stateDir });
    assert.equal((await tpm.quote(new Uint8Array(32))).attest.length, 145);
  });

  it('starts where an earlier one was killed, and takes away the socket it left', async () => {
    {
      await using swtpm = await startSwtpm({ stateDir });
      process.kill(swtpm.pid, 'SIGKILL');
      await swtpm.exited;
      await writeFile(join(stateDir, 'left-behind.sock'), '');
    }
    await using swtpm = await startSwtpm({ stateDir });
    assert.deepEqual((await readdir(stateDir)).filter((name) => name.endsWith('.sock')).length, 1);
    assert.ok(existsSync(swtpm.socketPath));
  });

  it('is gone with its socket once disposed', async () => {
    const swtpm = await startSwtpm({ stateDir });
    await swtpm[Symbol.asyncDispose]();
    await swtpm.exited;
    assert.ok(!existsSync(swtpm.socketPath));
  });

  it('starts over when its manufacture was interrupted', async () => {
    const home = join(directory.path, 'interrupted');
    const controller = new AbortController();
    const starting = assert.rejects(startSwtpm({ stateDir: home, signal: controller.signal }), (error) => isTeaError(error, 'cancelled'));
    while (!existsSync(join(home, 'manufacturing', 'setup', 'swtpm_setup.conf'))) await delay(2);
    controller.abort();
    await starting;
    await using swtpm = await startSwtpm({ stateDir: home });
    assert.equal(swtpm.caCertificates.length, 2);
  });

  it('runs where neither its own options nor a socket could take the path', async () => {
    await using swtpm = await startSwtpm({ stateDir: join(directory.path, 'a, b', 'x'.repeat(120)) });
    await using tpm = await openTeeTpm({ transport: await connectSwtpm(swtpm), stateDir: directory.path });
    assert.equal((await tpm.quote(new Uint8Array(32))).attest.length, 145);
  });

  it('that is damaged says what swtpm said', async () => {
    const home = join(directory.path, 'damaged');
    await (await startSwtpm({ stateDir: home }))[Symbol.asyncDispose]();
    await writeFile(join(home, 'tpm', 'tpm2-00.permall'), 'nonsense');
    await assert.rejects(
      startSwtpm({ stateDir: home }),
      (error) => isTeaError(error, 'unavailable') && /Could not initialize libtpms/.test(error.message),
    );
  });
});

describe('where a program is missing', { timeout: 60_000 }, () => {
  /** A child, because PATH belongs to the whole process. */
  async function startWith(path: string): Promise<string> {
    const program = `const { startSwtpm } = await import(${JSON.stringify(import.meta.resolve('./swtpm.ts'))});
      await startSwtpm({ stateDir: process.argv[1] }).then((swtpm) => swtpm[Symbol.asyncDispose](), (error) => console.log(error.code, error.message));`;
    await using directory = await temporaryDirectory('path');
    await using child = await spawnChild({
      name: 'start',
      command: process.execPath,
      args: ['--input-type=module', '--eval', program, directory.path],
      env: { PATH: path },
    });
    let said = '';
    child.stdout.on('data', (text: Buffer) => (said += text.toString()));
    await child.exited;
    return said;
  }

  it('says what to install', async () => {
    assert.match(await startWith('/nonexistent'), /^missingTool .*apt-get install swtpm$/m);
  });

  it('says what to install for the manufacture', async () => {
    await using directory = await temporaryDirectory('tools');
    const tool = join(directory.path, 'swtpm');
    await mkdir(directory.path, { recursive: true });
    await writeFile(tool, '#!/bin/sh\n');
    await chmod(tool, 0o755);
    assert.match(await startWith(directory.path), /^missingTool .*apt-get install swtpm-tools$/m);
  });
});
