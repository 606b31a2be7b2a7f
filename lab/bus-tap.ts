import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { TeaError, type NatsCredentials } from '@tea/protocol';

/** A wire-tap: a TCP proxy in front of nats-server that keeps every byte of both directions. It is the host that nobody trusts. */
export type BusTap = AsyncDisposable & {
  /** The same credentials, through the tap. */
  route(credentials: NatsCredentials): Promise<NatsCredentials>;
  /** Everything heard so far. */
  recording(): Uint8Array;
};

export function openBusTap(): BusTap {
  const pieces: Uint8Array[] = [];
  const sockets = new Set<Socket>();
  const listeners: { close(): void }[] = [];
  const ports = new Map<string, number>();

  async function tapTo(server: string): Promise<number> {
    const known = ports.get(server);
    if (known !== undefined) return known;
    const [host = '127.0.0.1', port = '0'] = server.split(':');
    const listener = createServer((near) => {
      const far = connect(Number(port), host);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        sockets.add(from);
        from.on('data', (piece: Buffer) => {
          pieces.push(piece);
          to.write(piece);
        });
        from.on('close', () => to.destroy());
        from.on('error', () => to.destroy());
      }
    });
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    listeners.push(listener);
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new TeaError('internal', 'The tap has no port');
    ports.set(server, address.port);
    return address.port;
  }

  return {
    route: async (credentials) => ({
      ...credentials,
      servers: (await Promise.all(credentials.servers.map(tapTo))).map((port) => `127.0.0.1:${port}`),
    }),
    recording: () => new Uint8Array(Buffer.concat(pieces)),
    [Symbol.asyncDispose]: async () => {
      for (const listener of listeners) listener.close();
      const open = [...sockets].filter((socket) => !socket.destroyed);
      await Promise.all(open.map((socket) => once(socket.destroy(), 'close')));
    },
  };
}
