import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTeaError, TeaError } from '@tea/protocol';
import type { ActorProvider } from '@tea/providers';
import type { ActorProcess, Wish } from '@tea/wasm';
import { type ActorVersion, superviseActor } from './actor-supervisor.ts';

const NONE = new Uint8Array();
type Turn = (event: string, input: Uint8Array) => readonly Wish[];
const number = (input: Uint8Array): number => new DataView(input.buffer, input.byteOffset).getUint32(0, true);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);
const wish = (name: string, numbers: readonly number[] = [], data: Uint8Array = NONE): Wish => ({ name, numbers, bytes: data });

/** An actor as the sandbox shows one; a turn that throws is a trap, and its last. */
function played(
  version: string,
  turn: Turn,
  granted: readonly string[] = [],
): ActorVersion & { readonly running: Set<ActorProcess>; starts: number } {
  const running = new Set<ActorProcess>();
  const made = {
    version,
    granted: new Set(granted),
    running,
    starts: 0,
    start: async () => {
      made.starts++;
      const { promise: ended, resolve } = Promise.withResolvers<string>();
      let why: string | null = null;
      const end = (reason: string): void => {
        why ??= reason;
        running.delete(process);
        resolve(why);
      };
      const process: ActorProcess = {
        ended,
        async turn(event, input) {
          await Promise.resolve();
          if (why === null) {
            try {
              return { wishes: turn(event, input), error: null, gasUsed: 1n };
            } catch {
              end('trap');
            }
          }
          throw new TeaError('unavailable', 'The actor has ended');
        },
        [Symbol.asyncDispose]: async () => end('it was stopped'),
      };
      running.add(process);
      return process;
    },
  };
  return made;
}

const echo: Turn = (event, input) => (event === 'request' ? [wish('host.answer', [number(input)], input.subarray(4))] : []);
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};

/** Time that passes when the test says so. */
function clock() {
  const timers: { delayMs: number; run: () => void; signal: AbortSignal }[] = [];
  const delays: number[] = [];
  return {
    after: (delayMs: number, run: () => void, signal: AbortSignal) => {
      timers.push({ delayMs, run, signal });
      if (delayMs < 15_000) delays.push(delayMs);
    },
    delays,
    async fire(matching: (delayMs: number) => boolean = (delayMs) => delayMs < 15_000): Promise<void> {
      await settled();
      for (const timer of timers.splice(0)) {
        if (!matching(timer.delayMs)) timers.push(timer);
        else if (!timer.signal.aborted) timer.run();
      }
      await settled();
    },
  };
}
const noProviders: ReadonlyMap<string, ActorProvider> = new Map();
const quiet = { name: 'tested', log: () => undefined };

for (const event of ['start', 'wake', 'request', 'done', 'failed']) {
  test(`an actor that traps on "${event}" is started anew, after pauses that grow, and what it asked for in that turn is not granted`, async () => {
    const time = clock();
    const lives: Turn = (kind, input) => {
      if (kind === event) throw new Error('trap');
      if (kind === 'start') return [wish('net.ping', [1]), wish('net.ping', [2]), wish('host.wake', [50])];
      return echo(kind, input);
    };
    const version = played('1', lives, ['net']);
    const providers = new Map<string, ActorProvider>([
      ['net.ping', async (_numbers, data) => (event === 'failed' ? Promise.reject(new TeaError('timeout', 'no answer')) : data)],
    ]);
    await using actor = await superviseActor(version, { ...quiet, ...time, providers });
    for (let life = 0; life < 6; life++) {
      if (event === 'request') void actor.request(bytes('x')).catch(() => undefined);
      await time.fire((delayMs) => delayMs <= 15_000);
    }
    assert.ok(version.starts >= 3, `${version.starts} starts`);
    assert.ok(version.running.size <= 1);
    const pauses = time.delays.filter((delayMs) => delayMs !== 50);
    assert.deepEqual(pauses.slice(0, 3), [100, 200, 400]);
  });
}

test('a request in the hands of an actor that dies is answered by its successor; one that kills both is refused', async () => {
  const time = clock();
  let deaths = 0;
  const lives: Turn = (event, input) => {
    if (event === 'request' && (text(input.subarray(4)) === 'deadly' || (text(input.subarray(4)) === 'once' && deaths++ === 0)))
      throw new Error('trap');
    return echo(event, input);
  };
  await using actor = await superviseActor(played('1', lives), { ...quiet, ...time, providers: noProviders });
  const once = actor.request(bytes('once'));
  await time.fire();
  assert.equal(text(await once), 'once');
  const deadly = assert.rejects(actor.request(bytes('deadly')), (error) => isTeaError(error, 'unavailable'));
  await time.fire();
  await time.fire();
  await deadly;
});

test('an actor asks only for what its manifest grants, whatever its sandbox says', async () => {
  const time = clock();
  let asked = 0;
  const heard: string[] = [];
  const lives: Turn = (event, input) => {
    if (event === 'failed') heard.push(text(input.subarray(4)));
    return event === 'start' ? [wish('tpm.sign-active-list', [1]), wish('host.unheard-of', [2]), wish('net.ping', [3])] : [];
  };
  const provider: ActorProvider = async () => {
    asked++;
    return NONE;
  };
  const providers = new Map([
    ['tpm.sign-active-list', provider],
    ['net.ping', provider],
  ]);
  await using _ = await superviseActor(played('1', lives, ['net']), { ...quiet, ...time, providers });
  await settled();
  assert.equal(asked, 1);
  assert.deepEqual(heard, ['tpm.sign-active-list is not granted', 'host.unheard-of is not granted']);
});

test('hot upgrade: requests in flight are answered by the old version, new ones by the new one, none is lost, and the old one ends', async () => {
  const time = clock();
  const held: (() => void)[] = [];
  const slow: ActorProvider = async () => {
    await new Promise<void>((resolve) => held.push(resolve));
    return NONE;
  };
  const answering = (version: string): Turn => {
    const open: number[] = [];
    return (event, input) => {
      if (event === 'request') {
        open.push(number(input));
        return [wish('net.ping', [number(input)])];
      }
      return event === 'done' ? [wish('host.answer', [number(input)], bytes(version))] : [];
    };
  };
  const [old, next] = [played('1', answering('1'), ['net']), played('2', answering('2'), ['net'])];
  await using actor = await superviseActor(old, { ...quiet, ...time, providers: new Map([['net.ping', slow]]) });
  const before = Array.from({ length: 20 }, () => actor.request(NONE));
  await settled();
  await actor.upgrade(next);
  const after = Array.from({ length: 20 }, () => actor.request(NONE));
  await settled();
  assert.equal(actor.state().processes, 2);
  for (const release of held) release();
  assert.deepEqual(
    (await Promise.all(before)).map(text),
    Array.from({ length: 20 }, () => '1'),
  );
  assert.deepEqual(
    (await Promise.all(after)).map(text),
    Array.from({ length: 20 }, () => '2'),
  );
  await settled();
  assert.deepEqual(actor.state(), { version: '2', processes: 1, starts: 2 });
  assert.equal(old.running.size, 0);
});

test('an actor that ended before anybody heard that it had begun is started anew', async () => {
  const time = clock();
  const version = played('1', echo);
  const dying = {
    ...version,
    start: async () => {
      const process = await version.start();
      if (version.starts === 1) await process[Symbol.asyncDispose]();
      return process;
    },
  };
  await using actor = await superviseActor(dying, { ...quiet, ...time, providers: noProviders });
  const asked = actor.request(bytes('there?'));
  await time.fire();
  assert.equal(text(await asked), 'there?');
  assert.equal(version.starts, 2);
});

test('an upgrade that does not load changes nothing', async () => {
  const time = clock();
  await using actor = await superviseActor(played('1', echo), { ...quiet, ...time, providers: noProviders });
  const broken: ActorVersion = { version: '2', granted: new Set(), start: async () => Promise.reject(new TeaError('refused', 'lacks a grant')) };
  await assert.rejects(actor.upgrade(broken), (error) => isTeaError(error, 'refused'));
  assert.equal(text(await actor.request(bytes('still'))), 'still');
  assert.equal(actor.state().version, '1');
});

test('a request that is never answered ends by time, and leaves nothing behind', async () => {
  const time = clock();
  await using actor = await superviseActor(
    played('1', () => []),
    { ...quiet, ...time, providers: noProviders },
  );
  const refused = assert.rejects(actor.request(NONE), (error) => isTeaError(error, 'timeout'));
  await time.fire(() => true);
  await refused;
  await actor.upgrade(played('2', echo));
  await settled();
  assert.equal(actor.state().processes, 1, 'nothing held the old version');
});

test('more requests than may wait are refused, and told when to come again', async () => {
  const time = clock();
  const actor = await superviseActor(
    played('1', () => []),
    { ...quiet, ...time, providers: noProviders },
  );
  const all = Promise.allSettled(Array.from({ length: 600 }, () => actor.request(NONE)));
  await settled();
  await time.fire(() => true);
  const results = await all;
  assert.equal(results.filter((each) => each.status === 'rejected' && isTeaError(each.reason, 'limit')).length, 600 - 512);
  await actor[Symbol.asyncDispose]();
});
