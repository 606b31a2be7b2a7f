import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { openScreen, startTee } from '@tea/cli';
import { collectBytes, decodeEvidence, equalBytes, evidenceDigest, fromHex, oneChunk } from '@tea/protocol';
import { decodeCid, parseCid } from '@tea/protocol/ipfs';
import { encodeU32, type NodeRecord } from '@tea/protocol/layer1';
import { readAppraisal, readNode } from '@tea/protocol/ledger';
import { developmentAccount, renewEvidence, voteReasons } from '@tea/sdk';
import { node as nodeCommand } from '../client/cli/commands/node.ts';
import { PEOPLE } from '../client/cli/demo/people.ts';
import { offerNetwork } from '../client/cli/running-network.ts';
import { startTestNetwork } from './test-network.ts';

test('a node stays admitted by itself, and says what its operator must do when it can not', { timeout: 120_000 }, async (t) => {
  await using network = await startTestNetwork();
  const { tea, node, stateDir, host } = network;
  const until = (what: string, holds: (record: NodeRecord) => boolean) =>
    tea.ledger.waitFor(
      what,
      () => readNode(tea.ledger, node),
      (record) => record !== null && holds(record),
    );
  const registered = async () => (await readNode(tea.ledger, node)) ?? assert.fail();
  const evidenceOf = async ({ evidenceCid }: NodeRecord) => {
    const bytes = await collectBytes(tea.ipfs.cat(decodeCid(evidenceCid).toString()));
    return { bytes, ...decodeEvidence(bytes) };
  };
  const before = await registered();
  await network.tee[Symbol.asyncDispose]();
  await using tee = await startTee({ stateDir, credentials: host.credentials.tee });
  assert.deepEqual(tee.node, node);

  await t.test('started anew, it renews its evidence with nobody asking: another boot of the TPM, another receipt key', async () => {
    const after = await until(
      'the renewal',
      ({ status, evidenceDigest: digest }) => status === 'Active' && !equalBytes(digest, before.evidenceDigest),
    );
    assert.ok(after !== null && after.expiresAt > before.expiresAt);
    const [old, renewed] = [await evidenceOf(before), await evidenceOf(after)];
    assert.ok(!equalBytes(old.binding.receiptKey, renewed.binding.receiptKey));
    assert.ok(equalBytes(old.akPublic, renewed.akPublic));
  });

  await t.test('evidence that does not hold makes it Inactive, for claims that its operator can read, and heartbeats do not help', async () => {
    const { bytes } = await evidenceOf(await registered());
    const altered = bytes.with(bytes.length - 1, (bytes.at(-1) ?? 0) ^ 1);
    const { cid } = await tea.ipfs.add(oneChunk(altered));
    const update = tea.ledger.api.tx.Nodes.update_evidence({
      node_id: `0x${node.toHex()}`,
      evidence_cid: parseCid(cid).bytes,
      evidence_digest: `0x${evidenceDigest(altered).toHex()}`,
      class: { type: 'Simulated', value: undefined },
    });
    await tea.ledger.submit(update, PEOPLE.operator.signer);
    const failed = await until(
      'the verdict',
      ({ status, evidenceDigest: digest }) => status !== 'Pending' && equalBytes(digest, evidenceDigest(altered)),
    );
    assert.deepEqual([failed?.status, failed?.reason], ['Inactive', 'FoundWanting']);
    const appraisal = await readAppraisal(tea.ledger, failed?.appraisal ?? 0n);
    const against = appraisal?.seats.find(({ vote }) => vote?.pass === false)?.vote;
    const reasons = await voteReasons(tea, against?.reasonsDigest ?? assert.fail());
    assert.notEqual(reasons.verdict, 'affirming');
  });

  await t.test('its TEE leaves it at that, and its operator brings it back', async () => {
    const wanting = await registered();
    const height = tea.ledger.blockNumber();
    await tea.ledger.waitFor(
      'some blocks',
      async () => tea.ledger.blockNumber(),
      (now) => now >= height + 6,
    );
    assert.deepEqual((await registered()).evidenceDigest, wanting.evidenceDigest);
    await using _ = await offerNetwork({ stateDir, client: network.client });
    const run = async (...positionals: string[]): Promise<{ readonly code: number; readonly said: string }> => {
      let said = '';
      const out = new Writable({
        write(chunk, _encoding, done) {
          said += String(chunk);
          done();
        },
      });
      const invocation = { values: { dir: stateDir }, screen: openScreen({ json: false, out }), signal: new AbortController().signal };
      return { code: await nodeCommand.run({ ...invocation, positionals }), said };
    };
    const wanted = await run('status', node.toHex());
    assert.equal(wanted.code, 1);
    assert.match(wanted.said, /Inactive \(FoundWanting\)[^]*✗ [^]*What to do\n {2}1\. [^]*tea node renew NODE/);
    assert.match(wanted.said, /released no software/);
    const renewed = await run('renew', node.toHex());
    assert.equal(renewed.code, 0);
    assert.match(renewed.said, /Inactive \(FoundWanting\)[^]*Active \(Admitted\)/);
    assert.equal((await registered()).status, 'Active');
    assert.equal((await run('status', node.toHex())).code, 0);
    assert.match((await run('status')).said, new RegExp(`${node.toHex()} +Active +Admitted`));
    await assert.rejects(run('status', '00'.repeat(32)), { code: 'notFound' });
  });

  await t.test('before its evidence expires it brings new, with nobody asking', async () => {
    const { api } = tea.ledger;
    const sudo = developmentAccount('Alice').signer;
    const submit = (call: Parameters<typeof tea.ledger.submit>[0]): Promise<unknown> => tea.ledger.submit(call, sudo);
    const lifetime = 24;
    const key = fromHex(await api.query.Nodes.EvidenceLifetime.getKey());
    const call = api.tx.System.set_storage({ items: [[key, encodeU32(lifetime)]] }).decodedCall;
    await submit(api.tx.Sudo.sudo({ call }));
    await renewEvidence(tea, node, { operator: PEOPLE.operator });
    const fresh = await registered();
    assert.ok(fresh.expiresAt - tea.ledger.blockNumber() <= lifetime);
    while (tea.ledger.blockNumber() < fresh.expiresAt - lifetime / 4) await submit(api.tx.System.remark({ remark: new Uint8Array() }));
    const renewal = await until(
      'the renewal',
      ({ status, evidenceDigest: digest }) => status === 'Active' && !equalBytes(digest, fresh.evidenceDigest),
    );
    assert.ok(renewal !== null && renewal.expiresAt > fresh.expiresAt);
  });
});
