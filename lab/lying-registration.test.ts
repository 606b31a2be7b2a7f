import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { startTee } from '@tea/cli';
import { collectBytes, evidenceDigest } from '@tea/protocol';
import { parseCid } from '@tea/protocol/ipfs';
import { developmentAccount, ss58 } from '@tea/sdk';
import { startTestNetwork } from './test-network.ts';

test("a sound TEE registered under somebody else's account is not admitted", async () => {
  await using network = await startTestNetwork();
  const { tea, host, stateDir } = network;
  await using second = await startTee({ stateDir: join(stateDir, 'second'), credentials: host.credentials.tee });
  const { evidenceCid } = await tea.node(second.node).info();
  const evidence = await collectBytes(tea.ipfs.cat(evidenceCid));
  const [operator, impostor] = [developmentAccount('Eve'), developmentAccount('Ferdie')];
  const id = `0x${second.node.toHex()}` as const;
  const register = tea.ledger.api.tx.Nodes.register({
    node_id: id,
    tee_account: ss58(impostor.publicKey),
    host_account: ss58(operator.publicKey),
    evidence_cid: parseCid(evidenceCid).bytes,
    evidence_digest: `0x${evidenceDigest(evidence).toHex()}`,
    class: { type: 'Simulated', value: undefined },
    gas_price: 1n,
  });
  await tea.ledger.submit(register, operator.signer);
  const judged = await tea.ledger.waitFor(
    'the verdict of the committee',
    () => tea.ledger.api.query.Nodes.Nodes.getValue(id),
    (node) => node?.status.type !== 'Pending',
  );
  assert.notEqual(judged?.status.type, 'Active');
});
