import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { requireTool, temporaryDirectory, type TemporaryDirectory } from '@tea/platform';
import { concatBytes, EVIDENCE_PCRS } from '@tea/protocol';
import { decodePublicArea, decodeQuote, decodeSignature, encodeTpm, publicKeyFromPublicArea, UINT16, webCryptoSignature } from '@tea/protocol/tpm';
import { password } from './authorization.ts';
import { CreatePrimary } from './commands/objects.ts';
import { creationParameters, RSA_ENDORSEMENT_KEY } from './key-templates.ts';
import { openTeeTpm, type TeeTpm } from './tee-tpm.ts';
import { startTestTpm } from './test-swtpm.ts';
import { createTpm, TPM_RH } from './tpm.ts';

const run = promisify(execFile);
requireTool('tpm2_checkquote', 'tpm2-tools'); // a machine without them must not seem to have passed
const NONCE = Uint8Array.fromHex('00112233445566778899aabbccddeeff');

/** An independent implementation reads what ours made, and the other way round. The tools get files alone, not the TPM. */
describe('tpm2-tools', { timeout: 60_000 }, () => {
  const opened = new AsyncDisposableStack();
  let directory: TemporaryDirectory;
  let tpm: TeeTpm;
  let ekPublic: Uint8Array;
  before(async () => {
    directory = opened.use(await temporaryDirectory('tpm2-tools'));
    const simulator = opened.use(await startTestTpm());
    {
      await using first = createTpm(await simulator.connect());
      ekPublic = await first.turn(async (turn) => {
        const ek = await turn.run(CreatePrimary, { primaryHandle: TPM_RH.endorsement }, creationParameters(RSA_ENDORSEMENT_KEY), [password()]);
        turn.flushAfter(ek.objectHandle);
        return ek.outPublic;
      });
    }
    tpm = opened.use(await openTeeTpm({ transport: await simulator.connect(), stateDir: directory.path }));
  });
  after(() => opened.disposeAsync());

  const file = async (name: string, content: Uint8Array): Promise<string> => {
    const path = join(directory.path, name);
    await writeFile(path, content);
    return path;
  };
  const pem = (publicArea: Uint8Array): Uint8Array => {
    const { spki } = publicKeyFromPublicArea(publicArea);
    return new TextEncoder().encode(`-----BEGIN PUBLIC KEY-----\n${spki.toBase64().replace(/.{64}/g, '$&\n')}\n-----END PUBLIC KEY-----\n`);
  };

  it('check our quote, and refuse it for another nonce', async () => {
    const { attest, signature } = await tpm.quote(NONCE);
    const [key, message, sig] = await Promise.all([file('ak.pem', pem(tpm.ak.publicArea)), file('quote', attest), file('sig', signature)]);
    const check = (nonce: Uint8Array): Promise<unknown> =>
      run('tpm2_checkquote', ['-u', key, '-m', message, '-s', sig, '-g', 'sha256', '-q', nonce.toHex()]);
    await check(NONCE);
    await assert.rejects(check(NONCE.map((byte) => byte ^ 1)));
  });

  it('leave our certification to OpenSSL, which accepts it', async () => {
    const { attest, signature } = tpm.sealingKey.certification;
    const raw = webCryptoSignature(decodeSignature(signature));
    const [key, message, sig] = await Promise.all([file('ak.pem', pem(tpm.ak.publicArea)), file('certify', attest), file('raw', raw)]);
    await run('openssl', ['dgst', '-sha256', '-verify', key, '-signature', sig, message]);
  });

  it('print a quote as we decode it, 64-bit numbers included', async () => {
    const { attest } = await tpm.quote(NONCE);
    const { stdout } = await run('tpm2_print', ['-t', 'TPMS_ATTEST', await file('attest', attest)]);
    const quote = decodeQuote(attest);
    assert.match(stdout, new RegExp(`extraData: ${NONCE.toHex()}`));
    assert.match(stdout, new RegExp(`clock: ${quote.clockInfo.clock}\\s`));
    assert.match(stdout, new RegExp(`resetCount: ${quote.clockInfo.resetCount}\\s`));
    assert.match(stdout, new RegExp(`firmwareVersion: ${asInMemory(quote.firmwareVersion)}\\s`));
    assert.match(stdout, new RegExp(`pcrDigest: ${quote.pcrDigest.toHex()}`));
    const selected = /pcrSelect: ([0-9a-f]+)/i.exec(stdout)?.[1] ?? '';
    const bitmap = Uint8Array.fromHex(selected);
    assert.deepEqual(
      EVIDENCE_PCRS.filter((index) => ((bitmap[index >> 3]! >> (index & 7)) & 1) === 1),
      EVIDENCE_PCRS,
    );
  });

  it('print our public areas with the attributes and the policy we decode', async () => {
    for (const { publicArea } of [tpm.ak, tpm.sealingKey]) {
      const sized = concatBytes(encodeTpm(UINT16, publicArea.length), publicArea);
      const { stdout } = await run('tpm2_print', ['-t', 'TPM2B_PUBLIC', await file('public', sized)]);
      const { type, attributes, authPolicy } = decodePublicArea(publicArea);
      const set = Object.entries(attributes)
        .filter(([, bit]) => bit)
        .map(([name]) => name.toLowerCase());
      const printed = /attributes:\n\s+value: (\S+)/.exec(stdout)?.[1]?.split('|') ?? [];
      assert.deepEqual(printed.toSorted(), set.toSorted());
      assert.match(stdout, new RegExp(`type:\\n\\s+value: ${type}`));
      if (authPolicy.length > 0) assert.match(stdout, new RegExp(authPolicy.toHex()));
    }
  });

  it('make a credential that our TPM activates', async () => {
    const secret = crypto.getRandomValues(new Uint8Array(32));
    const [ek, credential] = await Promise.all([file('ek.pub', concatBytes(encodeTpm(UINT16, ekPublic.length), ekPublic)), file('secret', secret)]);
    const out = join(directory.path, 'credential');
    await run('tpm2_makecredential', ['-T', 'none', '-u', ek, '-s', credential, '-n', tpm.ak.name.toHex(), '-o', out]);
    const made = new Uint8Array(await readFile(out));
    // tpm2-tools' file: magic BADCC0DE, version 1, TPM2B_ID_OBJECT, TPM2B_ENCRYPTED_SECRET.
    const view = new DataView(made.buffer);
    assert.equal(view.getUint32(0), 0xbadcc0de);
    const blobSize = view.getUint16(8);
    const blob = made.slice(10, 10 + blobSize);
    assert.deepEqual(await tpm.activateCredential(blob, made.slice(12 + blobSize)), secret);
  });
});

/** tpm2_print shows this one number as the bytes of its host's memory. */
function asInMemory(version: bigint): string {
  return new Uint8Array(BigUint64Array.of(version).buffer).toHex();
}
