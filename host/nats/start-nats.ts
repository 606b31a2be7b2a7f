import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describeExit, requireTool } from '@tea/platform';
import {
  BUS_USERS,
  type BusUser,
  inboxPrefix,
  type NatsCredentials,
  type RandomBytes,
  secureRandom,
  TeaError,
  throwIfCancelled,
  toHex,
} from '@tea/protocol';
import { boundedLog } from './bounded-log.ts';
import { connectNats } from './connect-nats.ts';
import { isLoopback } from './listening-sockets.ts';
import { exposedBus, type NatsProcess, startNatsProcess } from './nats-process.ts';
import { urlHost } from './server-config.ts';

export type StartNatsOptions = {
  /** Where the generated config and the server's log go; made with mode 0700. No password is ever written there. */
  readonly dataDir: string;
  readonly users?: readonly BusUser[];
  /** Default: a free one, which `restart` keeps. */
  readonly port?: number;
  /** A loopback address, default 127.0.0.1. Any other is refused. */
  readonly host?: string;
  /** Default: `nats-server`, looked up in PATH and the system folders. */
  readonly command?: string;
  /** Default 10 s. */
  readonly readyDeadlineMs?: number;
  /** How often a server that ends without having been asked to is started again, on the same port. Default 0: `failed` is told at once. */
  readonly restarts?: number;
  readonly random?: RandomBytes;
  /** Stops the server when aborted, as disposing does. */
  readonly signal?: AbortSignal;
};

export type NatsServer = AsyncDisposable & {
  readonly host: string;
  readonly port: number;
  /** Of the running server; another one after `restart`. */
  readonly pid: number;
  readonly logFile: string;
  /** @throws TeaError `badInput` for a user that the server was not started with */
  credentials(user: BusUser): NatsCredentials;
  /** Ends the server with SIGKILL, as a crash would, without `failed` being told. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, or ends it first: same port, same users, same passwords. */
  restart(): Promise<void>;
  /** Aborts with a TeaError `unavailable` when the server ends without having been asked to, and no restart is left. */
  readonly failed: AbortSignal;
};

/**
 * Starts a real nats-server as a child process: loopback only, one user for each service with the permissions of the subject table.
 *
 * @throws TeaError `missingTool` without nats-server, `conflict` when the port is taken, `refused` when it would be or is reachable from
 * outside, `timeout` when it isn't ready by the deadline, `unavailable` when it ends before, `cancelled`. Nothing is left running then.
 */
export async function startNats(options: StartNatsOptions): Promise<NatsServer> {
  const { dataDir, users = BUS_USERS, host = '127.0.0.1', random = secureRandom, readyDeadlineMs = 10_000, signal } = options;
  throwIfCancelled(signal, 'Starting nats-server');
  if (!isLoopback(host)) throw exposedBus(host);
  const command = requireTool(options.command ?? 'nats-server', 'nats-server');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const log = boundedLog(join(dataDir, 'nats.log'));
  const passwords = new Map(users.map((user) => [user, `p${toHex(random(32))}`])); // a letter first: nats-server reads variables as config values
  const failed = new AbortController();
  let ending = false;
  let restartsLeft = options.restarts ?? 0;
  let relaunching: Promise<void> = Promise.resolve();
  let current: NatsProcess;

  const credentials = (user: BusUser, port: number): NatsCredentials => {
    const pass = passwords.get(user);
    if (pass === undefined) throw new TeaError('badInput', `The bus has no user ${user}`, { expected: `one of ${users.join(', ')}`, actual: user });
    return { servers: [`${urlHost(host)}:${port}`], user, pass, inboxPrefix: inboxPrefix(user) };
  };

  const launch = async (port: number): Promise<NatsProcess> => {
    const started = await startNatsProcess({ command, dataDir, host, port, passwords, log, readyDeadlineMs, ...(signal && { signal }) });
    started.child.onExit((exit) => {
      if (ending || signal?.aborted) return;
      const crash = new TeaError('unavailable', 'nats-server ended unexpectedly', {
        actual: describeExit(exit),
        next: `read ${log.file}, then start it again`,
      });
      if (restartsLeft-- <= 0) return failed.abort(crash);
      relaunching = launch(started.port).then(
        (again) => void (current = again),
        (error: unknown) => failed.abort(error),
      );
    });
    try {
      for (const user of users.slice(0, 1)) await (await connectNats(credentials(user, started.port), { ...(signal && { signal }) })).close();
    } catch (error) {
      ending = true;
      await started.child[Symbol.asyncDispose]();
      throw error;
    }
    return started;
  };

  const kill = async (): Promise<void> => {
    ending = true;
    current.child.kill('SIGKILL');
    await current.child.exited;
  };

  current = await launch(options.port ?? -1);
  return {
    host,
    get port() {
      return current.port;
    },
    get pid() {
      return current.child.pid;
    },
    logFile: log.file,
    credentials: (user) => credentials(user, current.port),
    kill,
    async restart() {
      await kill();
      ending = false;
      current = await launch(current.port);
    },
    failed: failed.signal,
    async [Symbol.asyncDispose]() {
      ending = true;
      await relaunching;
      await current.child[Symbol.asyncDispose]();
    },
  };
}
