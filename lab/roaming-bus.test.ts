import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { connectNats, type NatsServer, startNats } from '@tea/host-nats';
import { startWebAdapter, type WebAdapter } from '@tea/host-web-adapter';
import { temporaryDirectory } from '@tea/platform';
import { encodeReply, IPFS_STAT, TeaError } from '@tea/protocol';
import { developmentAccount, openRoamingBus, openTeaOver, ss58, type RoamingBusOptions } from '@tea/sdk';
import { startTestLayer1 } from './test-layer1.ts';

const refusal = (code: string) => (error: unknown) => error instanceof TeaError && error.code === code;
const QUESTION = { what: 'Asking', timeoutMs: 20_000 };

async function adapterOn(nats: NatsServer, port = 0): Promise<WebAdapter> {
  const connection = await connectNats(nats.credentials('client'));
  const adapter = await startWebAdapter({ connection, inboxPrefix: '_INBOX_client', chain: '', port });
  return {
    ...adapter,
    async [Symbol.asyncDispose]() {
      await adapter[Symbol.asyncDispose]();
      await connection.close();
    },
  };
}

/** Two hosts on one bus, so that either can serve what is asked, and a client that roams between them. */
async function network(options: Partial<RoamingBusOptions> = {}) {
  const stack = new AsyncDisposableStack();
  const dir = stack.use(await temporaryDirectory('roam'));
  const nats = stack.use(await startNats({ dataDir: join(dir.path, 'bus') }));
  const service = await connectNats(nats.credentials('ipfs'));
  stack.defer(() => service.close());
  const hosts = [await adapterOn(nats), await adapterOn(nats)];
  for (const host of hosts) stack.use(host);
  const bus = stack.use(openRoamingBus({ urls: hosts.map(({ linkUrl }) => linkUrl), backOffMs: 20, ...options }));
  const serve = async (answer: (request: Uint8Array) => Promise<Uint8Array> | Uint8Array): Promise<void> => {
    service.subscribe(IPFS_STAT, { callback: (_, message) => void Promise.resolve(answer(message.data)).then((bytes) => message.respond(bytes)) });
    await service.flush();
  };
  const hostOf = (url: string | null): WebAdapter => {
    const host = hosts.find(({ linkUrl }) => linkUrl === url);
    assert.ok(host !== undefined, `${url} is a host`);
    return host;
  };
  return { nats, bus, serve, hosts, hostOf, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe('a client that roams', () => {
  test('moves to the next host when the one that serves dies, and no request under way is lost', async () => {
    const moves: string[] = [];
    await using net = await network({ onMove: ({ kind }) => void moves.push(kind) });
    const asked = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    let requests = 0;
    await net.serve(async (request) => {
      if (++requests === 50) asked.resolve();
      await gate.promise;
      return request;
    });
    const answers = Array.from({ length: 50 }, (_, index) => net.bus.ask(IPFS_STAT, Uint8Array.of(index), QUESTION));
    await asked.promise;
    await net.hostOf(net.bus.url)[Symbol.asyncDispose]();
    gate.resolve();
    assert.deepEqual(
      await Promise.all(answers),
      Array.from({ length: 50 }, (_, index) => Uint8Array.of(index)),
    );
    assert.deepEqual(moves, ['connected', 'lost', 'connected']);
  });

  test('comes back to a host that came back, and what was asked before is answered, not executed again', async () => {
    await using net = await network();
    let executed = 0;
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const began = Promise.withResolvers<void>();
    await net.serve(async () => {
      executed++;
      began.resolve();
      await gates[0]?.promise;
      return encodeReply({ executed });
    });
    await net.hosts[1]?.[Symbol.asyncDispose]();
    const answer = net.bus.ask(IPFS_STAT, Uint8Array.of(1), QUESTION);
    await began.promise;
    net.bus.leave(new TeaError('unavailable', 'The link broke')); // the adapter lives on, and remembers
    const second = new Promise<void>((resolve) => net.bus.whenUp(resolve));
    await second;
    gates[0]?.resolve();
    assert.deepEqual(await answer, encodeReply({ executed: 1 }));
    assert.equal(executed, 1);
  });

  test('says in time that no host answers', async () => {
    await using net = await network();
    for (const host of net.hosts) await host[Symbol.asyncDispose]();
    await assert.rejects(net.bus.ask(IPFS_STAT, new Uint8Array(1), { what: 'Asking', timeoutMs: 300 }), refusal('unavailable'));
  });

  test('stops at once when told to', async () => {
    await using net = await network();
    await net.serve(() => new Promise<Uint8Array>(() => undefined));
    const stop = new AbortController();
    const asking = net.bus.ask(IPFS_STAT, new Uint8Array(1), { ...QUESTION, signal: stop.signal });
    stop.abort();
    await assert.rejects(asking, refusal('cancelled'));
  });

  test('takes a refusal of the service for what it is, and stays', async () => {
    await using net = await network();
    await assert.rejects(net.bus.ask('tea.nowhere', new Uint8Array(1), QUESTION), refusal('refused'));
    assert.notEqual(net.bus.url, null);
  });
});

test('a transaction and the reading of state survive the death of the host that carried them', async () => {
  await using layer1 = await startTestLayer1({ blockTimeMs: 100 });
  await using stack = new AsyncDisposableStack();
  const hosts = [stack.use(await adapterOn(layer1.nats)), stack.use(await adapterOn(layer1.nats))];
  const bus = stack.use(openRoamingBus({ urls: hosts.map(({ linkUrl }) => linkUrl), backOffMs: 20 }));
  const tea = stack.use(await openTeaOver(bus));
  const [alice, bob] = [developmentAccount('Alice'), developmentAccount('Bob')];
  const free = async (): Promise<bigint> => (await tea.ledger.api.query.System.Account.getValue(ss58(bob.publicKey))).data.free;
  const before = await free();
  const pay = (value: bigint) =>
    tea.ledger.submit(tea.ledger.api.tx.Balances.transfer_keep_alive({ dest: { type: 'Id', value: ss58(bob.publicKey) }, value }), alice.signer);
  await pay(1n);
  const paying = pay(10n);
  await hosts.find(({ linkUrl }) => linkUrl === bus.url)?.[Symbol.asyncDispose]();
  await paying;
  await pay(100n);
  assert.equal((await free()) - before, 111n);
});
