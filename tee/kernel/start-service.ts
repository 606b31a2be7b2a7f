import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { TeaError } from '@tea/protocol';
import * as v from 'valibot';

/** Where a machine asks for its start line, and says that it is ready. A unix socket in a folder of the operator's: passwords cross it. */
export type StartService = AsyncDisposable & {
  readonly path: string;
  /** Settles when the next machine that asked has said that it is ready. @throws the reason of `signal` */
  ready(signal: AbortSignal): Promise<v.InferOutput<typeof readyLine>>;
};

const hex32 = v.pipe(v.string(), v.length(64), v.hexadecimal());
/** What a TEE says of itself; whoever acts on it has its evidence appraised. */
const readyLine = v.strictObject({ node: hex32, account: hex32 });
const MAX_LINE_BYTES = 4096;

/** @param startLine what the machine is told; whatever is secret in it, the host knows anyway */
export async function openStartService(path: string, startLine: unknown): Promise<StartService> {
  const sockets = new Set<Socket>();
  let waiting: PromiseWithResolvers<v.InferOutput<typeof readyLine>> | undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    socket.write(`${JSON.stringify(startLine)}\n`);
    let said = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const end = said.indexOf('\n');
      if (end < 0 && said.length <= MAX_LINE_BYTES) return;
      try {
        waiting?.resolve(v.parse(readyLine, JSON.parse(said.slice(0, Math.max(end, 0)))));
      } catch (cause) {
        waiting?.reject(new TeaError('badMessage', 'The machine says something else than that it is ready', { cause }));
      }
      said = '';
    });
  });
  await rm(path, { force: true });
  server.listen(path);
  await once(server, 'listening');
  await chmod(path, 0o600);
  return {
    path,
    async ready(signal) {
      const { promise, reject } = (waiting = Promise.withResolvers());
      const stop = (): void => reject(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      try {
        return await promise;
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await rm(path, { force: true });
    },
  };
}
