import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { connectNats, startNats } from '@tea/host-nats';
import { temporaryDirectory } from '@tea/platform';
import { IPFS_STAT, LAYER1_RPC } from '@tea/protocol';
import { decodeWebFrame, encodeWebFrame, type Frame, WEB_SUBPROTOCOL } from '@tea/protocol/web';
import { type ClientOptions, WebSocket } from 'ws';
import { startWebAdapter, type WebAdapterOptions } from './start-web-adapter.ts';

async function network(options: Partial<WebAdapterOptions> = {}) {
  const stack = new AsyncDisposableStack();
  const dir = stack.use(await temporaryDirectory('adapter'));
  const nats = stack.use(await startNats({ dataDir: join(dir.path, 'bus') }));
  const connectAs = async (user: 'client' | 'ipfs' | 'gateway') => {
    const connection = await connectNats(nats.credentials(user));
    stack.defer(() => connection.close());
    return connection;
  };
  const adapter = stack.use(
    await startWebAdapter({ connection: await connectAs('client'), inboxPrefix: '_INBOX_client', chain: 'ab'.repeat(32), ...options }),
  );
  /** Somebody with a WebSocket and no good manners. */
  const dial = (how: ClientOptions = {}, path = '/v1/link') => {
    const socket = new WebSocket(`ws://127.0.0.1:${adapter.port}${path}`, [WEB_SUBPROTOCOL], how);
    stack.defer(() => socket.terminate());
    const frames: Frame[] = [];
    let heard = Promise.withResolvers<void>();
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      frames.push(decodeWebFrame(Uint8Array.from(data as Buffer)));
      heard.resolve();
      heard = Promise.withResolvers();
    });
    const until = async (holds: (frame: Frame) => boolean): Promise<Frame> => {
      for (;;) {
        const found = frames.find(holds);
        if (found !== undefined) return found;
        await heard.promise;
      }
    };
    const opened = new Promise<void>((resolve) => socket.on('open', () => resolve()));
    const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)));
    const say = (frame: Frame): void => socket.send(encodeWebFrame(frame));
    const greet = async (): Promise<void> => {
      await opened;
      say({ kind: 'hello', versions: [1], client: crypto.getRandomValues(new Uint8Array(16)) });
      await until(({ kind }) => kind === 'welcome');
    };
    return { socket, frames, until, opened, closed, say, greet };
  };
  const serve = async (answer: (data: Uint8Array) => Uint8Array): Promise<void> => {
    const ipfs = await connectAs('ipfs');
    ipfs.subscribe(IPFS_STAT, { callback: (_, message) => void message.respond(answer(message.data)) });
    await ipfs.flush();
  };
  return { adapter, dial, serve, join: connectAs, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const ASK = { kind: 'open', mode: 'ask', key: new Uint8Array(16), timeoutMs: 5_000, subject: IPFS_STAT, fin: true, last: true } as const;
const ask = (stream: number, more: Partial<Frame & { kind: 'open' }> = {}): Frame => ({
  ...ASK,
  stream,
  payload: Uint8Array.of(stream),
  key: crypto.getRandomValues(new Uint8Array(16)),
  ...more,
});
const failure = (code: string, stream: number) => (frame: Frame) => frame.kind === 'fail' && frame.stream === stream && frame.error.code === code;

describe('a hostile client', () => {
  const first: Readonly<Record<string, { send: Uint8Array | string; code: number }>> = {
    garbage: { send: Uint8Array.of(255, 255, 255), code: 1002 },
    nothing: { send: new Uint8Array(), code: 1002 },
    text: { send: 'hello', code: 1003 },
    'a request before hello': { send: encodeWebFrame(ask(1)), code: 1002 },
    'a version of tomorrow': { send: encodeWebFrame({ kind: 'hello', versions: [2], client: new Uint8Array(16) }), code: 1002 },
    'a frame too large': { send: new Uint8Array(1024 * 1024), code: 1009 },
  };
  for (const [what, { send, code }] of Object.entries(first)) {
    test(`that begins with ${what} is closed out, and the others don't notice`, async () => {
      await using net = await network();
      await net.serve((data) => data);
      const [good, bad] = [net.dial(), net.dial()];
      await good.greet();
      await bad.opened;
      bad.socket.send(send);
      assert.equal(await bad.closed, code);
      good.say(ask(1));
      await good.until((frame) => frame.kind === 'data');
    });
  }

  test('that says nothing is told so and closed out', async () => {
    await using net = await network({ limits: { handshakeMs: 100 } });
    const silent = net.dial();
    await silent.until(failure('timeout', 0));
    assert.equal(await silent.closed, 1001);
  });

  test('that goes idle is closed out; a ping keeps it', async () => {
    await using net = await network({ limits: { idleMs: 300 } });
    const [idle, alive] = [net.dial(), net.dial()];
    await Promise.all([idle.greet(), alive.greet()]);
    const pings = setInterval(() => alive.say({ kind: 'ping' }), 50);
    assert.equal(await idle.closed, 1001);
    clearInterval(pings);
    assert.ok(alive.frames.some(({ kind }) => kind === 'pong'));
    assert.equal(alive.socket.readyState, WebSocket.OPEN);
  });

  test('that sends a request by halves is told so, and keeps its link', async () => {
    await using net = await network({ limits: { slowestRequestMs: 100 } });
    await net.serve((data) => data);
    const slow = net.dial();
    await slow.greet();
    slow.say(ask(1, { fin: false, last: false }));
    await slow.until(failure('timeout', 1));
    slow.say(ask(2));
    await slow.until((frame) => frame.kind === 'data' && frame.stream === 2);
  });

  test('that asks too often is told when to come again; another is served', async () => {
    await using net = await network({ limits: { requestBurst: 3, requestsPerSecond: 1 } });
    await net.serve((data) => data);
    const [flood, other] = [net.dial(), net.dial()];
    await Promise.all([flood.greet(), other.greet()]);
    for (let stream = 1; stream <= 10; stream++) flood.say(ask(stream));
    const refused = await flood.until(failure('limit', 10));
    assert.match(refused.kind === 'fail' ? (refused.error.next ?? '') : '', /try again in \d+ ms/);
    other.say(ask(1));
    await other.until((frame) => frame.kind === 'data');
  });

  test("takes no more of the chain's sessions, nor of the requests under way, than its share, and gives back what it leaves", async () => {
    await using net = await network({ limits: { maxSessionsPerAddress: 2, maxRequestsPerAddress: 2 } });
    const [gateway, ipfs] = [await net.join('gateway'), await net.join('ipfs')];
    gateway.subscribe(LAYER1_RPC, { callback: () => undefined });
    ipfs.subscribe(IPFS_STAT, { callback: () => undefined });
    await Promise.all([gateway.flush(), ipfs.flush()]);
    const greedy = net.dial();
    await greedy.greet();
    for (const stream of [1, 2, 3]) greedy.say(ask(stream, { mode: 'session', subject: LAYER1_RPC, last: false }));
    await greedy.until(failure('limit', 3));
    greedy.say({ kind: 'data', stream: 1, fin: false, last: true, payload: new Uint8Array() });
    for (const stream of [4, 5]) greedy.say(ask(stream, { mode: 'session', subject: LAYER1_RPC, last: false }));
    await greedy.until(failure('limit', 5));
    assert.ok(!greedy.frames.some(failure('limit', 4)));
    // Giving up waiting doesn't give back a place: the service is still at it.
    for (const stream of [6, 7]) greedy.say(ask(stream));
    for (const stream of [6, 7]) greedy.say({ kind: 'fail', stream, error: { code: 'cancelled', summary: '', correlation: '' } });
    greedy.say(ask(8));
    await greedy.until(failure('limit', 8));
  });

  test('that never reads is cut off before it costs memory', async () => {
    await using net = await network({ limits: { maxUnreadBytes: 1024 * 1024 } });
    const gateway = await net.join('gateway');
    const over = Promise.withResolvers<void>();
    gateway.subscribe(LAYER1_RPC, {
      callback(_, message) {
        if (message.data.length === 0) return over.resolve();
        for (let sent = 0; sent < 64; sent++) message.respond(new Uint8Array(256 * 1024));
      },
    });
    await gateway.flush();
    const deaf = net.dial();
    await deaf.greet();
    deaf.socket.pause();
    deaf.say(ask(1, { mode: 'session', subject: LAYER1_RPC, last: false }));
    await over.promise; // the service was told that nobody listens
  });
});

describe('who may connect', () => {
  const answers = (dialled: { socket: WebSocket }): Promise<number> =>
    new Promise((resolve) => dialled.socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0)));
  test('no page of a foreign origin', async () => {
    await using net = await network({ origins: ['https://tea.example'] });
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1', 'https://tea.example.evil.example']) {
      assert.equal(await answers(net.dial({ origin })), 403, origin);
    }
    for (const origin of ['https://tea.example', `http://127.0.0.1:${net.adapter.port}`]) await net.dial({ origin }).greet();
  });

  test('not more than there is room for, nor than one address may have', async () => {
    await using net = await network({ limits: { maxConnectionsPerAddress: 2 } });
    const [one, two] = [net.dial(), net.dial()];
    await Promise.all([one.greet(), two.greet()]);
    assert.equal(await answers(net.dial()), 429);
    one.socket.close();
    await one.closed;
    await net.dial().greet();
    await using full = await network({ limits: { maxConnections: 1 } });
    await full.dial().greet();
    assert.equal(await answers(full.dial()), 429);
  });

  test('only at the path for links', async () => {
    await using net = await network();
    assert.equal(await answers(net.dial({}, '/')), 404);
  });
});

describe('over HTTP', () => {
  const get = async (port: number, path: string, method = 'GET') => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  test('an adapter says what chain it serves and where its links are, for any page to read and cache', async () => {
    await using net = await network();
    const { status, headers, body } = await get(net.adapter.port, '/v1/bootstrap');
    assert.equal(status, 200);
    assert.deepEqual(JSON.parse(body), { protocol: [1], chain: 'ab'.repeat(32), transports: [net.adapter.linkUrl] });
    assert.equal(headers.get('access-control-allow-origin'), '*');
    assert.match(headers.get('cache-control') ?? '', /max-age=\d+/);
  });
  test('an adapter whose bus is gone is not healthy', async () => {
    await using net = await network();
    assert.equal((await get(net.adapter.port, '/v1/health')).status, 200);
    const connection = await net.join('client');
    await using lonely = await startWebAdapter({ connection, inboxPrefix: '_INBOX_client', chain: '' });
    await connection.close();
    assert.equal((await get(lonely.port, '/v1/health')).status, 503);
  });
  test('what is not there is said to be not there', async () => {
    await using net = await network();
    assert.equal((await get(net.adapter.port, '/v1/secrets')).status, 404);
    assert.equal((await get(net.adapter.port, '/__proto__')).status, 404);
    assert.equal((await get(net.adapter.port, '/v1/health', 'POST')).status, 405);
    assert.deepEqual(await get(net.adapter.port, '/v1/health', 'HEAD').then(({ status, body }) => [status, body]), [200, '']);
  });
  test('who sends a request letter by letter is cut off', async () => {
    await using net = await network({ limits: { handshakeMs: 200 } });
    const slow = connect(net.adapter.port, '127.0.0.1');
    slow.on('error', () => undefined);
    slow.write('GET /v1/health HTTP/1.1\r\nHost: a\r\nX-A: ');
    const letters = setInterval(() => slow.write('a'), 20);
    slow.resume();
    await once(slow, 'close');
    clearInterval(letters);
  });
  test('a head without end is refused', async () => {
    await using net = await network();
    const asking = request({ port: net.adapter.port, host: '127.0.0.1', path: '/v1/health', headers: { 'x-long': 'a'.repeat(10_000) } });
    asking.end();
    const response = await new Promise<IncomingMessage>((resolve) => asking.once('response', resolve));
    assert.equal(response.statusCode, 431);
    response.resume();
  });
});

test('stopping tells every client and leaves nothing', async () => {
  const net = await network();
  const client = net.dial();
  await client.greet();
  await net[Symbol.asyncDispose]();
  assert.ok([1001, 1006].includes(await client.closed));
});
