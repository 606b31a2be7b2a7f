import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { temporaryDirectory, type TemporaryDirectory } from '@tea/platform';
import { isTeaError } from '@tea/protocol';
import { TPM_CC } from '@tea/protocol/tpm';
import { password } from './authorization.ts';
import { NvDefineSpace, NvUndefineSpace } from './commands/nv.ts';
import { openTeeTpm, type TeeTpm } from './tee-tpm.ts';
import { startTestTpm } from './test-swtpm.ts';
import { createTpm, TPM_RH } from './tpm.ts';
import type { TpmTransport } from './transport.ts';

const NV_INDEX = 0x01807ea0;
const NONE = new Uint8Array(0);

describe('the counter in NV memory', { timeout: 60_000 }, () => {
  let directory: TemporaryDirectory;
  before(async () => {
    directory = await temporaryDirectory('counter');
  });
  after(() => directory[Symbol.asyncDispose]());

  async function onTpm<T>(work: (tpm: TeeTpm) => Promise<T>, through = (wire: TpmTransport): TpmTransport => wire): Promise<T> {
    await using simulator = await startTestTpm({ stateDir: directory.path });
    await using tpm = await openTeeTpm({ transport: through(await simulator.connect()), stateDir: directory.path });
    return await work(tpm);
  }

  it('is nothing at first, then goes up by one at a time, over restarts', async () => {
    assert.equal(await onTpm((tpm) => tpm.counter.read()), undefined);
    const first = await onTpm((tpm) => tpm.counter.increment());
    assert.equal(await onTpm((tpm) => tpm.counter.increment()), first + 1n);
    assert.equal(await onTpm((tpm) => tpm.counter.read()), first + 1n);
  });

  it('goes on above its highest count when somebody deletes its index', async () => {
    const highest = await onTpm((tpm) => tpm.counter.increment());
    {
      await using simulator = await startTestTpm({ stateDir: directory.path });
      await using owner = createTpm(await simulator.connect());
      await owner.turn((turn) => turn.run(NvUndefineSpace, { authHandle: TPM_RH.owner, nvIndex: NV_INDEX }, {}, [password()]));
    }
    assert.equal(await onTpm((tpm) => tpm.counter.read()), undefined);
    assert.ok((await onTpm((tpm) => tpm.counter.increment())) > highest);
  });

  it('can not be told wrong by somebody between the TEE and its TPM', async () => {
    const replay = (): ((wire: TpmTransport) => TpmTransport) => {
      let old: Uint8Array | undefined;
      return (wire) => ({
        description: wire.description,
        async transmit(command) {
          const response = await wire.transmit(command);
          if (new DataView(command.buffer).getUint32(6) !== TPM_CC.nvRead) return response;
          old ??= response;
          return old;
        },
        [Symbol.asyncDispose]: () => wire[Symbol.asyncDispose](),
      });
    };
    const reading = onTpm(async (tpm) => {
      await tpm.counter.read();
      await tpm.counter.increment();
    }, replay());
    await assert.rejects(reading, (error) => isTeaError(error, 'corrupt'));
  });

  it('is not something else under its index', async () => {
    await using simulator = await startTestTpm();
    {
      await using owner = createTpm(await simulator.connect());
      const attributes = (1 << 2) | (1 << 18); // an ordinary index, which can be written back
      const publicInfo = { nvIndex: NV_INDEX, nameAlg: 'sha256', attributes, authPolicy: NONE, dataSize: 8 } as const;
      await owner.turn((turn) => turn.run(NvDefineSpace, { authHandle: TPM_RH.owner }, { auth: NONE, publicInfo }, [password()]));
    }
    const state = { read: async () => undefined, write: async () => undefined };
    await using tpm = await openTeeTpm({ transport: await simulator.connect(), state });
    await assert.rejects(tpm.counter.read(), (error) => isTeaError(error, 'conflict') && /Something else uses the NV index/.test(error.message));
    await assert.rejects(tpm.counter.increment(), (error) => isTeaError(error, 'conflict'));
  });
});
