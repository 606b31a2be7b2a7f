import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { temporaryDirectory, type Child } from '@tea/platform';
import { isTeaError, sha256 } from '@tea/protocol';
import { GetCapability, GetRandom, Hash, SelfTest } from './commands/general.ts';
import { ReadPublic } from './commands/objects.ts';
import { TPM_CAP } from './commands/types.ts';
import { openTpmDevice } from './device-transport.ts';
import { connectSwtpm } from './swtpm-transport.ts';
import { requireTpm2 } from './require-tpm2.ts';
import { openResourceManager } from './resource-manager.ts';
import { startTestTpm, type TestTpm } from './test-swtpm.ts';
import { startTestTpmDevice } from './test-tpm-device.ts';
import { createTpm, TPM_RH } from './tpm.ts';
import type { TpmTransport } from './transport.ts';

const GET_RANDOM = Uint8Array.fromHex('80010000000c0000017b0008');

/** A way to a TPM that is this test's alone, and the process to kill for it to be gone. */
type Way = AsyncDisposable & { readonly child: Child; open(): Promise<TpmTransport> };

async function wayTo(simulator: TestTpm, open: (simulator: TestTpm) => Promise<TpmTransport> = (tpm) => tpm.connect()): Promise<Way> {
  return { child: simulator.child, open: () => open(simulator), [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose]() };
}

const kinds: readonly { readonly name: string; readonly start: () => Promise<Way> }[] = [
  { name: 'swtpm on a unix socket', start: async () => wayTo(await startTestTpm()) },
  { name: 'swtpm on TCP', start: async () => wayTo(await startTestTpm({ tcp: true })) },
  {
    name: 'a character device',
    async start() {
      const device = await startTestTpmDevice();
      return { ...device, open: () => openTpmDevice({ path: device.path }) };
    },
  },
  {
    name: 'a resource manager',
    start: async () =>
      wayTo(await startTestTpm(), async (simulator) => {
        const manager = await openResourceManager({ connect: () => simulator.connect() });
        const transport = manager.open();
        const close = async (): Promise<void> => {
          await transport[Symbol.asyncDispose]();
          await manager[Symbol.asyncDispose]();
        };
        return { ...transport, [Symbol.asyncDispose]: close };
      }),
  },
];

for (const { name, start } of kinds) {
  describe(`the transport to ${name}`, { timeout: 20_000 }, () => {
    it('carries one command and its response, again and again', async () => {
      await using simulator = await start();
      await using tpm = createTpm(await simulator.open());
      const drawn = new Set<string>();
      for (let round = 0; round < 100; round++) {
        const { randomBytes } = await tpm.turn((turn) => turn.run(GetRandom, {}, { bytesRequested: 16 }));
        drawn.add(randomBytes.toHex());
      }
      assert.equal(drawn.size, 100);
      await tpm.turn((turn) => turn.run(SelfTest, {}, { fullTest: true }));
    });

    it('carries the longest commands and answers whole', async () => {
      await using simulator = await start();
      await using tpm = createTpm(await simulator.open());
      const data = crypto.getRandomValues(new Uint8Array(1024));
      const { outHash } = await tpm.turn((turn) => turn.run(Hash, {}, { data, hashAlg: 'sha256', hierarchy: TPM_RH.null }));
      assert.deepEqual(outHash, sha256(data));
      const asked = { capability: TPM_CAP.tpmProperties, property: 0x100, propertyCount: 127 };
      const { capabilityData } = await tpm.turn((turn) => turn.run(GetCapability, {}, asked));
      assert.ok(capabilityData.capability === 'tpmProperties' && capabilityData.properties.length > 40);
    });

    it("hands on the TPM's refusals as they are", async () => {
      await using simulator = await start();
      await using tpm = createTpm(await simulator.open());
      const call = tpm.turn((turn) => turn.run(ReadPublic, { objectHandle: 0x81000001 }, {}));
      await assert.rejects(call, (error) => isTeaError(error, 'tpm') && error.details['responseCode'] === 0x18b);
    });

    it('takes one command at a time', async () => {
      await using simulator = await start();
      await using transport = await simulator.open();
      const first = transport.transmit(GET_RANDOM);
      await assert.rejects(transport.transmit(GET_RANDOM), (error) => isTeaError(error, 'conflict'));
      assert.equal((await first).length, 20);
      assert.equal((await transport.transmit(GET_RANDOM)).length, 20);
    });

    it('may be closed twice', async () => {
      await using simulator = await start();
      const transport = await simulator.open();
      await transport[Symbol.asyncDispose]();
      await transport[Symbol.asyncDispose]();
    });

    it('says at once, every time, that a killed TPM is gone', async () => {
      await using simulator = await start();
      await using transport = await simulator.open();
      const asked = transport.transmit(GET_RANDOM);
      await asked;
      simulator.child.kill('SIGKILL');
      await simulator.child.exited;
      for (let call = 0; call < 3; call++) await assert.rejects(transport.transmit(GET_RANDOM), (error) => isTeaError(error, 'unavailable'));
    });

    it('says that it was closed', async () => {
      await using simulator = await start();
      const transport = await simulator.open();
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
    const opening = openTpmDevice({ path: '/nonexistent/tpmrm0' });
    await assert.rejects(opening, (error) => isTeaError(error, 'unavailable') && /tea up --tee process/.test(error.message));
  });
});

describe('a device', { timeout: 20_000 }, () => {
  it('that this user may not open says which group to join', async () => {
    await using folder = await temporaryDirectory('tpm-device');
    const path = join(folder.path, 'tpmrm0');
    await writeFile(path, '', { mode: 0o600 });
    await chmod(path, 0);
    await chmod(folder.path, 0o755);
    const isRoot = process.getuid?.() === 0; // to whom nothing is forbidden
    if (isRoot) process.seteuid?.(65534);
    try {
      await assert.rejects(openTpmDevice({ path }), (error) => isTeaError(error, 'unavailable') && /EACCES[^]*usermod -aG tss/.test(error.message));
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it('of a TPM 2.0 is taken, and says nothing of what else it answers', async () => {
    await using simulator = await startTestTpmDevice();
    await using transport = await requireTpm2(await openTpmDevice({ path: simulator.path }));
    assert.equal((await transport.transmit(GET_RANDOM)).length, 20);
  });

  const answers: readonly [of: string, answer: string, why: RegExp][] = [
    ['of a TPM 1.2', '00c40000000a0000001e', /the answer of a TPM 1\.2/],
    ['that refuses', '80010000000a00000101', /10 bytes that are no answer/],
    ['of another family', '80010000001b000000000000000006000000010000010031' + '2e3200', /27 bytes that are no answer/],
  ];
  for (const [of, answer, why] of answers) {
    it(`${of} is none of a TPM 2.0, and is closed`, async () => {
      let closed = 0;
      const transport: TpmTransport = {
        description: '/dev/tpm0',
        transmit: async () => Uint8Array.fromHex(answer),
        [Symbol.asyncDispose]: async () => void closed++,
      };
      await assert.rejects(
        requireTpm2(transport),
        (error) => isTeaError(error, 'unavailable') && why.test(error.message) && /without --tpm/.test(error.message),
      );
      assert.equal(closed, 1);
    });
  }

  it('that never answers is given up', async () => {
    const transport: TpmTransport = {
      description: '/dev/tpm0',
      transmit: () => new Promise(() => undefined),
      [Symbol.asyncDispose]: async () => undefined,
    };
    await assert.rejects(requireTpm2(transport, 50), (error) => isTeaError(error, 'unavailable') && /no TPM 2\.0 at \/dev\/tpm0/.test(error.message));
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
