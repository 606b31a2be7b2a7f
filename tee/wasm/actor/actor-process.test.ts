import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTeaError } from '@tea/protocol';
import { actor, ECHO } from '../testing/actors.ts';
import { ACTOR_LIMITS } from './actor-instance.ts';
import { type ActorProcess, startActor } from './actor-process.ts';

const NONE = new Uint8Array();
const options = { nowMs: () => 0 };
const unavailable = (says: RegExp) => (error: unknown) => isTeaError(error, 'unavailable') && says.test(error.message);

test('is refused at load for a grant that it lacks, and leaves no process', async () => {
  await assert.rejects(startActor(actor('', ['tpm.sign-active-list']), ['net'], options), (error: unknown) =>
    isTeaError(error, 'refused') ? /lacks the grant tpm/.test(error.message) : false,
  );
});

test('in its sandbox it handles events in order, and after a trap it is gone: events that waited are told so', async () => {
  await using echo = await startActor(actor(`${ECHO} (if (i32.eq (local.get $pl) (i32.const 4)) (then unreachable))`, ['host.answer']), [], options);
  const request = (number: number, ...bytes: number[]) => echo.turn('request', Uint8Array.of(number, 0, 0, 0, ...bytes));
  const turns = await Promise.all([request(1, 5), request(2, 6)]);
  assert.deepEqual(
    turns.map(({ wishes }) => wishes[0]?.numbers),
    [[1], [2]],
  );
  const [last, waits] = await Promise.allSettled([request(3), request(4, 1)]);
  assert.ok(last?.status === 'rejected' && unavailable(/trap: unreachable/)(last.reason));
  assert.ok(waits?.status === 'rejected' && unavailable(/trap/)(waits.reason));
  assert.match(await echo.ended, /trap/);
});

test('a loop that its gas does not end in time ends by the clock', async () => {
  const limits = { ...ACTOR_LIMITS, gasPerTurn: 1_000_000_000_000n };
  await using spins = await startActor(actor('(loop $l (br $l))', ['host.log']), [], { ...options, limits, turnMs: 300 });
  await assert.rejects(spins.turn('start', NONE), unavailable(/within 300 ms/));
});

test('is stopped in the middle of a turn', async () => {
  const spins: ActorProcess = await startActor(actor('(loop $l (br $l))', ['host.log']), [], {
    ...options,
    limits: { ...ACTOR_LIMITS, gasPerTurn: 1_000_000_000_000n },
  });
  const turn = spins.turn('start', NONE);
  const refused = assert.rejects(turn, unavailable(/stopped/));
  await spins[Symbol.asyncDispose]();
  await refused;
});
