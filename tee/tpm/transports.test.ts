import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, it } from 'node:test';
import { isTeaError, sha256 } from '@tea/protocol';
import { GetCapability, GetRandom, Hash, SelfTest } from './commands/general.ts';
import { ReadPublic } from './commands/objects.ts';
import { TPM_CAP } from './commands/types.ts';
import { openTpmDevice, type TpmDevice } from './device-transport.ts';
import { connectSwtpm } from './swtpm-transport.ts';
import { openResourceManager } from './resource-manager.ts';
import { startTestTpm, type TestTpm } from './test-swtpm.ts';
import { createTpm, TPM_RH } from './tpm.ts';
import type { TpmTransport } from './transport.ts';

const GET_RANDOM = Uint8Array.fromHex('80010000000c0000017b0008');
const ENOENT = Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT' });

type Kind = { readonly name: string; readonly tcp: boolean; open(simulator: TestTpm): Promise<TpmTransport> };

const kinds: readonly Kind[] = [
  { name: 'swtpm on a unix socket', tcp: false, open: (simulator) => simulator.connect() },
  { name: 'swtpm on TCP', tcp: true, open: (simulator) => simulator.connect() },
  {
    name: 'a TPM device',
    tcp: false,
    open: (simulator) => openTpmDevice({ path: 'a device', openDevice: async () => deviceBefore(await simulator.connect()) }),
  },
  {
    name: 'a resource manager',
    tcp: false,
    async open(simulator) {
      const manager = await openResourceManager({ connect: () => simulator.connect() });
      const transport = manager.open();
      const close = async (): Promise<void> => {
        await transport[Symbol.asyncDispose]();
        await manager[Symbol.asyncDispose]();
      };
      return { ...transport, [Symbol.asyncDispose]: close };
    },
  },
];

/** A character device's behaviour before a real TPM: a write is a whole command, the next read its response. */
function deviceBefore(transport: TpmTransport): TpmDevice {
  let response: Uint8Array = new Uint8Array(0);
  return {
    async write(command: Uint8Array) {
      response = await transport.transmit(command);
      return { bytesWritten: command.length, buffer: command };
    },
    async read(into: Uint8Array) {
      into.set(response);
      return { bytesRead: response.length, buffer: into };
    },
    close: async () => transport[Symbol.asyncDispose](),
  } as never;
}

for (const { name, tcp, open } of kinds) {
  describe(`the transport to ${name}`, { timeout: 20_000 }, () => {
    it('carries one command and its response, again and again', async () => {
      await using simulator = await startTestTpm({ tcp });
      await using tpm = createTpm(await open(simulator));
      const drawn = new Set<string>();
      for (let round = 0; round < 100; round++) {
        const { randomBytes } = await tpm.turn((turn) => turn.run(GetRandom, {}, { bytesRequested: 16 }));
        drawn.add(randomBytes.toHex());
      }
      assert.equal(drawn.size, 100);
      await tpm.turn((turn) => turn.run(SelfTest, {}, { fullTest: true }));
    });

    it('carries the longest commands and answers whole', async () => {
      await using simulator = await startTestTpm({ tcp });
      await using tpm = createTpm(await open(simulator));
      const data = crypto.getRandomValues(new Uint8Array(1024));
      const { outHash } = await tpm.turn((turn) => turn.run(Hash, {}, { data, hashAlg: 'sha256', hierarchy: TPM_RH.null }));
      assert.deepEqual(outHash, sha256(data));
      const asked = { capability: TPM_CAP.tpmProperties, property: 0x100, propertyCount: 127 };
      const { capabilityData } = await tpm.turn((turn) => turn.run(GetCapability, {}, asked));
      assert.ok(capabilityData.capability === 'tpmProperties' && capabilityData.properties.length > 40);
    });

    it("hands on the TPM's refusals as they are", async () => {
      await using simulator = await startTestTpm({ tcp });
      await using tpm = createTpm(await open(simulator));
      const call = tpm.turn((turn) => turn.run(ReadPublic, { objectHandle: 0x81000001 }, {}));
      await assert.rejects(call, (error) => isTeaError(error, 'tpm') && error.details['responseCode'] === 0x18b);
    });

    it('takes one command at a time', async () => {
      await using simulator = await startTestTpm({ tcp });
      await using transport = await open(simulator);
      const first = transport.transmit(GET_RANDOM);
      await assert.rejects(transport.transmit(GET_RANDOM), (error) => isTeaError(error, 'conflict'));
      assert.equal((await first).length, 20);
      assert.equal((await transport.transmit(GET_RANDOM)).length, 20);
    });

    it('may be closed twice', async () => {
      await using simulator = await startTestTpm({ tcp });
      const transport = await open(simulator);
      await transport[Symbol.asyncDispose]();
      await transport[Symbol.asyncDispose]();
    });

    it('says at once, every time, that a killed TPM is gone', async () => {
      await using simulator = await startTestTpm({ tcp });
      await using transport = await open(simulator);
      const asked = transport.transmit(GET_RANDOM);
      await asked;
      simulator.child.kill('SIGKILL');
      await simulator.child.exited;
      for (let call = 0; call < 3; call++) await assert.rejects(transport.transmit(GET_RANDOM), (error) => isTeaError(error, 'unavailable'));
    });

    it('says that it was closed', async () => {
      await using simulator = await startTestTpm({ tcp });
      const transport = await open(simulator);
      await transport[Symbol.asyncDispose]();
      await assert.rejects(transport.transmit(GET_RANDOM), (error) => isTeaError(error, 'unavailable'));
    });
  });
}

describe('connecting', { timeout: 20_000 }, () => {
  it('to nobody says what to start', async () => {
    await assert.rejects(
      connectSwtpm({ socketPath: '/nonexistent/tpm.sock' }),
      (error) => isTeaError(error, 'unavailable') && /start swtpm/.test(error.message),
    );
  });

  it('can be cancelled', async () => {
    await assert.rejects(connectSwtpm({ socketPath: '/nonexistent' }, { signal: AbortSignal.abort() }), (error) => isTeaError(error, 'cancelled'));
  });

  it('to a missing device says to enable it or to simulate', async () => {
    const opening = openTpmDevice({ openDevice: () => Promise.reject(ENOENT) });
    await assert.rejects(opening, (error) => isTeaError(error, 'unavailable') && /tea up --tee process/.test(error.message));
  });
});

describe('a peer that is no TPM', { timeout: 20_000 }, () => {
  const replies: readonly [claim: string, reply: string][] = [
    ['claims a response of 4 GiB', '8001ffffffff00000000'],
    ['claims a response smaller than its header', '80010000000900000000'],
    ['sends more than it announced', '80010000000a0000000000'],
  ];
  for (const [claim, reply] of replies) {
    it(`is cut off when it ${claim}`, async () => {
      await using peer = await listening((socket) => void socket.once('data', () => socket.write(Uint8Array.fromHex(reply))));
      await using transport = await connectSwtpm({ port: peer.port });
      await assert.rejects(
        transport.transmit(GET_RANDOM),
        (error) => isTeaError(error, 'unavailable') && /no response to a command/.test(error.message),
      );
    });
  }

  it('is cut off when it speaks unasked', async () => {
    await using peer = await listening((socket) => void socket.write(Uint8Array.fromHex('80010000000a00000000')));
    await using transport = await connectSwtpm({ port: peer.port });
    await peer.left;
    await assert.rejects(transport.transmit(GET_RANDOM), (error) => isTeaError(error, 'unavailable'));
  });

  it('may answer byte by byte', async () => {
    const answer = Uint8Array.fromHex('80010000000a00000101');
    await using peer = await listening((socket) => {
      socket.setNoDelay(true).once('data', () => {
        const next = (index: number): void =>
          void (index < answer.length && socket.write(answer.subarray(index, index + 1), () => setImmediate(next, index + 1)));
        next(0);
      });
    });
    await using transport = await connectSwtpm({ port: peer.port });
    assert.deepEqual(await transport.transmit(GET_RANDOM), answer);
  });

  it('must not be asked twice at once', async () => {
    await using peer = await listening(() => undefined);
    await using transport = await connectSwtpm({ port: peer.port });
    const first = assert.rejects(transport.transmit(GET_RANDOM), (error) => isTeaError(error, 'unavailable'));
    await assert.rejects(transport.transmit(GET_RANDOM), (error) => isTeaError(error, 'conflict'));
    await transport[Symbol.asyncDispose]();
    await first;
  });
});

type Peer = AsyncDisposable & { readonly port: number; readonly left: Promise<unknown> };

async function listening(onConnection: (socket: Socket) => void): Promise<Peer> {
  const left = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    socket
      .on('error', () => undefined)
      .on('close', () => left.resolve())
      .resume();
    onConnection(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return {
    port: address.port,
    left: left.promise,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}
