import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { errors, type NatsConnection } from '@nats-io/transport-node';
import { temporaryDirectory, type TemporaryDirectory } from '@tea/platform';
import { BUS_USERS, type BusUser, inboxPrefix, LAYER1_RPC, nodeSubject, SUBJECTS } from '@tea/protocol';
import { connectNats } from './connect-nats.ts';
import { type NatsServer, startNats } from './start-nats.ts';

const aNode = new Uint8Array(32).fill(7);

/** One user's connection that remembers what the server refused it. */
type Guest = { readonly connection: NatsConnection; readonly refused: string[] };

async function join(server: NatsServer, user: BusUser): Promise<Guest> {
  const connection = await connectNats(server.credentials(user));
  const refused: string[] = [];
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'error' && status.error instanceof errors.PermissionViolationError)
        refused.push(`${status.error.operation} ${status.error.subject}`);
    }
  })();
  return { connection, refused };
}

/** The server answers in order: once a flush is back, every refusal before it is too. */
async function refusalsOf(guest: Guest, act: (connection: NatsConnection) => void): Promise<readonly string[]> {
  guest.refused.length = 0;
  act(guest.connection);
  await guest.connection.flush();
  await new Promise(setImmediate);
  return [...guest.refused];
}

describe("a user of the bus can't", () => {
  let dir: TemporaryDirectory;
  let server: NatsServer;
  const guests = new Map<BusUser, Guest>();
  const guest = (user: BusUser): Guest => guests.get(user) ?? assert.fail(user);

  before(async () => {
    dir = await temporaryDirectory('nats');
    server = await startNats({ dataDir: dir.path });
    for (const user of BUS_USERS) guests.set(user, await join(server, user));
  });
  after(async () => {
    for (const { connection } of guests.values()) await connection.close();
    await server[Symbol.asyncDispose]();
    await dir[Symbol.asyncDispose]();
  });

  for (const rule of SUBJECTS) {
    const subject = rule.subject.replace('*', '07'.repeat(32));
    for (const user of BUS_USERS) {
      test(`ask ${rule.subject} or serve it outside the table: ${user}`, async () => {
        const publishing = await refusalsOf(guest(user), (connection) => connection.publish(subject, 'x'));
        assert.deepEqual(publishing, rule.publish.includes(user) ? [] : [`publish ${subject}`]);
        const subscribing = await refusalsOf(guest(user), (connection) => connection.subscribe(subject, { callback: () => undefined, max: 1 }));
        assert.deepEqual(subscribing, rule.subscribe.includes(user) ? [] : [`subscription ${subject}`]);
      });
    }
  }

  const nets = [
    '>',
    '*',
    '*.>',
    'tea.>',
    'tea.*.*',
    'tea.ipfs.*',
    'tea.node.>',
    'tea.node.*.*',
    '_INBOX_*.>',
    '$SYS.>',
    '$JS.>',
    '_INBOX.>',
    'other',
  ];
  for (const user of BUS_USERS) {
    test(`listen with a wildcard to what is not its own: ${user}`, async () => {
      const foreign = BUS_USERS.filter((other) => other !== user).flatMap((other) => [`${inboxPrefix(other)}.>`, `${inboxPrefix(other)}.*`]);
      for (const subject of [...nets, ...foreign]) {
        const refused = await refusalsOf(guest(user), (connection) => {
          connection.subscribe(subject, { callback: () => undefined });
          connection.subscribe(subject, { callback: () => undefined, queue: 'q' });
        });
        assert.equal(refused.length, 2, `${user} may subscribe to ${subject}`);
      }
    });

    test(`write to an inbox that didn't ask it: ${user}`, async () => {
      for (const other of BUS_USERS) {
        const refused = await refusalsOf(guest(user), (connection) => connection.publish(`${inboxPrefix(other)}.abc`, 'forged'));
        assert.equal(refused.length, 1, `${user} may publish to an inbox of ${other}`);
      }
    });
  }

  test('answer more often than the table says, or elsewhere', async () => {
    const heard: string[] = [];
    const inbox = `${inboxPrefix('client')}.answers`;
    const serving = guest('tee').connection.subscribe(nodeSubject(aNode, 'info'), { max: 1 });
    guest('client').connection.subscribe(inbox, { callback: (_, message) => void heard.push(message.string()) });
    await guest('tee').connection.flush();
    guest('client').connection.publish(nodeSubject(aNode, 'info'), 'who?', { reply: inbox });
    for await (const request of serving) {
      const refused = await refusalsOf(guest('tee'), (connection) => {
        request.respond('first');
        request.respond('second');
        connection.publish(`${inbox}x`, 'elsewhere');
      });
      assert.deepEqual(refused, [`publish ${inbox}`, `publish ${inbox}x`]);
    }
    await guest('client').connection.flush();
    assert.deepEqual(heard, ['first']);
  });

  test('keep a gateway from notifying a session as often as it likes', async () => {
    const [inbox, count] = [`${inboxPrefix('tee')}.session`, 500];
    const done = Promise.withResolvers<void>();
    let heard = 0;
    guest('tee').connection.subscribe(inbox, { callback: () => void (++heard === count && done.resolve()) });
    const serving = guest('gateway').connection.subscribe(LAYER1_RPC, { max: 1 });
    await guest('gateway').connection.flush();
    guest('tee').connection.publish(LAYER1_RPC, 'ask', { reply: inbox });
    for await (const request of serving) {
      assert.deepEqual(await refusalsOf(guest('gateway'), () => Array.from({ length: count }, () => request.respond('frame'))), []);
    }
    await done.promise;
  });
});
