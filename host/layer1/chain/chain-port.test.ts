import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { temporaryDirectory } from '@tea/platform';
import { isTeaError } from '@tea/protocol';
import { chainPortContract } from './chain-port.contract.ts';
import { connectWebSocketChain, startChain } from './index.ts';

chainPortContract('the embedded chain', async () => {
  const parts = new AsyncDisposableStack();
  const directory = parts.use(await temporaryDirectory('chain-port'));
  const chain = parts.use(await startChain({ preset: 'local', dataDir: directory.path, blockTimeMs: 1_000 }));
  return { chain, [Symbol.asyncDispose]: () => parts.disposeAsync() };
});

/** A server that is no node: takes connections, and answers each with these bytes. */
async function impostor(answer: string): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer();
  server.on('upgrade', (_request, socket) => socket.end(answer));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('a node that isn’t there, that is no node, or that says nothing is unavailable, not a chain', async () => {
  await assert.rejects(connectWebSocketChain({ url: 'http://127.0.0.1:9944' }), (error) => isTeaError(error, 'badInput'));
  await assert.rejects(connectWebSocketChain({ url: 'nonsense' }), (error) => isTeaError(error, 'badInput'));
  await assert.rejects(connectWebSocketChain({ url: 'ws://127.0.0.1:1' }), (error) => isTeaError(error, 'unavailable'));
  const { server, url } = await impostor('HTTP/1.1 418 I’m a teapot\r\n\r\n');
  await assert.rejects(connectWebSocketChain({ url }), (error) => isTeaError(error, 'unavailable'));
  server.removeAllListeners('upgrade');
  server.on('upgrade', () => {});
  await assert.rejects(connectWebSocketChain({ url, timeoutMs: 50 }), (error) => isTeaError(error, 'unavailable') && /in time/.test(error.message));
  server.closeAllConnections();
  server.close();
});

test('connecting to a node can be cancelled', async () => {
  const { server, url } = await impostor('');
  server.removeAllListeners('upgrade');
  server.on('upgrade', () => {});
  const abort = new AbortController();
  const connecting = connectWebSocketChain({ url, signal: abort.signal });
  abort.abort();
  await assert.rejects(connecting, (error) => isTeaError(error, 'cancelled'));
  server.closeAllConnections();
  server.close();
});
