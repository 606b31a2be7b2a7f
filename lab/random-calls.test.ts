import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startChain } from '@tea/layer1-chain';
import { temporaryDirectory } from '@tea/platform';
import { openLedger } from '@tea/protocol/ledger';
import { portProvider } from '../host/layer1/chain/testing/port-client.ts';
import { seeded } from './fuzz/seeded.ts';
import { ErrandWalk } from './random-calls/errand-walk.ts';
import { checkInvariants, type Seen } from './random-calls/invariants.ts';
import { Walk } from './random-calls/walk.ts';

const CALLS = 2_000;
const CHECK_EVERY_ROUNDS = 10;
/** What a walk must have got through, or it would show nothing about it. */
const MUST_SUCCEED = [
  ...['create', 'fund', 'attest', 'release', 'decline', 'start', 'prove', 'settle', 'dispute', 'cancel'].map((call) => `Errands.${call}`),
  ...[
    'Nodes.register',
    'Nodes.vote',
    'Nodes.update_evidence',
    'Nodes.heartbeat',
    'Sortition.claim',
    'Content.publish',
    'Vouchers.open',
    'Vouchers.redeem',
    'Balances.transfer_keep_alive',
  ],
];

test(`keeps money, holds and states in order through ${CALLS} random calls of 20 accounts on the embedded chain`, async (t) => {
  await using directory = await temporaryDirectory('random-calls');
  await using chain = await startChain({ preset: 'development', dataDir: directory.path });
  await using ledger = await openLedger(portProvider(chain));
  const seed = Number(process.env['TEA_WALK_SEED'] ?? 1 + Math.floor(Math.random() * 2 ** 31));
  t.diagnostic(`seed ${seed}: set TEA_WALK_SEED to walk this way again`);

  const errands = new ErrandWalk();
  const disorder: unknown[] = [];
  let order = Promise.resolve();
  const follow = async (hash: string): Promise<void> => {
    const events = await ledger.api.query.System.Events.getValue({ at: hash });
    for (const { event } of events) if (event.type === 'Errands') errands.note(event.value.type, event.value.value.id);
  };
  const subscription = ledger.client.finalizedBlock$.subscribe(({ hash }) => {
    order = order.then(() => follow(hash)).catch((error: unknown) => void disorder.push(error));
  });

  const walk = new Walk(ledger, seeded(seed));
  const seen: Seen = { issuance: await ledger.api.query.Balances.TotalIssuance.getValue(), ended: new Map() };
  await walk.begin();
  const missing = (): string[] => MUST_SUCCEED.filter((call) => !walk.applied.has(call));
  for (let round = 1; walk.calls < CALLS || (missing().length > 0 && walk.calls < 3 * CALLS); round++) {
    await walk.round();
    if (round % CHECK_EVERY_ROUNDS === 0) await checkInvariants(ledger, seen);
  }
  subscription.unsubscribe();
  await order;
  await checkInvariants(ledger, seen);

  assert.deepEqual(disorder, []);
  assert.deepEqual(
    MUST_SUCCEED.filter((call) => !walk.applied.has(call)),
    [],
    `applied: ${JSON.stringify([...walk.applied])}`,
  );
  assert.ok(walk.refused.size > 20, `refused in ${walk.refused.size} ways`);
  t.diagnostic(`${walk.calls} calls in ${ledger.blockNumber()} blocks: ${JSON.stringify(errands.counts())}`);
});
