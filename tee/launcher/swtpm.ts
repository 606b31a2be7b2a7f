import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Child, describeExit, requireTool, spawnChild } from '@tea/platform';
import { isTeaError, TeaError } from '@tea/protocol';
import { connectSwtpm, createTpm, Startup } from '@tea/tpm';
import { manufactureTpm } from './manufacture-tpm.ts';

/** A running TPM simulator, started up and free for its one client. It stands where a TPM chip stands, and is trust class `simulated`. */
export type Swtpm = AsyncDisposable & {
  readonly socketPath: string;
  readonly pid: number;
  /** DER of the local CA that signed the EK certificate, issuer first, root last. */
  readonly caCertificates: readonly Uint8Array[];
  readonly exited: Child['exited'];
};

export type StartSwtpmOptions = {
  /** Made when missing. The same directory is the same TPM. */
  readonly stateDir: string;
  readonly signal?: AbortSignal;
  readonly deadlineMs?: number;
  readonly onLog?: (text: string) => void;
};

const TPM_SU_CLEAR = 0;
const RETRY_MS = 5;

/**
 * Manufactures a TPM on first use, then runs it on a unix socket until disposed. It dies with this process.
 * @throws TeaError `missingTool`; `unavailable` when swtpm does not start, with what it said; `timeout`; `cancelled`
 */
export async function startSwtpm({ stateDir, signal, deadlineMs = 10_000, onLog }: StartSwtpmOptions): Promise<Swtpm> {
  const command = requireTool('swtpm', 'swtpm');
  const home = resolve(stateDir);
  // A name of its own: removing the socket of a swtpm that still runs here would cut off its client.
  const socket = `${crypto.randomUUID().slice(0, 8)}.sock`;
  const socketPath = join(home, socket);
  await mkdir(home, { recursive: true, mode: 0o700 });
  await chmod(home, 0o700);
  const { tpmState, caCertificates } = await manufactureTpm({ home, ...(signal && { signal }) });

  const child = await spawnChild({
    name: 'swtpm',
    command,
    // Relative to `home`: swtpm's options can't quote a comma, and a socket's path has 107 bytes at most.
    args: [
      'socket',
      '--tpm2',
      `--tpmstate=dir=${relative(home, tpmState)},mode=0600`,
      `--server=type=unixio,path=${socket},mode=0600`,
      '--flags=not-need-init',
    ],
    cwd: home,
    ...(onLog && { onStderr: onLog }),
    ...(signal && { signal }),
  });
  const stop = async (): Promise<void> => {
    await child[Symbol.asyncDispose]();
    await rm(socketPath, { force: true });
  };
  try {
    await startUp(child, socketPath, deadlineMs, signal);
    await removeStaleSockets(home, socketPath);
  } catch (error) {
    await stop();
    throw error;
  }
  return { socketPath, pid: child.pid, caCertificates, exited: child.exited, [Symbol.asyncDispose]: stop };
}

/** Sends TPM2_Startup as soon as swtpm takes it. It listens before it has looked at its state, so it may still end after a connect. */
async function startUp(child: Child, socketPath: string, deadlineMs: number, signal: AbortSignal | undefined): Promise<void> {
  const giveUp = AbortSignal.timeout(deadlineMs);
  let exit: string | undefined;
  child.onExit((how) => (exit = describeExit(how)));
  for (;;) {
    try {
      await using tpm = createTpm(await connectSwtpm({ socketPath }, signal && { signal }), { timeoutMs: deadlineMs });
      await tpm.turn((turn) => turn.run(Startup, {}, { startupType: TPM_SU_CLEAR }), { signal });
      return;
    } catch (error) {
      if (!isTeaError(error, 'unavailable')) throw error;
    }
    const said = child.stderrTail().trim() || 'nothing on stderr';
    if (exit !== undefined) {
      throw new TeaError('unavailable', 'swtpm did not start', {
        expected: 'a TPM that answers',
        actual: `${exit}, saying: ${said}`,
        next: 'if another TEE uses this state directory, stop it or choose another directory; if the state is damaged, restore it',
      });
    }
    if (giveUp.aborted) throw new TeaError('timeout', 'swtpm did not start in time', { expected: `an answer within ${deadlineMs} ms`, actual: said });
    await delay(RETRY_MS);
  }
}

/** swtpm holds the lock of this directory now, so whoever made these is gone. */
async function removeStaleSockets(home: string, own: string): Promise<void> {
  const sockets = (await readdir(home)).filter((name) => name.endsWith('.sock')).map((name) => join(home, name));
  await Promise.all(sockets.filter((path) => path !== own).map((path) => rm(path, { force: true })));
}
