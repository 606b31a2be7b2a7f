import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join as inFolder } from 'node:path';
import { Writable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import { openScreen, startTee } from '@tea/cli';
import { temporaryDirectory, type TemporaryDirectory } from '@tea/platform';
import {
  decodeReferenceValues,
  decodeVotesFile,
  encodeVotesFile,
  isTeaError,
  sha256,
  type AttestationResult,
  type ReferenceValues,
} from '@tea/protocol';
import type { NodeRecord } from '@tea/protocol/layer1';
import { readAppraisal, readNode } from '@tea/protocol/ledger';
import {
  acceptRelease,
  accountFromSeed,
  developmentAccount,
  inspectNode,
  laptopPolicy,
  registerNode,
  renewEvidence,
  revokeRelease,
  ss58,
  verifyVotes,
  voteReasons,
  writeVotes,
} from '@tea/sdk';
import { join } from '../client/cli/demo/join.ts';
import { PEOPLE } from '../client/cli/demo/people.ts';
import { referenceValues as referenceValuesCommand } from '../client/cli/commands/reference-values.ts';
import { startTestNetwork, type TestNetwork } from './test-network.ts';

const operator = accountFromSeed('Grace', sha256(Uint8Array.of(71)));
const terms = { operator, hostAccount: operator.publicKey, gasPrice: 1_000n, allowance: 10_000_000_000_000n };
/** Governance of a development network. */
const governance = developmentAccount('Alice');

type Image = { readonly release: Uint8Array; readonly values: ReferenceValues };

/** Two images of one release key, as `tea reference-values --image-release` leaves them. */
async function buildImages(directory: string): Promise<[Image, Image]> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = inFolder(directory, 'release.pem');
  await writeFile(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const build = async (issue: number): Promise<Image> => {
    const [out, release] = [inFolder(directory, `${issue}.cbor`), inFolder(directory, `${issue}.release`)];
    const screen = openScreen({ json: true, out: new Writable({ write: (_chunk, _encoding, done) => done() }) });
    const values = { key, signer: 'TEA releases', issue: String(issue), out, 'image-release': release };
    await referenceValuesCommand.run({ values, positionals: [], screen, signal: new AbortController().signal });
    return { release: new Uint8Array(await readFile(release)), values: decodeReferenceValues(new Uint8Array(await readFile(out))) };
  };
  return [await build(1), await build(2)];
}

describe('a network whose layer 1 releases software', { timeout: 240_000 }, () => {
  const stack = new AsyncDisposableStack();
  let directory: TemporaryDirectory;
  let network: TestNetwork;
  let first: Image;
  let second: Image;
  before(async () => {
    directory = stack.use(await temporaryDirectory('releases'));
    [first, second] = await buildImages(directory.path);
    network = stack.use(await startTestNetwork({ tee: { imageRelease: first.release } }));
    const { ledger } = network.tea;
    const stake = ledger.api.tx.Balances.transfer_keep_alive({ dest: { type: 'Id', value: ss58(operator.publicKey) }, value: 10n ** 15n });
    await ledger.submit(stake, developmentAccount('Ferdie').signer);
  });
  after(() => stack.disposeAsync());

  const until = (what: string, holds: (record: NodeRecord) => boolean, node = network.node): Promise<NodeRecord | null> =>
    network.tea.ledger.waitFor(
      what,
      () => readNode(network.tea.ledger, node),
      (record) => record !== null && holds(record),
    );

  /** What the committee said of a node's present evidence. */
  async function reasonsOf(node = network.node): Promise<{ readonly result: AttestationResult; readonly failed: readonly string[] }> {
    const { tea } = network;
    const appraisal = await readAppraisal(tea.ledger, (await readNode(tea.ledger, node))?.appraisal ?? assert.fail('no node'));
    const result = await voteReasons(tea, appraisal?.seats[0]?.vote?.reasonsDigest ?? assert.fail('no vote'));
    return { result, failed: result.claims.filter(({ ok }) => ok === false).map(({ id, actual }) => `${id}: ${actual}`) };
  }

  /** Layer 1 makes a block for each extrinsic: time goes by as fast as somebody pays for it. */
  async function passTo(block: number): Promise<void> {
    const { ledger } = network.tea;
    while (ledger.blockNumber() < block)
      await ledger.submit(ledger.api.tx.System.remark({ remark: new Uint8Array() }), developmentAccount('Dave').signer);
  }

  const votesAreRight = async (node = network.node) => {
    const file = await writeVotes(network.tea, node, network.referenceValues);
    const { verdict, claims } = await verifyVotes(file);
    assert.equal(verdict, 'holds', JSON.stringify(claims.filter(({ outcome }) => outcome !== 'ok')));
    return file;
  };

  test('that has released nothing lets nodes compare with themselves, says so, and needs no more than one command', async () => {
    const { result } = await reasonsOf();
    assert.deepEqual([result.policy.name, result.verdict], ['tea/laptop', 'affirming']);
    await votesAreRight();
    const looked = { policy: laptopPolicy, referenceValues: { otherwise: async () => network.referenceValues }, now: new Date() };
    const { referencesFrom, appraisal } = await inspectNode(network.tea, network.node, looked);
    assert.deepEqual([referencesFrom, appraisal.result.verdict], ['otherwise', 'affirming']);
  });

  test('accepts only what somebody signed, from its governance, once', async () => {
    const accepting = (values: ReferenceValues, by: typeof governance) => acceptRelease(network.tea, values, { governance: by });
    await assert.rejects(accepting(network.referenceValues, governance), (error) => isTeaError(error, 'badInput'));
    await assert.rejects(accepting(first.values, developmentAccount('Bob')), /RequireSudo/);
  });

  test('has its nodes appraised by the new policy as soon as the first release is in force', async () => {
    const { evidenceDigest: before } = (await until('the node', () => true)) ?? assert.fail();
    await acceptRelease(network.tea, first.values, { governance });
    await until('the renewal', ({ status, evidenceDigest }) => status === 'Active' && evidenceDigest.toHex() !== before.toHex());
    const { result } = await reasonsOf();
    assert.deepEqual([result.policy.name, result.verdict], ['tea/released', 'affirming']);
    assert.match(result.claims.find(({ id }) => id === 'referenceValues.accepted')?.actual ?? '', /version 1, in force since block/);
    await votesAreRight();
  });

  test('refuses an image that is not released, says which, and anybody who appraises it comes to the same', async () => {
    await using candidate = await startTee({ stateDir: inFolder(directory.path, 'unreleased'), credentials: network.host.credentials.tee });
    await assert.rejects(registerNode(network.tea, candidate.node, terms), /log\.known.*referenceValues\.accepted/s);
    assert.deepEqual((await readNode(network.tea.ledger, candidate.node))?.status, 'Refused');
    const { failed } = await reasonsOf(candidate.node);
    assert.match(failed.join('\n'), /referenceValues\.accepted: image [0-9a-f]{64}: layer 1 never accepted it/);
    const file = decodeVotesFile(await votesAreRight(candidate.node));

    // What tea up does with it when it is started again: it stays, for its operator to look at; tea demo ends.
    const { signal } = new AbortController();
    assert.deepEqual(await join(network.tea, candidate, { signal, stay: true }), { founding: false, active: false, why: 'Refused (FoundWanting)' });
    await assert.rejects(
      join(network.tea, candidate, { signal, stay: false }),
      (error) => isTeaError(error, 'refused') && /tea releases list/.test(error.message),
    );

    const looked = { policy: laptopPolicy, referenceValues: { otherwise: () => assert.fail('layer 1 says what to compare with') }, now: new Date() };
    const { referencesFrom, appraisal } = await inspectNode(network.tea, candidate.node, looked);
    assert.deepEqual([referencesFrom, appraisal.result.verdict], ['layer1', 'contraindicated']);

    const without = await verifyVotes(encodeVotesFile({ ...file, releases: [] }));
    assert.deepEqual([without.verdict, without.exitCode], ['cannotTell', 2]);
    const proof = file.chain.proof;
    const hidden = await Promise.all(
      proof.map((_, place) => verifyVotes(encodeVotesFile({ ...file, chain: { ...file.chain, proof: proof.toSpliced(place, 1) } }))),
    );
    assert.ok(
      hidden.every(({ verdict }) => verdict === 'fails'),
      'no part of the proof may be left out, a release least of all',
    );
  });

  test('refuses the next image before its block, tells its operator when that has come, and takes it then', async () => {
    const { tea, host, stateDir } = network;
    const secondFrom = tea.ledger.blockNumber() + 40;
    await acceptRelease(tea, second.values, { governance, atBlock: secondFrom });
    await network.tee[Symbol.asyncDispose]();
    const tee = stack.use(await startTee({ stateDir, credentials: host.credentials.tee, imageRelease: second.release }));
    assert.deepEqual(tee.node, network.node);
    await until('the verdict', ({ status }) => status === 'Inactive');
    const { failed } = await reasonsOf();
    assert.deepEqual(failed.length, 1);
    assert.match(failed[0] ?? '', new RegExp(`referenceValues\\.accepted: .*version 2, in force only from block ${secondFrom} on`));
    await votesAreRight();
    await passTo(secondFrom + 1);
    await renewEvidence(tea, network.node, { operator: PEOPLE.operator });
    assert.match(tee.child.stderrTail(), /layer 1 has its software in force now: tea node renew NODE/);
    const { result } = await reasonsOf();
    assert.equal(result.referenceValues.digest.toHex(), sha256(new Uint8Array(await readFile(inFolder(directory.path, '2.cbor')))).toHex());
    await votesAreRight();
  });

  test('still takes the old image beside the new one, until governance revokes it', async () => {
    await using old = await startTee({
      stateDir: inFolder(directory.path, 'old'),
      credentials: network.host.credentials.tee,
      imageRelease: first.release,
    });
    assert.deepEqual(await registerNode(network.tea, old.node, terms), { founding: false });
    const { digest } = (await reasonsOf(old.node)).result.referenceValues;
    const { atBlock } = await revokeRelease(network.tea, digest, { governance });
    await until('the verdict', ({ status }) => status === 'Inactive', old.node);
    const { failed } = await reasonsOf(old.node);
    assert.equal(failed.length, 1);
    assert.match(failed[0] ?? '', new RegExp(`referenceValues\\.accepted: .*version 1, revoked from block ${atBlock} on`));
    await votesAreRight(old.node);
    assert.equal((await readNode(network.tea.ledger, network.node))?.status, 'Active');
  });
});
