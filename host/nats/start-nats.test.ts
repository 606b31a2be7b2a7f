import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { findTool, temporaryDirectory } from '@tea/platform';
import { BUS_USERS, isTeaError, type TeaErrorCode } from '@tea/protocol';
import { connectNats } from './connect-nats.ts';
import { startNats } from './start-nats.ts';

const refusal =
  (code: TeaErrorCode, pattern = /./) =>
  (error: unknown) =>
    isTeaError(error, code) && pattern.test(error.message);

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('the bus refuses to start', () => {
  test('on an address that others can reach', async () => {
    await using dir = await temporaryDirectory('nats');
    for (const host of ['0.0.0.0', '::', '192.0.2.1', '128.0.0.1', 'example.org']) {
      await assert.rejects(startNats({ dataDir: dir.path, host }), refusal('refused', /loopback/));
    }
  });

  test('and is ended again, when the server really listens on one, whatever the configuration says', async () => {
    await using dir = await temporaryDirectory('nats');
    const [command, pidFile] = [join(dir.path, 'nats-server'), join(dir.path, 'pid')];
    await writeFile(command, `#!/bin/sh\necho $$ > '${pidFile}'\nexec '${findTool('nats-server')}' "$@" --addr 0.0.0.0\n`);
    await chmod(command, 0o700);
    await assert.rejects(startNats({ dataDir: dir.path, command }), refusal('refused', /(0\.0\.0\.0|::):\d+/));
    assert.equal(isAlive(Number(await readFile(pidFile, 'utf8'))), false);
  });

  test('or with a second listener, such as a monitoring port', async () => {
    await using dir = await temporaryDirectory('nats');
    const command = join(dir.path, 'nats-server');
    await writeFile(command, `#!/bin/sh\nexec '${findTool('nats-server')}' "$@" --http_port=-1\n`);
    await chmod(command, 0o700);
    await assert.rejects(startNats({ dataDir: dir.path, command }), refusal('refused', /one listening socket/));
  });

  test('on a port that is taken, and says which and what to do', async () => {
    await using dir = await temporaryDirectory('nats');
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    await assert.rejects(startNats({ dataDir: dir.path, port }), refusal('conflict', new RegExp(`Port ${port} is taken.*ss -ltnp.*${port}`)));
    other.close();
  });

  test('without nats-server, and says how to install it', async () => {
    await using dir = await temporaryDirectory('nats');
    await assert.rejects(startNats({ dataDir: dir.path, command: '/nowhere/nats-server' }), refusal('missingTool', /apt-get install nats-server/));
  });

  test('when the program ends at once or never becomes ready', async () => {
    await using dir = await temporaryDirectory('nats');
    await assert.rejects(startNats({ dataDir: dir.path, command: '/bin/false' }), refusal('unavailable', /exit code 1/));
    const command = join(dir.path, 'silent');
    await writeFile(command, '#!/bin/sh\nexec sleep 60\n');
    await chmod(command, 0o700);
    await assert.rejects(startNats({ dataDir: dir.path, command, readyDeadlineMs: 100 }), refusal('timeout', /100 ms/));
  });

  test('once cancelled', async () => {
    await using dir = await temporaryDirectory('nats');
    await assert.rejects(startNats({ dataDir: dir.path, signal: AbortSignal.abort() }), refusal('cancelled'));
  });
});

describe('the bus', () => {
  test('keeps passwords out of its files, arguments and log', async () => {
    await using dir = await temporaryDirectory('nats');
    await using server = await startNats({ dataDir: join(dir.path, 'bus') });
    const seen = [join(dir.path, 'bus', 'nats.conf'), server.logFile, `/proc/${server.pid}/cmdline`];
    const texts = await Promise.all(seen.map((file) => readFile(file, 'utf8')));
    for (const user of BUS_USERS) for (const text of texts) assert.ok(!text.includes(server.credentials(user).pass));
    assert.equal((await stat(join(dir.path, 'bus'))).mode & 0o777, 0o700);
    for (const file of seen.slice(0, 2)) assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal(new Set(BUS_USERS.map((user) => server.credentials(user).pass)).size, BUS_USERS.length);
  });

  test('lets nobody in with a wrong password, and has only the users it was asked for', async () => {
    await using dir = await temporaryDirectory('nats');
    await using server = await startNats({ dataDir: dir.path, users: ['client', 'ipfs'] });
    await assert.rejects(connectNats({ ...server.credentials('client'), pass: 'wrong' }), refusal('refused'));
    await assert.rejects(connectNats({ ...server.credentials('client'), user: 'ipfs' }), refusal('refused'));
    assert.throws(() => server.credentials('tee'), refusal('badInput'));
  });

  test('listens on any loopback address it is given', async () => {
    for (const host of ['127.0.0.1', '127.3.2.1', '::1']) {
      await using dir = await temporaryDirectory('nats');
      await using server = await startNats({ dataDir: dir.path, host });
      await (await connectNats(server.credentials('client'))).close();
      assert.equal(server.host, host);
    }
  });

  test('comes back on the same port with the same passwords, and connections find it again', async () => {
    await using dir = await temporaryDirectory('nats');
    await using server = await startNats({ dataDir: dir.path });
    const { port, pid } = server;
    const connection = await connectNats(server.credentials('client'));
    const reconnected = (async () => {
      for await (const status of connection.status()) if (status.type === 'reconnect') return true;
      return false;
    })();
    await server.kill();
    await assert.rejects(connectNats(server.credentials('client')), refusal('unavailable'));
    await server.restart();
    assert.equal(server.port, port);
    assert.notEqual(server.pid, pid);
    assert.equal(await reconnected, true);
    await connection.flush();
    await connection.close();
    assert.equal(server.failed.aborted, false);
  });

  test('tells when the server is killed by somebody else', async () => {
    await using dir = await temporaryDirectory('nats');
    await using server = await startNats({ dataDir: dir.path });
    const told = once(server.failed, 'abort');
    process.kill(server.pid, 'SIGKILL');
    await told;
    assert.ok(refusal('unavailable', /SIGKILL/)(server.failed.reason));
  });

  test('starts again by itself as often as it was told, on the same port, and then gives up', async () => {
    await using dir = await temporaryDirectory('nats');
    await using server = await startNats({ dataDir: dir.path, restarts: 1 });
    const { port, pid } = server;
    const connection = await connectNats(server.credentials('client'));
    process.kill(pid, 'SIGKILL');
    for await (const status of connection.status()) if (status.type === 'reconnect') break;
    await connection.close();
    assert.equal(server.port, port);
    assert.equal(server.failed.aborted, false);
    const told = once(server.failed, 'abort');
    while (server.pid === pid) await nextTurn(); // the server answers a moment before its owner has looked it over
    process.kill(server.pid, 'SIGKILL');
    await told;
  });

  test('ends with its owner, by disposal or signal, without calling that a failure', async () => {
    await using dir = await temporaryDirectory('nats');
    const stop = new AbortController();
    const server = await startNats({ dataDir: dir.path, signal: stop.signal });
    const { pid } = server;
    stop.abort();
    await server[Symbol.asyncDispose]();
    assert.equal(isAlive(pid), false);
    assert.equal(server.failed.aborted, false);
  });
});
