import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Child, freePort, requireTool, spawnChild, temporaryDirectory } from '@tea/platform';
import { isTeaError } from '@tea/protocol';
import { Startup } from './commands/general.ts';
import { connectSwtpm, type SwtpmAddress } from './swtpm-transport.ts';
import { createTpm } from './tpm.ts';
import type { TpmTransport } from './transport.ts';

/** A simulator with nothing manufactured: it has seeds, but no EK certificate and no persistent EK. */
export type TestTpm = AsyncDisposable & { readonly address: SwtpmAddress; readonly child: Child; connect(): Promise<TpmTransport> };

/** @param stateDir to power the same TPM on again; without one it is a new TPM @param startUp false leaves it waiting for TPM2_Startup */
export async function startTestTpm({
  stateDir,
  tcp = false,
  startUp = true,
}: { readonly stateDir?: string; readonly tcp?: boolean; readonly startUp?: boolean } = {}): Promise<TestTpm> {
  const directory = await temporaryDirectory('tpm');
  const address = tcp ? { port: await freePort() } : { socketPath: join(directory.path, 'sock') };
  const server = 'port' in address ? `type=tcp,port=${address.port}` : `type=unixio,path=${address.socketPath}`;
  const child = await spawnChild({
    name: 'swtpm',
    command: requireTool('swtpm', 'swtpm'),
    args: ['socket', '--tpm2', `--tpmstate=dir=${stateDir ?? directory.path}`, `--server=${server}`, '--flags=not-need-init'],
  });
  {
    await using tpm = createTpm(await answering(address));
    if (startUp) await tpm.turn((turn) => turn.run(Startup, {}, { startupType: 0 }));
  }
  return {
    address,
    child,
    connect: () => connectSwtpm(address),
    async [Symbol.asyncDispose]() {
      await child[Symbol.asyncDispose]();
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function answering(address: SwtpmAddress): Promise<TpmTransport> {
  const deadline = AbortSignal.timeout(10_000);
  for (;;) {
    try {
      return await connectSwtpm(address);
    } catch (error) {
      if (!isTeaError(error, 'unavailable') || deadline.aborted) throw error;
      await delay(2);
    }
  }
}
