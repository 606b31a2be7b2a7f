import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { connectNats, startNats } from '@tea/host-nats';
import { type WebAdapterOptions, startWebAdapter } from '@tea/host-web-adapter';
import { temporaryDirectory } from '@tea/platform';
import { encodeReply, IPFS_STAT, LAYER1_RPC, TeaError } from '@tea/protocol';
import { openWebLink } from '@tea/sdk';

/** A real bus, an adapter on it, and a client linked to the adapter. */
async function network(options: Partial<WebAdapterOptions> = {}) {
  const stack = new AsyncDisposableStack();
  const dir = stack.use(await temporaryDirectory('web'));
  const nats = stack.use(await startNats({ dataDir: join(dir.path, 'bus') }));
  const connect = async (user: 'client' | 'ipfs' | 'gateway') => {
    const connection = await connectNats(nats.credentials(user));
    stack.defer(() => connection.close());
    return connection;
  };
  const { inboxPrefix } = nats.credentials('client');
  const adapter = stack.use(await startWebAdapter({ connection: await connect('client'), inboxPrefix, chain: '00'.repeat(32), ...options }));
  const link = async (client = crypto.getRandomValues(new Uint8Array(16))) => stack.use(await openWebLink({ url: adapter.linkUrl, client }));
  return { adapter, connect, link, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

const refusal = (code: string) => (error: unknown) => error instanceof TeaError && error.code === code;
const QUESTION = { what: 'Asking', timeoutMs: 5_000 };

describe('a request through the web adapter', () => {
  test('reaches the service and brings its answer back, of any size the bus carries', async () => {
    await using net = await network();
    const ipfs = await net.connect('ipfs');
    ipfs.subscribe(IPFS_STAT, { callback: (_, message) => void message.respond(message.data) });
    await ipfs.flush();
    const link = await net.link();
    for (const size of [0, 1, 65_536, 1_000_000, 4_000_000]) {
      const payload = new Uint8Array(size).fill(7);
      assert.deepEqual(await link.ask(IPFS_STAT, payload, QUESTION), payload);
    }
  });

  test('is told at once when nobody serves it', async () => {
    await using net = await network();
    const link = await net.link();
    await assert.rejects(link.ask(IPFS_STAT, new Uint8Array(1), QUESTION), refusal('unavailable'));
  });

  test('goes to no subject that clients may not use', async () => {
    await using net = await network();
    const link = await net.link();
    for (const subject of [
      '_INBOX_tee.x',
      'tea.layer1.rpc.x',
      '>',
      'tea.ipfs.*',
      '$SYS.REQ.SERVER.PING',
      `tea.node.${'0'.repeat(63)}.info`,
      LAYER1_RPC,
    ]) {
      await assert.rejects(link.ask(subject, new Uint8Array(1), QUESTION), refusal('refused'), subject);
    }
  });

  test('that is repeated after a lost link is executed once, and answered as before', async () => {
    await using net = await network();
    const ipfs = await net.connect('ipfs');
    let executed = 0;
    const gate = Promise.withResolvers<void>();
    ipfs.subscribe(IPFS_STAT, {
      callback: (_, message) => void gate.promise.then(() => message.respond(encodeReply({ count: ++executed }))),
    });
    await ipfs.flush();
    const client = crypto.getRandomValues(new Uint8Array(16));
    const key = crypto.getRandomValues(new Uint8Array(16));
    const first = await net.link(client);
    const cut = first.ask(IPFS_STAT, Uint8Array.of(1), { ...QUESTION, key });
    await first.ask('tea.nowhere', new Uint8Array(), QUESTION).catch(() => undefined); // what was asked before it has arrived
    await first[Symbol.asyncDispose]();
    await assert.rejects(cut);
    const second = await net.link(client);
    const again = second.ask(IPFS_STAT, Uint8Array.of(1), { ...QUESTION, key });
    gate.resolve();
    assert.deepEqual(await again, encodeReply({ count: 1 }));
    await assert.rejects(second.ask(IPFS_STAT, Uint8Array.of(2), { ...QUESTION, key }), refusal('conflict'));
    const stranger = await net.link();
    assert.deepEqual(await stranger.ask(IPFS_STAT, Uint8Array.of(1), { ...QUESTION, key }), encodeReply({ count: 2 }));
  });
});

describe('a session through the web adapter', () => {
  test('carries frames both ways until either side ends it', async () => {
    await using net = await network();
    const gateway = await net.connect('gateway');
    const ended = Promise.withResolvers<void>();
    gateway.subscribe(LAYER1_RPC, {
      callback(_, message) {
        if (message.data.length === 0) return ended.resolve();
        for (let copy = 0; copy < 3; copy++) message.respond(message.data);
      },
    });
    await gateway.flush();
    const link = await net.link();
    const heard: (string | null)[] = [];
    const three = Promise.withResolvers<void>();
    const session = link.openSession(LAYER1_RPC, (frame) => {
      heard.push(frame === null ? null : new TextDecoder().decode(frame));
      if (heard.length === 3) three.resolve();
    });
    session.send(new TextEncoder().encode('hello'));
    await three.promise;
    assert.deepEqual(heard, ['hello', 'hello', 'hello']);
    session.end();
    await ended.promise;
  });

  test('ends for the service when its client is gone', async () => {
    await using net = await network();
    const gateway = await net.connect('gateway');
    const [began, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    gateway.subscribe(LAYER1_RPC, { callback: (_, message) => (message.data.length === 0 ? ended : began).resolve() });
    await gateway.flush();
    const link = await net.link();
    link.openSession(LAYER1_RPC, () => undefined).send(Uint8Array.of(1));
    await began.promise;
    await link[Symbol.asyncDispose]();
    await ended.promise;
  });
});
