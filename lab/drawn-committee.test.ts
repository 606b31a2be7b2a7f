import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { connectNats } from '@tea/host-nats';
import { startTee } from '@tea/cli';
import {
  challengeAnswer,
  collectBytes,
  decodeReply,
  decodeVotesFile,
  encodeCbor,
  encodeVotesFile,
  equalBytes,
  evidenceDigest,
  nodeSubject,
  fromHex,
  oneChunk,
  sha256,
  TeaError,
  type AppraisalPolicy,
  type VotesFile,
} from '@tea/protocol';
import { natsBus } from '@tea/protocol/bus';
import { ipfsClient, parseCid } from '@tea/protocol/ipfs';
import { layer1Provider } from '@tea/protocol/layer1';
import { imagesIn, openLedger, openReleaseLibrary, readAppraisal, readNode, readStandings } from '@tea/protocol/ledger';
import {
  accountFromSeed,
  announceNode,
  developmentAccount,
  inspectNode,
  laptopPolicy,
  registerNode,
  renewEvidence,
  ss58,
  verifyVotes,
  voteReasons,
  writeVotes,
} from '@tea/sdk';
import { appraiseNode, type CommitteeParts } from '../tee/runtime/committee.ts';
import { startDuties } from '../tee/runtime/duties.ts';
import { startLots } from '../tee/runtime/lots.ts';
import { foundPlayed, type PlayedNode } from './played-node.ts';
import { startTestNetwork, type TestNetwork } from './test-network.ts';

const operator = accountFromSeed('Grace', sha256(Uint8Array.of(71)));
const reach = { transports: ['https://grace.example', 'wss://grace.example/tea'], bootstrap: true };
const terms = { operator, hostAccount: operator.publicKey, gasPrice: 1_000n, allowance: 10_000_000_000_000n, reach };

/**
 * Five nodes: the demo's and the candidate are whole TEEs; three more members are the runtime's own lots, duties and committee, with accounts of their
 * own, in this process. One of those three is hostile: it votes against what it found.
 */
describe('a committee of four, drawn by lot, one of them hostile', () => {
  let network: TestNetwork;
  let candidate: Awaited<ReturnType<typeof startTee>>;
  let hostile: PlayedNode;
  const stack = new AsyncDisposableStack();
  const log: string[] = [];
  let member: CommitteeParts;

  async function sit(node: PlayedNode, judge: (candidate: Uint8Array, parts: CommitteeParts) => Promise<unknown>): Promise<void> {
    const credentials = network.host.credentials.client;
    const connection = await connectNats(credentials);
    stack.defer(() => connection.close());
    const ledger = stack.use(await openLedger(layer1Provider({ bus: natsBus(connection, credentials.inboxPrefix) })));
    const { id, account } = node;
    const parts: CommitteeParts = {
      ledger,
      ipfs: ipfsClient(connection),
      signer: account.signer,
      referenceValues: network.referenceValues,
      releases: openReleaseLibrary({ ledger, ipfs: ipfsClient(connection) }),
      releaseKey: null,
      challenge: async (to, request) => {
        const reply = await connection.request(nodeSubject(to, 'challenge'), encodeCbor({ ...request }), { timeout: 10_000 });
        return decodeReply(reply.data, challengeAnswer, 'answer to a challenge').secret;
      },
      random: (length) => crypto.getRandomValues(new Uint8Array(length)),
      now: () => new Date(),
    };
    member ??= parts;
    const tell = (event: string, error?: unknown): void => void log.push(`${node.operator.name}: ${event} ${String(error ?? '')}`);
    stack.use(startLots({ ledger, node: id, account, log: tell }));
    stack.use(startDuties({ ledger, node: id, signer: account.signer, appraise: async (of) => void (await judge(of, parts)), log: tell }));
  }

  before(async () => {
    network = stack.use(await startTestNetwork());
    const { tea } = network;
    const stake = tea.ledger.api.tx.Balances.transfer_keep_alive({
      dest: { type: 'Id', value: ss58(operator.publicKey) },
      value: 1_000_000_000_000_000n,
    });
    await tea.ledger.submit(stake, developmentAccount('Ferdie').signer);
    const own = (await readNode(tea.ledger, network.node))?.operator ?? assert.fail('the demo registered no node');
    const names = (['Alice', 'Bob', 'Charlie', 'Dave', 'Eve'] as const).filter((name) => !equalBytes(developmentAccount(name).publicKey, own));
    const played: PlayedNode[] = [];
    for (const name of names.slice(0, 3)) played.push(await foundPlayed(tea.ledger, developmentAccount(name)));
    const [first, second, third] = played;
    assert.ok(first && second && third);
    hostile = third;
    await sit(first, appraiseNode);
    await sit(second, appraiseNode);
    await sit(third, voteAgainstIt);
    candidate = stack.use(await startTee({ stateDir: join(network.stateDir, 'candidate'), credentials: network.host.credentials.tee }));
  });
  after(() => stack.disposeAsync());

  async function decided(digest: Uint8Array) {
    const { ledger } = network.tea;
    const appraisal = await ledger.waitFor(
      'all four votes',
      async () => readAppraisal(ledger, (await readNode(ledger, candidate.node))?.appraisal ?? assert.fail('no node')),
      (record) =>
        record !== null && equalBytes(record.evidenceDigest, digest) && record.seats.length === 4 && record.seats.every(({ vote }) => vote !== null),
    );
    assert.ok(appraisal);
    return appraisal;
  }

  test('does not keep a sound node out: three pass it, each on reasons that name its evidence', async () => {
    const { tea } = network;
    assert.deepEqual(await registerNode(tea, candidate.node, terms), { founding: false }, log.join('\n'));
    const record = await readNode(tea.ledger, candidate.node);
    assert.ok(record);
    const appraisal = await decided(record.evidenceDigest);
    assert.equal(appraisal.outcome, 'Admitted');
    assert.notEqual(appraisal.draw, null);
    assert.ok(!appraisal.seats.some(({ node }) => equalBytes(node, candidate.node)));
    for (const { node, vote } of appraisal.seats) {
      assert.equal(vote?.pass, !equalBytes(node, hostile.id));
      const reasons = await voteReasons(tea, vote?.reasonsDigest ?? assert.fail());
      assert.ok(equalBytes(reasons.evidence, record.evidenceDigest));
      // Its own reasons give the hostile one away: they say what it found.
      assert.equal(reasons.verdict, 'affirming');
      assert.equal(reasons.claims.find(({ id }) => id === 'ak.activation')?.ok, true);
    }
  });

  test('a wrong vote is shown to anybody, offline: the file names the one member who voted against the evidence', async () => {
    const { tea, referenceValues } = network;
    const file = await writeVotes(tea, candidate.node, referenceValues);
    const { verdict, exitCode, claims } = await verifyVotes(file);
    const seats = claims.filter(({ id }) => id === 'votes.seat');
    assert.equal(seats.length, 4);
    const wrong = claims.filter(({ outcome }) => outcome === 'failed');
    assert.deepEqual([verdict, exitCode, wrong.length], ['fails', 1, 1]);
    assert.match(wrong[0]?.expected ?? '', new RegExp(hostile.id.toHex()));
    assert.match(wrong[0]?.actual ?? '', /voted fail, on reasons that blame nothing/);
    assert.equal(claims.find(({ id }) => id === 'votes.nonce')?.outcome, 'ok');

    const path = join(network.stateDir, 'votes.json');
    await writeFile(path, file);
    const command = spawnSync(process.execPath, ['client/cli/main.ts', 'verify', path, '--json'], { encoding: 'utf8' });
    assert.equal(command.status, 1);
    assert.match(command.stdout, /votes\.seat/);

    const decoded = decodeVotesFile(file);
    const altered: [claim: string, file: VotesFile][] = [
      ['votes.record', { ...decoded, appraisal: decoded.appraisal - 1n }],
      ['votes.record', { ...decoded, evidence: decoded.evidence.with(9, 0) }],
      ['votes.record', { ...decoded, chain: { ...decoded.chain, proof: decoded.chain.proof.slice(1) } }],
      ['votes.seat', { ...decoded, reasons: decoded.reasons.toReversed() }],
    ];
    for (const [claim, change] of altered) {
      const report = await verifyVotes(encodeVotesFile(change));
      assert.ok(
        report.claims.some(({ id, outcome }) => id === claim && outcome === 'failed'),
        claim,
      );
    }
    const silent = await verifyVotes(encodeVotesFile({ ...decoded, reasons: [null, null, null, null] }));
    assert.deepEqual([silent.verdict, silent.exitCode], ['cannotTell', 2]);
    assert.equal((await verifyVotes(file.subarray(1))).exitCode, 1);
  });

  test('joining says where the node is reached; only its operator says otherwise, and only in print', async () => {
    const { tea } = network;
    const record = await readNode(tea.ledger, candidate.node);
    assert.deepEqual([record?.transports, record?.bootstrap], [reach.transports, true]);
    await assert.rejects(announceNode(tea, candidate.node, developmentAccount('Ferdie'), reach), /Nodes\.NotOperator/);
    await assert.rejects(announceNode(tea, candidate.node, operator, { ...reach, transports: ['a b'] }), /Nodes\.BadTransport/);
    await announceNode(tea, candidate.node, operator, { transports: [], bootstrap: false });
    assert.deepEqual((await readNode(tea.ledger, candidate.node))?.transports, []);
  });

  test('does not let an unsound node in: three refuse it, and its operator reads why', async () => {
    const { tea } = network;
    const { tx } = tea.ledger.api;
    const foreign = await collectBytes(tea.ipfs.cat((await tea.node(network.node).info()).evidenceCid));
    const { cid } = await tea.ipfs.add(oneChunk(foreign));
    const digest = evidenceDigest(foreign);
    await tea.ledger.submit(
      tx.Nodes.update_evidence({
        node_id: `0x${candidate.node.toHex()}`,
        evidence_cid: parseCid(cid).bytes,
        evidence_digest: `0x${digest.toHex()}`,
        class: { type: 'Simulated', value: undefined },
      }),
      operator.signer,
    );
    const appraisal = await decided(digest);
    assert.equal(appraisal.outcome, 'Refused');
    assert.deepEqual(
      appraisal.seats.filter(({ vote }) => vote?.pass === true).map(({ node }) => node),
      [hostile.id],
    );
    const record = await readNode(tea.ledger, candidate.node);
    assert.deepEqual([record?.status, record?.reason], ['Inactive', 'FoundWanting']);
    const report = await verifyVotes(await writeVotes(tea, candidate.node, network.referenceValues));
    const wrong = report.claims.filter(({ outcome }) => outcome === 'failed');
    assert.deepEqual([report.exitCode, wrong.length], [1, 1]);
    assert.match(wrong[0]?.expected ?? '', new RegExp(`${hostile.id.toHex()}: fail: .*ak\\.node`));
  });

  test('asks layer 1 whether the image is accepted: what governance revoked is refused, by members and by clients, and the block is named', async () => {
    const { tea, referenceValues } = network;
    const { tx } = tea.ledger.api;
    assert.deepEqual(await renewEvidence(tea, candidate.node, { operator }), { founding: false });
    const [image] = imagesIn(await collectBytes(tea.ipfs.cat((await tea.node(candidate.node).info()).evidenceCid)));
    assert.ok(image);
    const digest = `0x${image.digest.toHex()}` as const;
    const sudo = async (call: { readonly decodedCall: Parameters<typeof tx.Sudo.sudo>[0]['call'] }): Promise<void> => {
      await tea.ledger.submit(tx.Sudo.sudo({ call: call.decodedCall }), developmentAccount('Alice').signer);
    };
    const becomes = (wanted: string): Promise<unknown> =>
      tea.ledger.waitFor(
        `the image to be ${wanted}`,
        async () => (await readStandings(tea.ledger, [image])).value[0]?.standing,
        (standing) => standing === wanted,
      );
    const inspected = async (policy: AppraisalPolicy) => {
      const { result } = (await inspectNode(tea, candidate.node, { policy, referenceValues, now: new Date() })).appraisal;
      return { verdict: result.verdict, actual: result.claims.find(({ id }) => id === 'referenceValues.accepted')?.actual };
    };
    const registryPolicy: AppraisalPolicy = { ...laptopPolicy, name: 'on layer 1', acceptance: 'onLayer1' };
    assert.equal((await inspected(laptopPolicy)).verdict, 'affirming');
    const unknown = await inspected(registryPolicy);
    assert.equal(unknown.verdict, 'contraindicated');
    assert.match(unknown.actual ?? '', /never accepted/);

    const kind = { type: 'Image' as const, value: undefined };
    await sudo(tx.Releases.accept({ digest, kind, cid: Uint8Array.of(1), version: 1n, active_from: tea.ledger.blockNumber() + 5 }));
    await becomes('inForce');
    assert.equal((await inspected(registryPolicy)).verdict, 'affirming');

    await sudo(tx.Releases.revoke({ digest, revoked_from: tea.ledger.blockNumber() + 5 }));
    await becomes('revoked');
    for (const policy of [laptopPolicy, registryPolicy]) {
      const revoked = await inspected(policy);
      assert.equal(revoked.verdict, 'contraindicated');
      assert.match(revoked.actual ?? '', /revoked from block \d+ on/);
    }
    const ballot = await ballotOf(candidate.node, member);
    assert.equal(ballot.pass, false);
    const { claims } = await voteReasons(tea, fromHex(ballot.reasons_digest));
    assert.deepEqual(
      claims.filter(({ ok }) => ok === false).map(({ id }) => id),
      ['referenceValues.accepted'],
    );
  });
});

type Ballot = Parameters<CommitteeParts['ledger']['api']['tx']['Nodes']['vote']>[0];

/** What a member would vote now. */
async function ballotOf(candidate: Uint8Array, parts: CommitteeParts): Promise<Ballot> {
  let cast: Ballot | undefined;
  const submit: CommitteeParts['ledger']['submit'] = ({ decodedCall: { type, value } }) => {
    if (type === 'Nodes' && value.type === 'vote') cast = value.value as Ballot;
    return Promise.reject(new TeaError('cancelled', 'Kept from layer 1'));
  };
  await assert.rejects(appraiseNode(candidate, { ...parts, ledger: { ...parts.ledger, submit } }), /Kept from layer 1/);
  return cast ?? assert.fail('it did not vote');
}

/** Publishes honest reasons and votes the other way. */
async function voteAgainstIt(candidate: Uint8Array, parts: CommitteeParts): Promise<void> {
  const { ledger } = parts;
  const submit: typeof ledger.submit = (transaction, signer, options) => {
    const { type, value } = transaction.decodedCall;
    if (type !== 'Nodes' || value.type !== 'vote') return ledger.submit(transaction, signer, options);
    const ballot = value.value as Ballot;
    return ledger.submit(ledger.api.tx.Nodes.vote({ ...ballot, pass: !ballot.pass }), signer, options);
  };
  await appraiseNode(candidate, { ...parts, ledger: { ...ledger, submit } });
}
