import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Child, describeExit, spawnChild } from '@tea/platform';
import { type BusUser, TeaError } from '@tea/protocol';
import type { BoundedLog } from './bounded-log.ts';
import { isLoopback, listeningSockets } from './listening-sockets.ts';
import { passwordVariable, renderConfig } from './server-config.ts';

export type NatsProcessOptions = {
  readonly command: string;
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  readonly passwords: ReadonlyMap<BusUser, string>;
  readonly log: BoundedLog;
  readonly readyDeadlineMs: number;
  readonly signal?: AbortSignal;
};

export type NatsProcess = { readonly child: Child; readonly port: number };

/** One run of nats-server: it says that it is ready and listens on loopback alone, or it is ended again. */
export async function startNatsProcess(options: NatsProcessOptions): Promise<NatsProcess> {
  const { dataDir, host, port, passwords, log } = options;
  const configFile = resolve(dataDir, 'nats.conf'); // nats-server starts in dataDir
  await writeFile(configFile, renderConfig({ host, port, users: [...passwords.keys()] }), { mode: 0o600 });
  const ready = Promise.withResolvers<void>();
  let said = '';
  const child = await spawnChild({
    name: 'nats-server',
    command: options.command,
    args: ['-c', configFile],
    env: Object.fromEntries(Array.from(passwords, ([user, password]) => [passwordVariable(user), password])),
    cwd: dataDir,
    onStderr(text) {
      log.append(text);
      said = (said + text).slice(-4096);
      if (said.includes('Server is ready')) ready.resolve();
    },
    ...(options.signal && { signal: options.signal }),
  });
  try {
    await becomesReady(child, ready.promise, options);
    return { child, port: await loopbackPort(child) };
  } catch (error) {
    await child[Symbol.asyncDispose]();
    throw error;
  }
}

async function becomesReady(child: Child, ready: Promise<void>, { port, readyDeadlineMs, log, signal }: NatsProcessOptions): Promise<void> {
  const deadline = AbortSignal.timeout(readyDeadlineMs);
  const late = new Promise<'late'>((tell) => deadline.addEventListener('abort', () => tell('late'), { once: true }));
  const outcome = await Promise.race([ready, late, child.exited]);
  if (outcome === undefined) return;
  if (signal?.aborted) throw new TeaError('cancelled', 'Starting nats-server was cancelled', { cause: signal.reason });
  if (outcome === 'late')
    throw new TeaError('timeout', 'nats-server did not become ready', { actual: `nothing in ${readyDeadlineMs} ms`, next: `read ${log.file}` });
  if (/address already in use/i.test(child.stderrTail())) {
    throw new TeaError('conflict', `Port ${port} is taken`, {
      expected: `port ${port} of the loopback interface to be free`,
      actual: 'another program that listens there',
      next: `see who with: ss -ltnp 'sport = :${port}', and stop it; or choose another port`,
      details: { port },
    });
  }
  throw new TeaError('unavailable', 'nats-server ended before it was ready', { actual: describeExit(outcome), next: `read ${log.file}` });
}

/** Not what we configured but what the kernel says: a bus that others on the network can reach is no bus of ours. */
async function loopbackPort(child: Child): Promise<number> {
  const sockets = await listeningSockets(child.pid);
  const exposed = sockets.filter(({ address }) => !isLoopback(address));
  if (exposed.length > 0) throw exposedBus(exposed.map(({ address, port }) => `${address}:${port}`).join(', '));
  const [socket, ...others] = sockets;
  if (socket === undefined || others.length > 0) {
    throw new TeaError('refused', 'nats-server does not listen as configured', { expected: 'one listening socket', actual: `${sockets.length}` });
  }
  return socket.port;
}

export function exposedBus(actual: string): TeaError {
  return new TeaError('refused', 'The bus would be reachable from outside this machine', {
    expected: 'a listener on loopback only (127.0.0.0/8 or ::1)',
    actual,
    next: 'keep the bus on loopback: other machines talk to the web adapter, never to the bus',
  });
}
