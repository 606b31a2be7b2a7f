import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChildExit } from '@tea/platform';
import { TeaError } from '@tea/protocol';
import { keepRunning, MOST_ENDS_IN_A_ROW, type Running } from './keep-running.ts';

const KILLED: ChildExit = { kind: 'killed', signal: 'SIGKILL' };
const WELL: ChildExit = { kind: 'exited', code: 0 };

/** Programs that live so long and end so, one after the other; `null` can't be started. */
function scene(lives: readonly ({ readonly ms: number; readonly exit: ChildExit } | null)[]) {
  let time = 0;
  let started = 0;
  const pauses: number[] = [];
  const said: string[] = [];
  const controller = new AbortController();
  const start = async (): Promise<Running> => {
    const life = lives[started++];
    if (life === null || life === undefined) throw new TeaError('unavailable', 'No such program');
    return {
      get exited() {
        time += life.ms;
        return Promise.resolve(life.exit);
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  };
  const ended = keepRunning({
    name: 'tea-runtime',
    start,
    say: (words) => void said.push(words),
    delay: async (ms) => void (pauses.push(ms), (time += ms)),
    now: () => time,
    signal: controller.signal,
  });
  return { ended, pauses, said, controller, started: () => started };
}

test('what never came up is told at once, without a second try', async () => {
  const { ended, started } = scene([null]);
  await assert.rejects(ended, { name: 'TeaError', code: 'unavailable', message: /No such program/ });
  assert.equal(started(), 1);
});

test('a program that is killed runs again, and the operator is told', async () => {
  const { ended, said, pauses } = scene([
    { ms: 5, exit: KILLED },
    { ms: 5, exit: WELL },
  ]);
  await ended;
  assert.deepEqual(pauses, [50]);
  assert.match(said.join('\n'), /tea-runtime: an end by SIGKILL; it is started anew in 50 ms/);
});

test('pauses double while it keeps ending or failing to start, and begin anew once it lived well', async () => {
  const { ended, pauses } = scene([
    { ms: 5, exit: KILLED },
    { ms: 5, exit: { kind: 'exited', code: 1 } },
    null,
    { ms: 10_000, exit: KILLED },
    { ms: 5, exit: WELL },
  ]);
  await ended;
  assert.deepEqual(pauses, [50, 100, 200, 50]);
});

test('after too many ends in a row a person must look', async () => {
  const { ended, started } = scene(Array.from({ length: 50 }, () => ({ ms: 5, exit: KILLED })));
  await assert.rejects(ended, { name: 'TeaError', code: 'unavailable', message: /keeps ending/ });
  assert.equal(started(), MOST_ENDS_IN_A_ROW);
});

test('whoever stops it stops it for good, during a pause as well', async () => {
  const { ended, controller, started } = scene([
    { ms: 5, exit: KILLED },
    { ms: 5, exit: WELL },
  ]);
  controller.abort();
  await ended;
  assert.equal(started(), 1);
});
