import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { NatsConnection, Subscription } from '@nats-io/transport-node';
import { connectNats, type NatsServer, startNats } from '@tea/host-nats';
import { temporaryDirectory, type TemporaryDirectory } from '@tea/platform';
import { LAYER1_RPC, secureRandom, toHex } from '@tea/protocol';
import { type ChainPort, GATEWAY_ERRORS, parseSessionInfo, SESSION_METHOD } from '@tea/protocol/layer1';
import { type GatewayOptions, startGateway } from './index.ts';

/** A chain that keeps what it's sent, and says what it's told to. */
function fakeChain() {
  const sessions: { received: string[]; answer: (frame: string) => void; end: (reason: string) => void; closed: boolean }[] = [];
  const port: ChainPort = {
    connect(onFrame, onClose) {
      const session = { received: [] as string[], answer: onFrame, end: (reason: string) => onClose?.(reason), closed: false };
      sessions.push(session);
      return { send: (frame) => void session.received.push(frame), close: () => void (session.closed = true) };
    },
  };
  return { port, sessions };
}

let directory: TemporaryDirectory;
let nats: NatsServer;
let service: NatsConnection;
let client: NatsConnection;

before(async () => {
  directory = await temporaryDirectory('gateway');
  nats = await startNats({ dataDir: directory.path });
  service = await connectNats(nats.credentials('gateway'));
  client = await connectNats(nats.credentials('client'));
});
after(async () => {
  await client.close();
  await service.close();
  await nats[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

type Inbox = {
  readonly subject: string;
  send(payload: string | Uint8Array): void;
  next(): Promise<string>;
  answer(): Promise<{ id: unknown; error?: { code: number }; result?: unknown }>;
};

function openInbox(): Inbox {
  const subject = `_INBOX_client.${toHex(secureRandom(16))}`;
  const subscription: Subscription = client.subscribe(subject);
  const messages = subscription[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const message = await messages.next();
    return new TextDecoder().decode(message.done === true ? undefined : message.value.data);
  };
  const answer = async (): ReturnType<Inbox['answer']> => JSON.parse(await next()) as Awaited<ReturnType<Inbox['answer']>>;
  return { subject, send: (payload) => client.publish(LAYER1_RPC, payload, { reply: subject }), next, answer };
}

async function withGateway(
  options: Partial<GatewayOptions>,
  run: (chain: ReturnType<typeof fakeChain>, gateway: { readonly sessions: number }) => Promise<void>,
): Promise<void> {
  const chain = fakeChain();
  await using gateway = await startGateway({ chain: chain.port, connection: service, ...options });
  await run(chain, gateway);
}

const request = (id: unknown, method: string, params: unknown[] = []): string => JSON.stringify({ jsonrpc: '2.0', id, method, params });
/** All that came before is handled once this is answered: frames of one connection keep their order. */
async function settled(inbox: Inbox): Promise<void> {
  inbox.send(request('settled', SESSION_METHOD));
  assert.equal((await inbox.answer()).id, 'settled');
}

describe('gateway: hostile frames', () => {
  const cases: [string, string | Uint8Array, number][] = [
    ['bytes that are not UTF-8', Uint8Array.of(0xff, 0xfe, 0x00), GATEWAY_ERRORS.parse],
    ['text that is not JSON', '{"jsonrpc":', GATEWAY_ERRORS.parse],
    ['JSON of another kind', '"chainHead_v1_follow"', GATEWAY_ERRORS.invalidRequest],
    ['a batch', `[${request(1, 'rpc_methods')}]`, GATEWAY_ERRORS.invalidRequest],
    ['a notification', JSON.stringify({ jsonrpc: '2.0', method: 'rpc_methods' }), GATEWAY_ERRORS.invalidRequest],
    ['an id of another kind', request({ a: 1 }, 'rpc_methods'), GATEWAY_ERRORS.invalidRequest],
    ['an endless id', request('x'.repeat(500), 'rpc_methods'), GATEWAY_ERRORS.invalidRequest],
    ['a method that is no text', JSON.stringify({ jsonrpc: '2.0', id: 1, method: 7 }), GATEWAY_ERRORS.invalidRequest],
    ['a method that steers a node', request(1, 'author_insertKey', ['aura', '//Alice', '0x']), GATEWAY_ERRORS.methodNotAllowed],
    ['a method of Object', request(1, 'constructor'), GATEWAY_ERRORS.methodNotAllowed],
    ['a frame over the limit', request(1, 'rpc_methods', ['x'.repeat(2_000)]), GATEWAY_ERRORS.frameTooLarge],
  ];
  for (const [what, payload, code] of cases) {
    it(`answers ${what} with error ${code} and passes nothing on`, () =>
      withGateway({ limits: { maxFrameBytes: 1_000 } }, async (chain) => {
        const inbox = openInbox();
        inbox.send(payload);
        assert.equal((await inbox.answer()).error?.code, code);
        assert.deepEqual(
          chain.sessions.flatMap(({ received }) => received),
          [],
        );
      }));
  }

  it('never publishes to a reply subject that is not an inbox, nor to one without a random part', () =>
    withGateway({}, async (chain, gateway) => {
      for (const reply of ['tea.ipfs.add', '_INBOX_client.x', '_INBOX_client.a.b', 'client'])
        client.publish(LAYER1_RPC, request(1, 'rpc_methods'), { reply });
      client.publish(LAYER1_RPC, request(1, 'rpc_methods'));
      await settled(openInbox());
      assert.equal(gateway.sessions, 1);
      assert.equal(chain.sessions.length, 1);
    }));
});

describe('gateway: sessions', () => {
  it('keeps one chain session an inbox, and mixes up neither requests nor answers', () =>
    withGateway({}, async (chain) => {
      const inboxes = [openInbox(), openInbox()];
      for (const [index, inbox] of inboxes.entries()) {
        inbox.send(request(index, 'chainSpec_v1_chainName'));
        await settled(inbox);
        chain.sessions[index]?.answer(JSON.stringify({ jsonrpc: '2.0', id: index, result: `answer ${index}` }));
        assert.equal((await inbox.answer()).result, `answer ${index}`);
      }
      assert.deepEqual(
        chain.sessions.map(({ received }) => received.length),
        [1, 1],
      );
    }));

  it('ends a session at an empty frame, and tells a client with one when the chain ends it', () =>
    withGateway({}, async (chain, gateway) => {
      const [leaving, staying] = [openInbox(), openInbox()];
      await settled(leaving);
      await settled(staying);
      leaving.send('');
      await settled(staying);
      assert.equal(chain.sessions[0]?.closed, true);
      chain.sessions[1]?.end('the chain started again');
      assert.equal(await staying.next(), '');
      assert.equal(gateway.sessions, 0);
    }));

  it('gives a session another name after it was lost, so that a client can tell', () =>
    withGateway({}, async () => {
      const inbox = openInbox();
      const name = async (): Promise<string | undefined> => {
        inbox.send(request(1, SESSION_METHOD));
        return parseSessionInfo((await inbox.answer()).result)?.session;
      };
      const first = await name();
      assert.equal(await name(), first);
      inbox.send('');
      assert.notEqual(await name(), first);
    }));

  it('ends a session in which nothing was heard for the idle time, but not one with a heartbeat', async () => {
    let now = 0;
    await withGateway({ now: () => now, limits: { idleMs: 40 } }, async (_chain, gateway) => {
      const [idle, alive] = [openInbox(), openInbox()];
      await settled(idle);
      await settled(alive);
      now = 30;
      await settled(alive);
      now = 50;
      assert.equal(await idle.next(), '');
      assert.equal(gateway.sessions, 1);
    });
  });
});

describe('gateway: bounds', () => {
  it('refuses a session too many with an error and the end, and takes one again when there is room', () =>
    withGateway({ limits: { maxSessions: 2 } }, async (_chain, gateway) => {
      const [first, second, third] = [openInbox(), openInbox(), openInbox()];
      await settled(first);
      await settled(second);
      third.send(request(1, 'rpc_methods'));
      assert.equal((await third.answer()).error?.code, GATEWAY_ERRORS.tooManySessions);
      assert.equal(await third.next(), '');
      first.send('');
      await settled(second);
      await settled(third);
      assert.equal(gateway.sessions, 2);
    }));

  it('refuses more unanswered requests than its bound, until answers came', () =>
    withGateway({ limits: { maxPending: 3 } }, async (chain) => {
      const inbox = openInbox();
      for (let id = 0; id < 4; id++) inbox.send(request(id, 'chainHead_v1_header', ['a', '0x00']));
      const refused = await inbox.answer();
      assert.deepEqual([refused.id, refused.error?.code], [3, GATEWAY_ERRORS.tooManyPending]);
      chain.sessions[0]?.answer(JSON.stringify({ jsonrpc: '2.0', id: 0, result: null }));
      assert.equal((await inbox.answer()).id, 0);
      inbox.send(request(4, 'chainHead_v1_header', ['a', '0x00']));
      await settled(inbox);
      assert.equal(chain.sessions[0]?.received.length, 4);
    }));

  it('answers with an error what is larger than the bus carries, and ends a session whose notification is', () =>
    withGateway({ limits: { maxAnswerBytes: 10_000 } }, async (chain) => {
      const inbox = openInbox();
      inbox.send(request('big', 'state_getStorage', ['0x3a636f6465']));
      await settled(inbox);
      chain.sessions[0]?.answer(JSON.stringify({ jsonrpc: '2.0', id: 'big', result: 'é'.repeat(6_000) }));
      const answer = await inbox.answer();
      assert.deepEqual([answer.id, answer.error?.code], ['big', GATEWAY_ERRORS.answerTooLarge]);
      chain.sessions[0]?.answer(JSON.stringify({ jsonrpc: '2.0', method: 'chainHead_v1_followEvent', params: 'x'.repeat(10_000) }));
      assert.equal(await inbox.next(), '');
    }));
});
