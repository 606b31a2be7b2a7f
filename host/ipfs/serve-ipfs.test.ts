import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { connectNats, startNats } from '@tea/host-nats';
import { temporaryDirectory } from '@tea/platform';
import { type BusUser, encodeCbor, encodeErrorReply, encodeReply, IPFS_ADD, IPFS_BLOCK, IPFS_STAT, TeaError } from '@tea/protocol';
import { busRequests } from '@tea/protocol/bus';
import { decodeFrame, encodeFrame, importFile, ipfsClient, type IpfsClientOptions } from '@tea/protocol/ipfs';
import { openHeliaNode } from './helia-node.ts';
import { digestOf, refusal, someContent } from './ipfs-node.contract.ts';
import type { IpfsNode } from './ipfs-node.ts';
import { type FailedRequest, serveIpfs, type ServeIpfsOptions } from './serve-ipfs.ts';

const MIB = 1024 * 1024;

/** A bus, a store and its service; `join` makes clients. */
async function network(options: { change?: (node: IpfsNode) => IpfsNode; serve?: Partial<ServeIpfsOptions>; without?: 'service' } = {}) {
  const stack = new AsyncDisposableStack();
  const dir = stack.use(await temporaryDirectory('ipfs'));
  const bus = stack.use(await startNats({ dataDir: join(dir.path, 'bus') }));
  const store = stack.use(await openHeliaNode({ dataDir: join(dir.path, 'store') }));
  const node = options.change?.(store) ?? store;
  const connect = async (user: BusUser) => {
    const connection = await connectNats(bus.credentials(user));
    stack.defer(() => connection.close());
    return connection;
  };
  const failures: FailedRequest[] = [];
  if (options.without === undefined) {
    stack.use(serveIpfs({ node, connection: await connect('ipfs'), onFailure: (failed) => failures.push(failed), ...options.serve }));
  }
  return {
    bus,
    node: store,
    failures,
    connect,
    join: async (user: BusUser = 'client', clientOptions: IpfsClientOptions = {}) => ipfsClient(await connect(user), clientOptions),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function nothingIsLeft(node: IpfsNode, ofContent: AsyncIterable<Uint8Array>): Promise<void> {
  await node.gc();
  assert.deepEqual(await Array.fromAsync(node.pins()), []);
  const blocks: string[] = [];
  await importFile(ofContent, async (cid) => void blocks.push(cid.toString()));
  for (const cid of blocks) await assert.rejects(node.getBlock(cid), refusal('notFound'));
}

describe('content from a host that lies', () => {
  const lies: Readonly<Record<string, (honest: Uint8Array) => Uint8Array>> = {
    'changes a byte': (honest) => honest.map((byte, index) => (index === honest.length - 1 ? byte ^ 1 : byte)),
    'gives a shorter piece': (honest) => honest.subarray(0, -1),
    'gives a longer piece': (honest) => Buffer.concat([honest, Uint8Array.of(0)]),
    'gives nothing': () => new Uint8Array(),
    'says that the block is empty': () => encodeFrame(encodeReply({ sizeBytes: 0 })),
    'says that the block is huge': (honest) => encodeFrame(encodeReply({ sizeBytes: 2 ** 40 }), decodeFrame(honest).body),
    'says that the block is longer': (honest) => encodeFrame(encodeReply({ sizeBytes: 2 * MIB }), decodeFrame(honest).body),
    'answers with an error of no known kind': () => encodeFrame(encodeCbor({ ok: false, error: { code: 'gotcha', summary: '', correlation: '' } })),
    'answers with noise': (honest) => honest.map((byte, index) => (byte * 31 + index) % 256),
  };
  for (const [name, lie] of Object.entries(lies)) {
    test(`is found out at the first bad block: it ${name}`, async () => {
      await using net = await network({ without: 'service' });
      const { cid } = await net.node.add(someContent(3 * MIB, 1));
      let served = 0;
      const connection = await net.connect('ipfs');
      connection.subscribe(IPFS_BLOCK, {
        callback(_, request) {
          // The root and the first leaf are honest: 1 + 4 pieces. What follows is the same block's answer, changed.
          const number = served++;
          void (async () => {
            const text = await cidAsked(request.data);
            const bytes = await net.node.getBlock(text.cid);
            const honest = encodeFrame(encodeReply({ sizeBytes: bytes.length }), bytes.subarray(text.offset, text.offset + 262_144));
            request.respond(number >= 1 && text.cid === (await leaves(1))[1] ? lie(honest) : honest);
          })();
        },
      });
      await connection.flush();
      const client = await net.join();
      const given: Uint8Array[] = [];
      const reading = (async () => {
        for await (const piece of client.cat(cid)) given.push(piece);
      })();
      await assert.rejects(reading, refusal('corrupt', 'badMessage'));
      assert.ok(given.length <= 1, 'only the first, honest leaf may have come out');
      assert.deepEqual(Buffer.concat(given), Buffer.concat(await Array.fromAsync(someContent(MIB, 1))).subarray(0, given.length * MIB));
    });
  }

  test('can not put another CID under an add: the client computes its own', async () => {
    await using net = await network({ change: (node) => ({ ...node, stat: async (cid) => ({ ...(await node.stat(cid)), size: 1 }) }) });
    const client = await net.join();
    await assert.rejects(client.add(someContent(MIB, 1)), refusal('corrupt'));
  });

  async function leaves(seed: number): Promise<readonly string[]> {
    const cids: string[] = [];
    await importFile(someContent(3 * MIB, seed), async (cid) => void cids.push(cid.toString()));
    return cids;
  }
});

/** The one request message read without the room's own decoder: the CID's bytes and the offset. */
async function cidAsked(request: Uint8Array): Promise<{ cid: string; offset: number }> {
  const { decode } = await import('cborg');
  const { CID } = await import('multiformats/cid');
  const { cid, offset } = decode(request) as { cid: Uint8Array; offset: number };
  return { cid: CID.decode(cid).toString(), offset };
}

describe('an add over the bus leaves nothing', () => {
  test('when its source breaks, with the error of the source', async () => {
    await using net = await network();
    const client = await net.join();
    const broken = new Error('the source broke');
    async function* source(): AsyncGenerator<Uint8Array> {
      yield* someContent(3 * MIB, 1);
      throw broken;
    }
    await assert.rejects(client.add(source()), broken);
    await nothingIsLeft(net.node, someContent(3 * MIB, 1));
  });

  test('when it is cancelled', async () => {
    await using net = await network();
    const client = await net.join();
    const stop = new AbortController();
    const adding = client.add(someContent(64 * MIB, 2), {
      signal: stop.signal,
      onProgress: (storedBytes) => void (storedBytes > 2 * MIB && stop.abort()),
    });
    await assert.rejects(adding, refusal('cancelled'));
    await nothingIsLeft(net.node, someContent(4 * MIB, 2));
  });

  test("when the host's disk is full, and says storage", async () => {
    let roomFor = 3;
    const change = (node: IpfsNode): IpfsNode => ({
      ...node,
      async putBlock(cid, bytes) {
        if (roomFor-- <= 0) throw new TeaError('storage', 'Storing a block failed', { expected: 'room', actual: 'a full disk' });
        await node.putBlock(cid, bytes);
      },
    });
    await using net = await network({ change });
    const client = await net.join();
    await assert.rejects(client.add(someContent(8 * MIB, 3)), refusal('storage'));
    assert.ok(net.failures.some(({ correlation }) => /^[0-9a-f]{16}$/.test(correlation)));
    await nothingIsLeft(net.node, someContent(8 * MIB, 3));
  });

  test('when the bus is killed half way, with a typed error, and works again once the bus is back', async () => {
    await using net = await network({ serve: { limits: { idleMs: 200 } } });
    const client = await net.join();
    let killed: Promise<void> | undefined;
    const adding = client.add(someContent(64 * MIB, 4), { onProgress: (storedBytes) => void (storedBytes > 2 * MIB && (killed ??= net.bus.kill())) });
    await assert.rejects(adding, refusal('unavailable', 'timeout'));
    await killed;
    await net.bus.restart();
    const { cid } = await client.add(someContent(3 * MIB, 5));
    assert.equal(await digestOf(client.cat(cid)), await digestOf(someContent(3 * MIB, 5)));
    assert.deepEqual(await Array.fromAsync(net.node.pins()), [cid]);
  });

  test('when a read is under way as the bus dies, the reader hears it too', async () => {
    await using net = await network();
    const client = await net.join();
    const { cid } = await client.add(someContent(16 * MIB, 6));
    const reading = (async () => {
      let killed: Promise<void> | undefined;
      for await (const _ of client.cat(cid)) killed ??= net.bus.kill();
    })();
    await assert.rejects(reading, refusal('unavailable', 'timeout'));
    await net.bus.restart();
    assert.equal(await digestOf(client.cat(cid)), await digestOf(someContent(16 * MIB, 6)));
  });
});

describe('the content service', () => {
  for (const sizeBytes of [0, 1, 262_144, MIB, MIB + 1, 10 * MIB + 3]) {
    test(`takes and gives ${sizeBytes} bytes, with progress, size, digest and the CID Helia gives`, async () => {
      await using net = await network();
      const client = await net.join();
      let progress = 0;
      const added = await client.add(someContent(sizeBytes, 1), { onProgress: (storedBytes) => void (progress = storedBytes) });
      assert.equal(added.size, sizeBytes);
      assert.equal(added.sha256.toHex(), await digestOf(someContent(sizeBytes, 1)));
      assert.ok(progress >= sizeBytes);
      assert.equal((await net.node.add(someContent(sizeBytes, 1))).cid, added.cid);
      assert.deepEqual(await client.stat(added.cid), { cid: added.cid, size: sizeBytes, pinned: true });
      assert.equal(await digestOf(client.cat(added.cid, { maxBytes: sizeBytes })), await digestOf(someContent(sizeBytes, 1)));
    });
  }

  test('serves a client and a TEE at a time, each its own', async () => {
    await using net = await network();
    await Promise.all(
      (['client', 'tee', 'probe'] as const).map(async (user, seed) => {
        const client = await net.join(user);
        const { cid } = await client.add(someContent(5 * MIB, seed));
        assert.equal(await digestOf(client.cat(cid)), await digestOf(someContent(5 * MIB, seed)));
      }),
    );
    assert.equal((await Array.fromAsync(net.node.pins())).length, 3);
    assert.deepEqual(net.failures, []);
  });

  test('takes a content of equal blocks', async () => {
    await using net = await network();
    const client = await net.join();
    async function* zeros(): AsyncGenerator<Uint8Array> {
      for (let piece = 0; piece < 9; piece++) yield new Uint8Array(MIB);
    }
    const { cid } = await client.add(zeros());
    assert.equal(await digestOf(client.cat(cid)), await digestOf(zeros()));
  });

  test('reads no further ahead than its reader allows', async () => {
    const read: string[] = [];
    const change = (node: IpfsNode): IpfsNode => ({
      ...node,
      getBlock(cid) {
        read.push(cid);
        return node.getBlock(cid);
      },
    });
    await using net = await network({ change });
    const { cid } = await net.node.add(someContent(40 * MIB, 1));
    const connection = await net.connect('client');
    const reading = ipfsClient(connection).cat(cid)[Symbol.asyncIterator]();
    await reading.next();
    for (let round = 0; round < 20; round++) await connection.flush();
    assert.ok(read.length <= 1 + 4 + 1, `${read.length} blocks for one that was taken`);
    await reading.return?.();
  });

  test('refuses before fetching what is too large, and says what is not there', async () => {
    await using net = await network();
    const client = await net.join();
    const { cid } = await client.add(someContent(3 * MIB, 1));
    await assert.rejects(Array.fromAsync(client.cat(cid, { maxBytes: 3 * MIB - 1 })), refusal('limit'));
    const absent = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';
    await assert.rejects(Array.fromAsync(client.cat(absent)), refusal('notFound'));
    await assert.rejects(client.stat(absent), refusal('notFound'));
    assert.throws(() => client.cat('nonsense'), refusal('badInput'));
    await assert.rejects(Array.fromAsync(client.cat(cid, { signal: AbortSignal.abort() })), refusal('cancelled'));
  });

  test('answers hostile requests with badMessage and goes on', async () => {
    await using net = await network({ serve: { limits: { maxUploads: 2 } } });
    const connection = await net.connect('probe');
    const ask = busRequests(connection);
    const request = { what: 'Attacking', timeoutMs: 5_000 };
    const hostile = [
      new Uint8Array(),
      Uint8Array.of(0),
      Uint8Array.of(255, 255, 1),
      Uint8Array.of(0, 1, 0xa0),
      new Uint8Array(100_000).fill(0x9f),
      encodeCbor({ op: 'open' }),
    ];
    for (const subject of [IPFS_ADD, IPFS_BLOCK, IPFS_STAT]) {
      for (const payload of hostile) {
        const reply = await ask(subject, payload, request);
        assert.match(Buffer.from(reply).toString('latin1'), /badMessage/);
      }
    }
    const upload = new Uint8Array(16);
    const cid = Uint8Array.of(1, 0x55, 0x12, 0x20, ...new Uint8Array(32));
    const unknown = await ask(IPFS_ADD, encodeFrame(encodeCbor({ op: 'commit', upload, cid })), request);
    assert.match(Buffer.from(unknown).toString('latin1'), /notFound/);
    const replies = await Promise.all(Array.from({ length: 5 }, () => ask(IPFS_ADD, encodeFrame(encodeCbor({ op: 'open' })), request)));
    assert.equal(replies.filter((reply) => /limit/.test(Buffer.from(reply).toString('latin1'))).length, 3);
  });

  test('is told apart: none there, one that is silent, one that is not allowed', async () => {
    await using net = await network({ without: 'service' });
    const client = await net.join('client', { requestTimeoutMs: 100 });
    await assert.rejects(client.add(someContent(1, 1)), refusal('unavailable'));
    const silent = await net.connect('ipfs');
    silent.subscribe(IPFS_ADD, { callback: () => undefined });
    await silent.flush();
    await assert.rejects(client.add(someContent(1, 1)), refusal('timeout'));
  });

  test("keeps a service's own errors typed on the way, and hides those that are not ours", async () => {
    const secret = 'CANARY-in-an-error';
    await using net = await network({ change: (node) => ({ ...node, stat: () => Promise.reject(new Error(secret)) }) });
    const client = await net.join();
    const { root } = await importFile(someContent(1, 1), () => Promise.resolve());
    await assert.rejects(client.stat(root.toString()), (error) => refusal('internal')(error) && !String(error).includes(secret));
    assert.ok(encodeErrorReply(new Error(secret), 'x').every((_, index, bytes) => !Buffer.from(bytes).includes(secret) && index >= 0));
  });

  test("leaves no content in the bus's log", async () => {
    await using net = await network();
    const client = await net.join();
    const canary = Buffer.from('CANARY-7f3a-in-the-content');
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let piece = 0; piece < 50_000; piece++) yield canary;
    }
    const { cid } = await client.add(source());
    assert.equal(await digestOf(client.cat(cid)), await digestOf(source()));
    const ask = busRequests(await net.connect('probe'));
    await ask(IPFS_BLOCK, canary, { what: 'Asking nonsense', timeoutMs: 5_000 });
    await assert.rejects(ask('tea.other', canary, { what: 'Asking nobody', timeoutMs: 5_000 }), refusal('refused', 'unavailable', 'timeout'));
    await net.bus[Symbol.asyncDispose](); // its log is whole then
    const log = await readFile(net.bus.logFile);
    assert.ok(log.includes('Publish Violation'), 'the log is the one that was written to');
    assert.ok(!log.includes('CANARY'));
    assert.ok(!JSON.stringify(net.failures.map(({ error }) => String(error))).includes('CANARY'));
  });
});
