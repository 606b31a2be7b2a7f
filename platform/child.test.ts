import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isTeaError } from '@tea/protocol';
import * as v from 'valibot';
import { type Child, freePort, readyLine, requireTool, spawnChild, temporaryDirectory } from './index.ts';

const PROGRAM = fileURLToPath(new URL('test-program.ts', import.meta.url));
const NOWHERE = { PATH: '/nonexistent' }; // setpriv is not found there

function start(
  role: string,
  more: { port?: number; env?: Record<string, string>; startLine?: unknown; stopDeadlineMs?: number; signal?: AbortSignal } = {},
): Promise<Child> {
  const { port, ...options } = more;
  return spawnChild({ name: role, command: process.execPath, args: [PROGRAM, role, ...(port === undefined ? [] : [String(port)])], ...options });
}

/** A listener that each process of a family connects to; a connection ends when its process does. */
async function attendance(): Promise<AsyncDisposable & { port: number; present(role: string): Promise<Socket> }> {
  const arrived = new Map<string, PromiseWithResolvers<Socket>>();
  const slot = (role: string): PromiseWithResolvers<Socket> => arrived.getOrInsertComputed(role, () => Promise.withResolvers<Socket>());
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    void once(createInterface(socket), 'line').then(([role]) => slot(String(role)).resolve(socket));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert(address !== null && typeof address === 'object');
  return {
    port: address.port,
    present: (role) => slot(role).promise,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

const gone = async (socket: Socket): Promise<void> => void (socket.closed || (await once(socket, 'close')));

describe('a child dies with its parent', { timeout: 30_000 }, () => {
  it('child and grandchild are gone after SIGKILL to the parent, by the kernel alone', async () => {
    await using list = await attendance();
    await using parent = await start('parent', { port: list.port });
    const family = await Promise.all(['parent', 'child', 'grandchild'].map(list.present));
    parent.kill('SIGKILL');
    await Promise.all(family.map(gone));
    assert.deepEqual(await parent.exited, { kind: 'killed', signal: 'SIGKILL' });
  });

  it('a child of ours is gone after SIGKILL to the parent even where setpriv is missing', async () => {
    await using list = await attendance();
    await using parent = await start('watching-parent', { port: list.port, env: NOWHERE });
    const family = await Promise.all(['watching-parent', 'watching-child'].map(list.present));
    parent.kill('SIGKILL');
    await Promise.all(family.map(gone));
  });
});

describe('disposing a child', { timeout: 30_000 }, () => {
  it('kills one that ignores SIGTERM, after its deadline', async () => {
    const child = await start('stubborn', { stopDeadlineMs: 200 });
    await readyLine(child, v.object({ ready: v.literal(true) }));
    await child[Symbol.asyncDispose]();
    assert.deepEqual(await child.exited, { kind: 'killed', signal: 'SIGKILL' });
  });

  it('lets a polite one stop by itself, and tells the listeners', async () => {
    const child = await start('polite');
    const heard = new Promise((resolve) => void child.onExit(resolve));
    await readyLine(child, v.object({ ready: v.literal(true) }));
    await child[Symbol.asyncDispose]();
    assert.deepEqual(await heard, { kind: 'exited', code: 7 });
  });

  it('happens by an AbortSignal too', async () => {
    const controller = new AbortController();
    const child = await start('grandchild', { signal: controller.signal });
    controller.abort();
    assert.deepEqual(await child.exited, { kind: 'killed', signal: 'SIGTERM' });
  });
});

it('a child that was cancelled while it started does not stay', async () => {
  const controller = new AbortController();
  const starting = start('grandchild', { signal: controller.signal });
  controller.abort();
  assert.deepEqual(await (await starting).exited, { kind: 'killed', signal: 'SIGTERM' });
  await assert.rejects(start('grandchild', { signal: controller.signal }), (error) => isTeaError(error, 'cancelled'));
});

it('the end of a child whose output nobody read is seen, also when there is nothing else to wait for', async () => {
  await using parent = await start('last-act');
  assert.deepEqual(await readyLine(parent, v.object({ exited: v.literal(true) })), { exited: true });
  assert.deepEqual(await parent.exited, { kind: 'exited', code: 0 }); // 13 would be Node's "nothing left that could settle this await"
});

describe('the ready line', { timeout: 30_000 }, () => {
  const schema = v.object({ port: v.number() });

  it('never comes: a timeout that quotes the tail of stderr', async () => {
    await using child = await start('silent');
    await assert.rejects(
      readyLine(child, schema, { deadlineMs: 1_500 }),
      (error) => isTeaError(error, 'timeout') && error.message.includes('no space left for the chain log'),
    );
  });

  it('never comes because the child failed: the exit code and the tail of stderr', async () => {
    await using child = await start('failing');
    await assert.rejects(readyLine(child, schema), (error) => isTeaError(error, 'unavailable') && /exit code 3.*EADDRINUSE/s.test(error.message));
  });

  it('is refused when it is something else', async () => {
    await using child = await start('babbling');
    await assert.rejects(readyLine(child, schema), (error) => isTeaError(error, 'badMessage') && error.message.includes('one line of JSON'));
  });

  it('stops being waited for when aborted', async () => {
    await using child = await start('grandchild');
    const controller = new AbortController();
    const waiting = readyLine(child, schema, { signal: controller.signal });
    controller.abort();
    await assert.rejects(waiting, (error) => isTeaError(error, 'cancelled'));
  });

  it('does not leave the child blocked on what it prints afterwards', async () => {
    await using child = await start('chatty');
    assert.deepEqual(await readyLine(child, schema), { port: 4222 });
    assert.deepEqual(await child.exited, { kind: 'exited', code: 0 });
  });
});

it('a secret reaches the child by its start line: neither the arguments nor the environment hold it', async () => {
  const password = 'canary-5f0c';
  await using child = await start('secretive', { startLine: { password } });
  const said = await readyLine(child, v.object({ length: v.number(), env: v.array(v.string()) }));
  assert.equal(said.length, password.length);
  assert.deepEqual(
    said.env.filter((name) => !['PATH', 'HOME', 'LANG', 'TMPDIR'].includes(name)),
    [],
  );
});

it('a missing program is a TeaError that names the package to install', async () => {
  assert.throws(
    () => requireTool('no-such-tool', 'its-package'),
    (error) => isTeaError(error, 'missingTool') && error.message.includes('apt-get install its-package'),
  );
  await assert.rejects(spawnChild({ name: 'ghost', command: 'no-such-tool' }), (error) => isTeaError(error, 'missingTool'));
  await assert.rejects(spawnChild({ name: 'ghost', command: process.execPath, cwd: '/nonexistent' }), (error) => isTeaError(error, 'unavailable'));
});

it('a free port can be listened on, and a temporary directory is private and goes away', async () => {
  const server = createServer().listen(await freePort(), '127.0.0.1');
  await once(server, 'listening');
  server.close();
  const directory = await temporaryDirectory('test');
  assert(existsSync(directory.path));
  await directory[Symbol.asyncDispose]();
  assert(!existsSync(directory.path));
});
