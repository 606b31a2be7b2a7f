import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { startTee } from '@tea/cli';
import { collectBytes, decodeEvidence, equalBytes, evidenceDigest, isTeaError, oneChunk, sha256 } from '@tea/protocol';
import { parseCid } from '@tea/protocol/ipfs';
import { readAppraisal, readNode } from '@tea/protocol/ledger';
import { accountFromSeed, developmentAccount, registerNode, ss58, verifyVotes, voteReasons, writeVotes } from '@tea/sdk';
import { startTestNetwork, type TestNetwork } from './test-network.ts';

/** Did not found this network, as all development accounts did: the nodes of those judge this one's. */
const operator = accountFromSeed('Grace', sha256(Uint8Array.of(71)));
const terms = { operator, hostAccount: operator.publicKey, gasPrice: 1_000n, allowance: 10_000_000_000_000n };

async function recorded({ tea }: TestNetwork, node: Uint8Array) {
  const record = await readNode(tea.ledger, node);
  assert.ok(record);
  const cid = parseCid((await tea.node(node).info()).evidenceCid);
  const { votes } = await votesOn(tea, record.appraisal);
  return { record, votes, offered: evidenceDigest(await collectBytes(tea.ipfs.cat(cid.toString()))), cid };
}

async function votesOn(tea: TestNetwork['tea'], appraisal: bigint) {
  const record = await readAppraisal(tea.ledger, appraisal);
  assert.ok(record);
  return { record, votes: record.seats.flatMap(({ operator: by, vote }) => (vote === null ? [] : [{ ...vote, operator: by }])) };
}

function verdictOn({ tea }: TestNetwork, node: Uint8Array, evidence: Uint8Array) {
  return tea.ledger.waitFor(
    'the verdict of the committee',
    () => readNode(tea.ledger, node),
    (record) => record !== null && equalBytes(record.evidenceDigest, evidence) && record.status !== 'Pending',
  );
}

test('a node of another operator is admitted by the votes of others, loses its place while it is appraised anew, and says why it was refused', async (t) => {
  await using network = await startTestNetwork();
  const { tea, host, stateDir } = network;
  const stake = tea.ledger.api.tx.Balances.transfer_keep_alive({
    dest: { type: 'Id', value: ss58(operator.publicKey) },
    value: 1_000_000_000_000_000n,
  });
  await tea.ledger.submit(stake, developmentAccount('Ferdie').signer);
  const options = { stateDir: join(stateDir, 'second'), credentials: host.credentials.tee };
  const first = await startTee(options);
  let receiptKey: Uint8Array;
  let admittedOn: Uint8Array;

  await t.test('admitted, not as founding, on reasons that anybody can read', async () => {
    await using running = { [Symbol.asyncDispose]: () => first[Symbol.asyncDispose]() };
    void running;
    assert.deepEqual(await registerNode(tea, first.node, terms), { founding: false });
    const { record, votes, offered, cid } = await recorded(network, first.node);
    assert.equal(votes.length, 1);
    const [vote] = votes;
    assert.ok(vote?.pass === true && !equalBytes(vote.operator, operator.publicKey));
    const reasons = await voteReasons(tea, vote.reasonsDigest);
    assert.equal(reasons.verdict, 'affirming');
    assert.ok(equalBytes(reasons.evidence, record.evidenceDigest) && equalBytes(offered, record.evidenceDigest));
    admittedOn = record.evidenceDigest;
    receiptKey = decodeEvidence(await collectBytes(tea.ipfs.cat(cid.toString()))).binding.receiptKey;
  });

  await using second = await startTee(options);
  await t.test('after a restart it has another receipt key, and its evidence of before is renewed and appraised again', async () => {
    assert.deepEqual(second.node, first.node);
    await tea.ledger.waitFor(
      'the node to renew its evidence by itself',
      () => readNode(tea.ledger, second.node),
      (record) => record?.status === 'Active' && !equalBytes(record.evidenceDigest, admittedOn),
    );
    const { record, offered, cid } = await recorded(network, second.node);
    assert.ok(equalBytes(record.evidenceDigest, offered));
    const { binding } = decodeEvidence(await collectBytes(tea.ipfs.cat(cid.toString())));
    assert.ok(!equalBytes(binding.receiptKey, receiptKey));
  });

  await t.test('evidence that does not hold is refused, with the claims that failed and what to do', async () => {
    const { tx } = tea.ledger.api;
    const { evidenceCid } = await tea.node(network.node).info();
    const foreign = await collectBytes(tea.ipfs.cat(evidenceCid));
    const update = tx.Nodes.update_evidence({
      node_id: `0x${second.node.toHex()}`,
      evidence_cid: parseCid(evidenceCid).bytes,
      evidence_digest: `0x${evidenceDigest(foreign).toHex()}`,
      class: { type: 'Simulated', value: undefined },
    });
    await tea.ledger.submit(update, operator.signer);
    const judged = await verdictOn(network, second.node, evidenceDigest(foreign));
    assert.ok(judged);
    assert.deepEqual([judged.status, judged.reason], ['Inactive', 'FoundWanting']);
    const [vote] = (await votesOn(tea, judged.appraisal)).votes;
    assert.ok(vote?.pass === false);
    const { claims } = await voteReasons(tea, vote.reasonsDigest);
    const failed = claims.filter(({ ok }) => ok === false);
    assert.ok(failed.some(({ id }) => id === 'ak.node'));
    assert.ok(failed.every(({ next }) => next !== ''));
  });

  await t.test('what is no evidence at all is refused too, instead of waiting for ever', async () => {
    const { cid, sha256: digest } = await tea.ipfs.add(oneChunk(Uint8Array.of(1, 2, 3)));
    const update = tea.ledger.api.tx.Nodes.update_evidence({
      node_id: `0x${second.node.toHex()}`,
      evidence_cid: parseCid(cid).bytes,
      evidence_digest: `0x${digest.toHex()}`,
      class: { type: 'Simulated', value: undefined },
    });
    await tea.ledger.submit(update, operator.signer);
    const judged = await verdictOn(network, second.node, digest);
    const { votes } = await votesOn(tea, judged?.appraisal ?? 0n);
    const reasons = await voteReasons(tea, votes[0]?.reasonsDigest ?? assert.fail());
    assert.deepEqual([judged?.status, judged?.reason, reasons.verdict], ['Inactive', 'FoundWanting', 'none']);
  });

  await t.test('sound evidence under a better class than its certificate shows is refused, for that alone', async () => {
    const { evidenceCid } = await tea.node(second.node).info();
    const digest = evidenceDigest(await collectBytes(tea.ipfs.cat(evidenceCid)));
    const update = tea.ledger.api.tx.Nodes.update_evidence({
      node_id: `0x${second.node.toHex()}`,
      evidence_cid: parseCid(evidenceCid).bytes,
      evidence_digest: `0x${digest.toHex()}`,
      class: { type: 'Tpm', value: undefined },
    });
    await tea.ledger.submit(update, operator.signer);
    const judged = await verdictOn(network, second.node, digest);
    const { votes } = await votesOn(tea, judged?.appraisal ?? 0n);
    const reasons = await voteReasons(tea, votes[0]?.reasonsDigest ?? assert.fail());
    assert.deepEqual(
      reasons.claims.filter(({ ok }) => ok === false).map(({ id, expected, actual }) => [id, expected, actual]),
      [['node.listedClass', 'simulated, or a weaker class', 'tpm']],
    );
    assert.equal((await verifyVotes(await writeVotes(tea, second.node, network.referenceValues))).verdict, 'holds');
  });

  await t.test('a digest that no vote published names no reasons', async () => {
    await assert.rejects(voteReasons(tea, sha256(Uint8Array.of(1))), (error) => isTeaError(error));
  });
});
