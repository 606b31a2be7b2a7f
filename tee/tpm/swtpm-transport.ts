import { open } from 'node:fs/promises';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import { TeaError } from '@tea/protocol';
import { HEADER_SIZE, MAX_RESPONSE_SIZE } from './frame.ts';
import { tpmBusy, tpmGone, type TpmTransport } from './transport.ts';

/** swtpm's data socket, which carries bare commands and responses (`swtpm socket --server type=unixio|tcp`). */
export type SwtpmAddress = { readonly socketPath: string } | { readonly port: number; readonly host?: string };

const START_FIRST = 'start swtpm first (`tea up` does), and check the address';
const RESTART = 'restart the TEE with its launcher (the TPM state on disk keeps its keys); if it goes again, read what swtpm logged';

/**
 * swtpm serves one client at a time: the next one connects, but gets no answer until the first has left.
 * @throws TeaError `unavailable` when nobody listens, `cancelled` when `signal` fires first
 */
export async function connectSwtpm(address: SwtpmAddress, { signal }: { readonly signal?: AbortSignal } = {}): Promise<TpmTransport> {
  const description = 'socketPath' in address ? address.socketPath : `${address.host ?? '127.0.0.1'}:${address.port}`;
  if ('socketPath' in address) return socketTransport(await openedAt(address.socketPath, description, signal), description);
  const socket = await opened({ port: address.port, host: address.host ?? '127.0.0.1', noDelay: true }, description, signal);
  return socketTransport(socket, description);
}

/** sockaddr_un.sun_path is 108 bytes with its terminating zero. */
const MAX_SOCKET_PATH = 107;

/** A deep folder that we hold open has a short name (proc(5), /proc/self/fd). */
async function openedAt(socketPath: string, description: string, signal: AbortSignal | undefined): Promise<Socket> {
  if (Buffer.byteLength(socketPath) <= MAX_SOCKET_PATH) return opened({ path: socketPath }, description, signal);
  const folder = await open(dirname(socketPath)).catch((cause: Error) => {
    throw tpmGone(description, cause.message, START_FIRST, cause);
  });
  try {
    return await opened({ path: `/proc/self/fd/${folder.fd}/${basename(socketPath)}` }, description, signal);
  } finally {
    await folder.close();
  }
}

function opened(options: NetConnectOpts, description: string, signal: AbortSignal | undefined): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  if (signal?.aborted) return Promise.reject(new TeaError('cancelled', 'Connecting to the TPM was cancelled'));
  const socket = connect(options);
  const abort = (): void => {
    socket.destroy();
    reject(new TeaError('cancelled', 'Connecting to the TPM was cancelled'));
  };
  signal?.addEventListener('abort', abort, { once: true });
  socket.once('connect', () => resolve(socket));
  socket.once('error', (cause) => reject(tpmGone(description, cause.message, START_FIRST, cause)));
  return promise.finally(() => signal?.removeEventListener('abort', abort));
}

function socketTransport(socket: Socket, description: string): TpmTransport {
  let received: Buffer = Buffer.alloc(0);
  let waiting: PromiseWithResolvers<Uint8Array> | undefined;
  let lost: TeaError | undefined;

  const lose = (reason: string, next: string, cause?: unknown): void => {
    lost ??= tpmGone(description, reason, next, cause);
    socket.destroy();
    waiting?.reject(lost);
    waiting = undefined;
  };
  socket.on('error', (cause) => lose(cause.message, RESTART, cause));
  socket.on('close', () => lose('the connection was closed', RESTART));
  socket.on('data', (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    if (received.length < HEADER_SIZE) return;
    const size = received.readUInt32BE(2);
    if (!waiting || size < HEADER_SIZE || size > MAX_RESPONSE_SIZE || received.length > size) {
      lose('bytes that are no response to a command', RESTART);
      return;
    }
    if (received.length < size) return;
    const response = new Uint8Array(received);
    received = Buffer.alloc(0);
    const { resolve } = waiting;
    waiting = undefined;
    resolve(response);
  });

  return {
    description,
    transmit(command) {
      if (lost) return Promise.reject(lost);
      if (waiting) return Promise.reject(tpmBusy());
      waiting = Promise.withResolvers<Uint8Array>();
      const { promise } = waiting;
      socket.write(command);
      return promise;
    },
    async [Symbol.asyncDispose]() {
      if (socket.closed) return;
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
      lose('it was closed by its owner', 'open it again');
      await closed;
    },
  };
}
