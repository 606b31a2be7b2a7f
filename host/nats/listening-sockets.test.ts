import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { isLoopback, listeningSockets } from './listening-sockets.ts';

describe('the sockets a process listens on', () => {
  const cases = [
    ['0.0.0.0', false],
    ['127.0.0.1', true],
    ['127.1.2.3', true],
    ['::', false],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['::ffff:0.0.0.0', false],
  ] as const;
  for (const [address, loopback] of cases) {
    test(`are found on ${address}, which is ${loopback ? '' : 'not '}loopback`, async () => {
      const server = createServer().listen(0, address);
      await once(server, 'listening');
      const { port } = server.address() as { port: number };
      assert.deepEqual(
        (await listeningSockets(process.pid)).filter((socket) => socket.port === port),
        [{ address, port }],
      );
      assert.equal(isLoopback(address), loopback);
      server.close();
    });
  }

  test('are never taken for loopback by a name that looks like it', () => {
    for (const address of ['127.0.0.1.example.org', 'localhost', '', '1127.0.0.1', '::2', '::ffff:128.0.0.1'])
      assert.equal(isLoopback(address), false, address);
  });
});
