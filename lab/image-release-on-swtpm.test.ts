import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { openScreen, startTee } from '@tea/cli';
import { temporaryDirectory, type TemporaryDirectory } from '@tea/platform';
import { decodeImageRelease, encodeImageRelease, equalBytes, type ActiveListVerdict } from '@tea/protocol';
import { readNode } from '@tea/protocol/ledger';
import { askActiveList, laptopPolicy, renewEvidence } from '@tea/sdk';
import { referenceValues } from '../client/cli/commands/reference-values.ts';
import { PEOPLE } from '../client/cli/demo/people.ts';
import { startTestNetwork, type TestNetwork } from './test-network.ts';

/** What `tea reference-values --image-release` leaves for whoever runs nodes. */
async function release(directory: string, key: string, issue: number): Promise<Uint8Array> {
  const file = join(directory, `${key}-${issue}`);
  const screen = openScreen({ json: true, out: new Writable({ write: (_chunk, _encoding, done) => done() }) });
  const options = { key: join(directory, `${key}.pem`), signer: key, issue: String(issue), out: `${file}.cbor`, 'image-release': `${file}.release` };
  assert.equal(await referenceValues.run({ values: options, positionals: [], screen, signal: new AbortController().signal }), 0);
  return new Uint8Array(await readFile(`${file}.release`));
}

describe('a TEE whose images a release key approves, on a real TPM', { timeout: 240_000 }, () => {
  let directory: TemporaryDirectory;
  let network: TestNetwork;
  let first: Uint8Array;
  let firstList: ActiveListVerdict;
  let second: Uint8Array;
  let foreign: Uint8Array;
  before(async () => {
    directory = await temporaryDirectory('image-release');
    for (const name of ['ours', 'foreign']) {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      await writeFile(join(directory.path, `${name}.pem`), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    }
    first = await release(directory.path, 'ours', 1);
    second = await release(directory.path, 'ours', 2);
    foreign = await release(directory.path, 'foreign', 3);
    network = await startTestNetwork({ tee: { imageRelease: first, receiptGatherMs: 20 } });
    const now = new Date();
    const options = { policy: laptopPolicy, referenceValues: network.referenceValues, now };
    firstList = (await askActiveList(network.tea, network.node, options)).verdict;
    await network.tee[Symbol.asyncDispose]();
  });
  after(async () => {
    await network?.[Symbol.asyncDispose]();
    await directory[Symbol.asyncDispose]();
  });

  const start = (imageRelease: Uint8Array | undefined, stateDir = network.stateDir) =>
    startTee({ stateDir, credentials: network.host.credentials.tee, imageRelease });
  const refused = (imageRelease: Uint8Array | undefined, why: RegExp, stateDir?: string) =>
    assert.rejects(async () => {
      await using tee = await start(imageRelease, stateDir);
      void tee;
    }, why);

  it('runs its system actors by manifests of that key', () => {
    assert.ok(firstList.ok, JSON.stringify(firstList));
  });

  it('is closed to a foreign image that brings another release key, and to one that brings none', async () => {
    await refused(foreign, /not sealed by this TEE/);
    await refused(undefined, /not sealed by this TEE/);
  });

  it('is closed to an image with the right key in it that this key did not approve, whoever else did', async () => {
    const { key } = decodeImageRelease(first);
    await refused(encodeImageRelease({ key, issue: 2, approvals: [] }), /release key has not approved this image/);
    const { approvals } = decodeImageRelease(second);
    const forged = approvals.map(({ policy }) => ({ policy, signature: new Uint8Array(64).fill(1) }));
    await refused(encodeImageRelease({ key, issue: 2, approvals: forged }), /TPM_RC_SIGNATURE/);
  });

  it('is opened by a later image that the key approved: the same node and account, admitted again on its new measurements', async () => {
    await cp(join(network.stateDir, 'tee/state'), join(directory.path, 'before-upgrade'), { recursive: true });
    const before = await readNode(network.tea.ledger, network.node);
    await using tee = await start(second);
    assert.deepEqual([tee.node, tee.account], [network.tee.node, network.tee.account]);
    await renewEvidence(network.tea, tee.node, { operator: PEOPLE.operator });
    const renewed = await readNode(network.tea.ledger, tee.node);
    assert.equal(renewed?.status, 'Active');
    assert.ok(before && !equalBytes(before.evidenceDigest, renewed.evidenceDigest));
  });

  it('is closed again to the image that was replaced, with the state as it is and with a copy from before the upgrade', async () => {
    await refused(first, /later image of this TEE ran here/);
    await cp(join(directory.path, 'before-upgrade'), join(network.stateDir, 'tee/state'), { recursive: true });
    await refused(first, /old copy/);
    await refused(second, /old copy/);
  });

  it('is of no use on another TPM', async () => {
    const elsewhere = join(directory.path, 'elsewhere');
    await mkdir(join(elsewhere, 'tee'), { recursive: true });
    await cp(join(network.stateDir, 'tee/state'), join(elsewhere, 'tee/state'), { recursive: true });
    await refused(second, /belong to another TPM/, elsewhere);
  });
});
