import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actor, ECHO } from '../testing/actors.ts';
import { handler, ECHO as GUEST_ECHO } from '../testing/handlers.ts';
import { type ActorLimits, type LoadedActor, loadActor, type Turn } from './actor-instance.ts';
import { ACTOR_GRANTS, ACTOR_INTERFACES, type ActorGrant } from './actor-world.ts';

const limits: ActorLimits = { memoryBytes: 1 << 20, gasPerTurn: 1_000_000n, wishesPerTurn: 4, wishBytesPerTurn: 1_000 };
const load = (component: Uint8Array, grants: readonly ActorGrant[] = []) => loadActor(component, grants, limits, () => 7);
const NONE = new Uint8Array();

function loaded(component: Uint8Array, grants: readonly ActorGrant[] = []): LoadedActor {
  const result = load(component, grants);
  assert.ok(result.kind === 'loaded', JSON.stringify(result));
  return result;
}

function ends(turn: Turn, outcome: string, says: RegExp): void {
  assert.ok(
    turn.kind === 'ended',
    JSON.stringify(turn, (_, value: unknown) => String(value)),
  );
  assert.equal(turn.outcome, outcome);
  assert.match(turn.explanation, says);
}

for (const grant of ACTOR_GRANTS) {
  const [name] = Object.keys(ACTOR_INTERFACES[grant]);
  const wants = actor('', [`${grant}.${name}`]);
  test(`an actor that imports ${grant} without that grant is not loaded, and told which grant it lacks`, () => {
    const others = ACTOR_GRANTS.filter((each) => each !== grant);
    const result = load(wants, others);
    assert.ok(result.kind === 'refused');
    assert.match(
      result.explanation,
      new RegExp(`tea:actor/${grant}@0.1.0, for which it lacks the grant ${grant}; its manifest grants ${others.join(', ')}`),
    );
    assert.equal(load(wants, [grant]).kind, 'loaded');
  });
}

test('what is no actor is not loaded: a guest, a core module, nothing at all', () => {
  const says = (component: Uint8Array): string => {
    const result = load(component, ACTOR_GRANTS);
    return result.kind === 'refused' ? result.explanation : 'loaded';
  };
  assert.match(says(handler(GUEST_ECHO)), /tea:guest\/host@0\.1\.0, which is not granted/);
  assert.match(says(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)), /no module with code|ends|component/);
  assert.match(says(NONE), /no module with code|ends|component/);
});

test('a trap ends it and nothing that it asked for in that turn is granted', () => {
  ends(loaded(actor('(call $host.wake (i32.const 5)) unreachable', ['host.wake'])).turn('start', NONE, 0), 'trap', /unreachable/);
});

test('an infinite loop ends with the gas of its turn', () => {
  const turn = loaded(actor('(loop $l (br $l))', ['host.log'])).turn('start', NONE, 0);
  ends(turn, 'outOfGas', /more than the 1000000 gas/);
  assert.equal(turn.gasUsed, limits.gasPerTurn);
});

test('each turn has its own gas, and memory lives on between them', () => {
  const counts = loaded(
    actor('(i32.store (i32.const 64) (i32.add (i32.load (i32.const 64)) (i32.const 1))) (call $host.wake (i32.load (i32.const 64)))', ['host.wake']),
  );
  const turns = Array.from({ length: 2_000 }, () => counts.turn('wake', NONE, 0));
  assert.deepEqual(turns.at(-1), {
    kind: 'handled',
    gasUsed: turns[0]?.gasUsed,
    error: null,
    wishes: [{ name: 'host.wake', numbers: [2_000], bytes: NONE }],
  });
});

test('a turn that asks for too much, in number or bytes, is its last', () => {
  const ping = (times: number, bytes: number) =>
    loaded(actor('(call $net.ping (i32.const 1) (i32.const 0) (i32.const BYTES))'.replace('BYTES', String(bytes)).repeat(times), ['net.ping']), [
      'net',
    ]);
  ends(ping(5, 1).turn('start', NONE, 0), 'tooManyWishes', /more than 4 things/);
  ends(ping(1, 1_001).turn('start', NONE, 0), 'tooManyWishes', /1000 bytes/);
  ends(ping(1, 1 << 24).turn('start', NONE, 0), 'trap', /outside of its memory/);
  assert.equal(ping(4, 250).turn('start', NONE, 0).kind, 'handled');
});

test('an event larger than its memory ends it', () => {
  ends(loaded(actor('', ['host.log'])).turn('done', new Uint8Array(1 << 20), 0), 'trap', /outside of its memory/);
});

test('what it returns must be a result or an error', () => {
  ends(loaded(actor('(i32.store8 (i32.const 16) (i32.const 2))', ['host.log'])).turn('start', NONE, 0), 'trap', /neither an answer nor an error/);
});

test('it sees time and randomness that the host gives, and its error is told', () => {
  const says = loaded(
    actor(
      `(call $host.wake (i32.wrap_i64 (call $host.now))) (call $host.wake (call $host.random))
       (i32.store8 (i32.const 16) (i32.const 1)) (i32.store (i32.const 20) (local.get $e)) (i32.store (i32.const 24) (local.get $el))`,
      ['host.now', 'host.random', 'host.wake'],
    ),
  );
  const turn = says.turn('wake', NONE, 1_234);
  assert.ok(turn.kind === 'handled');
  assert.equal(turn.error, 'wake');
  assert.deepEqual(
    turn.wishes.map(({ numbers }) => numbers),
    [[1_234], [7]],
  );
});

test('a request is answered by its number', () => {
  const turn = loaded(actor(ECHO, ['host.answer'])).turn('request', Uint8Array.of(9, 0, 0, 0, 1, 2), 0);
  assert.ok(turn.kind === 'handled');
  assert.deepEqual(turn.wishes, [{ name: 'host.answer', numbers: [9], bytes: Uint8Array.of(9, 0, 0, 0, 1, 2) }]);
});
