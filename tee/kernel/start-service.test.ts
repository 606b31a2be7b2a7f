import assert from 'node:assert/strict';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '@tea/platform';
import { isTeaError } from '@tea/protocol';
import { keptFiles } from './kept-files.ts';
import { openStartService } from './start-service.ts';

const READY = { node: 'aa'.repeat(32), account: 'bb'.repeat(32) };
const never = new AbortController().signal;

async function serving(work: (service: Awaited<ReturnType<typeof openStartService>>) => Promise<void>): Promise<void> {
  await using folder = await temporaryDirectory('start');
  await using service = await openStartService(join(folder.path, 'start.sock'), { nats: 'here' }, keptFiles(join(folder.path, 'kept')));
  await work(service);
}

for (const [what, said] of [
  ['something that is no JSON', 'hello\n'],
  ['a ready line with more in it', `${JSON.stringify({ ...READY, also: 1 })}\n`],
  ['a line without an end', 'x'.repeat(20_000)],
  ['that a file of another name be kept', `${JSON.stringify({ keep: '../../etc/passwd', bytes: '' })}\n`],
] as const) {
  test(`takes no machine for ready that says ${what}`, () =>
    serving(async (service) => {
      const ready = service.ready(never);
      const socket = connect(service.path);
      socket.write(said);
      await assert.rejects(ready, (error: unknown) => isTeaError(error, 'badMessage'));
      socket.destroy();
    }));
}

test('tells each machine how to start, and hears when it is ready, again after a restart', () =>
  serving(async (service) => {
    assert.equal((await stat(service.path)).mode & 0o077, 0);
    for (let start = 0; start < 2; start++) {
      const ready = service.ready(never);
      const socket = connect(service.path).setEncoding('utf8');
      const [line] = (await once(socket, 'data')) as [string];
      assert.deepEqual(JSON.parse(line), { nats: 'here', kept: {} });
      socket.write(`${JSON.stringify(READY)}\n`);
      assert.deepEqual(await ready, READY);
      socket.destroy();
    }
  }));

test('keeps what a machine asks it to, says so, and gives it back at the next start', () =>
  serving(async (service) => {
    const first = connect(service.path).setEncoding('utf8');
    await once(first, 'data');
    first.write(`${JSON.stringify({ keep: 'remembered.sealed', bytes: 'AAEC' })}\n`);
    const [answer] = (await once(first, 'data')) as [string];
    assert.deepEqual(JSON.parse(answer), { kept: 'remembered.sealed' });
    first.destroy();
    const next = connect(service.path).setEncoding('utf8');
    const [line] = (await once(next, 'data')) as [string];
    assert.deepEqual(JSON.parse(line), { nats: 'here', kept: { 'remembered.sealed': 'AAEC' } });
    next.destroy();
  }));

test('stops waiting when it is told to', () =>
  serving(async (service) => {
    const stop = new AbortController();
    const ready = service.ready(stop.signal);
    stop.abort(new Error('enough'));
    await assert.rejects(ready, /enough/);
  }));
