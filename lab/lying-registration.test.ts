import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { startTee } from '@tea/cli';
import { collectBytes, evidenceDigest, isTeaError, sha256 } from '@tea/protocol';
import { parseCid } from '@tea/protocol/ipfs';
import { accountFromSeed, developmentAccount, ss58 } from '@tea/sdk';
import { operatorConsent } from './operator-consent.ts';
import { startTestNetwork } from './test-network.ts';

test("a sound TEE is registered under nobody else's account: layer 1 wants its consent, and the committee its own account", async () => {
  await using network = await startTestNetwork();
  const { tea, host, stateDir } = network;
  await using second = await startTee({ stateDir: join(stateDir, 'second'), credentials: host.credentials.tee });
  const { evidenceCid } = await tea.node(second.node).info();
  const evidence = await collectBytes(tea.ipfs.cat(evidenceCid));
  // Founded nothing: its node's judges are the others.
  const [operator, impostor] = [accountFromSeed('Mallory', sha256(Uint8Array.of(77))), developmentAccount('Ferdie')];
  const stake = { dest: { type: 'Id', value: ss58(operator.publicKey) }, value: 1_000_000_000_000_000n } as const;
  await tea.ledger.submit(tea.ledger.api.tx.Balances.transfer_keep_alive(stake), impostor.signer);
  const id = `0x${second.node.toHex()}` as const;
  const consent = operatorConsent(impostor, { chain: tea.ledger.genesis, node: second.node, operator: operator.publicKey });
  const register = (teeAccount: Uint8Array) =>
    tea.ledger.api.tx.Nodes.register({
      node_id: id,
      tee_account: ss58(teeAccount),
      host_account: ss58(operator.publicKey),
      evidence_cid: parseCid(evidenceCid).bytes,
      evidence_digest: `0x${evidenceDigest(evidence).toHex()}`,
      class: { type: 'Simulated', value: undefined },
      gas_price: 1n,
      consent,
    });
  await assert.rejects(
    tea.ledger.submit(register(second.account), operator.signer),
    (error) => isTeaError(error, 'chain') && error.actual === 'Nodes.BadConsent',
  );
  await tea.ledger.submit(register(impostor.publicKey), operator.signer);
  const judged = await tea.ledger.waitFor(
    'the verdict of the committee',
    () => tea.ledger.api.query.Nodes.Nodes.getValue(id),
    (node) => node?.status.type !== 'Pending',
  );
  assert.equal(judged?.status.type, 'Refused');
});
