import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { test } from 'node:test';
import type { Ledger } from '@tea/protocol/ledger';
import { developmentAccount, explainErrand, inspect, laptopPolicy, readErrand, waitForState } from '@tea/sdk';
import { attestedErrand, startTestNetwork } from './test-network.ts';
import * as guests from './test-guests.ts';

test('a node that is gone for good while it runs costs the consumer nothing: the money comes back by the deadline, and explain says why', async () => {
  await using network = await startTestNetwork();
  const { tea } = network;
  const errand = await attestedErrand(network, { code: guests.patient, gasLimit: 1_000_000_000_000n });
  await errand.releaseAll();
  await waitForState(tea, errand.id, 'Running');
  network.tee.child.kill('SIGKILL'); // the launcher, which would start the TEE anew
  const freeBefore = (await readErrand(tea.ledger, errand.id)).held;
  assert.ok(freeBefore > 0n);
  await advanceTo(tea.ledger, (await readErrand(tea.ledger, errand.id)).deadline);
  await assert.rejects(waitForState(tea, errand.id, 'Settled'), { name: 'TeaError', code: 'refused' });
  const record = await readErrand(tea.ledger, errand.id);
  assert.equal(record.refund?.kind, 'ExecutorDidNotProve');
  assert.equal(record.held, 0n);
  assert.match(explainErrand(record).happened.join('\n'), /refunded, because the executor started and proved nothing in time/);
});

test('NATS killed and back: the errand goes on where it was', async () => {
  await using network = await startTestNetwork();
  const errand = await attestedErrand(network, { code: guests.polite });
  process.kill(network.host.nats.pid, 'SIGKILL');
  await errand.releaseAll().catch(() => undefined); // what was asked while the bus was away may fail, and can be asked again
  const record = await readErrand(network.tea.ledger, errand.id);
  if (record.state === 'Attested') await errand.releaseAll();
  await waitForState(network.tea, errand.id, 'Proved');
  assert.equal((await errand.result()).receipt.outcome, 'ok');
});

test('a node whose TPM is gone fails appraisal instead of passing without proof', async () => {
  await using network = await startTestNetwork();
  const { id } = await attestedErrand(network, { code: guests.polite });
  const simulators = childrenNamed('swtpm', network.stateDir);
  assert.equal(simulators.length, 1);
  for (const pid of simulators) process.kill(pid, 'SIGKILL');
  const { appraisal } = await inspect(network.tea, id, { policy: laptopPolicy, referenceValues: network.referenceValues, now: new Date() });
  assert.equal(appraisal.result.verdict, 'contraindicated');
  assert.equal(appraisal.node, null);
});

/** The development chain makes a block for each extrinsic: 180 remarks take seconds, the 180 blocks of a run's deadline three minutes. */
async function advanceTo({ api, blockNumber, submit }: Ledger, block: number): Promise<void> {
  const remark = api.tx.System.remark({ remark: new Uint8Array() });
  while (blockNumber() < block) await submit(remark, developmentAccount('Ferdie').signer);
}

/** Processes of that name that were started for this state directory. */
function childrenNamed(name: string, stateDir: string): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^[0-9]+$/.test(entry))
    .filter((pid) => {
      try {
        const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        // swtpm is told its paths relative to where it runs.
        return args.split('\0')[0]?.endsWith(name) === true && (args.includes(stateDir) || readlinkSync(`/proc/${pid}/cwd`).startsWith(stateDir));
      } catch {
        return false; // it ended meanwhile
      }
    })
    .map(Number);
}
