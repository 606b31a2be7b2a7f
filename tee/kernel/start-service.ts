import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { bytesFromBase64, TeaError } from '@tea/protocol';
import * as v from 'valibot';
import { KEPT_NAMES, type KeptFiles } from './kept-files.ts';

/** Where a machine asks for its start line, and says that it is ready. A unix socket in a folder of the operator's: passwords cross it. */
export type StartService = AsyncDisposable & {
  readonly path: string;
  /** Settles when the next machine that asked has said that it is ready. @throws the reason of `signal` */
  ready(signal: AbortSignal): Promise<v.InferOutput<typeof readyLine>>;
};

const hex32 = v.pipe(v.string(), v.length(64), v.hexadecimal());
/** What a TEE says of itself; whoever acts on it has its evidence appraised. */
const readyLine = v.strictObject({ node: hex32, account: hex32 });
const keepLine = v.strictObject({ keep: v.picklist(KEPT_NAMES), bytes: bytesFromBase64 });
const machineLine = v.union([readyLine, keepLine]);
const MAX_LINE_BYTES = 16 * 1024;

/**
 * @param startLine what the machine is told, besides what was kept for it; whatever is secret in it, the host knows anyway
 * @param files where the machine's sealed state is kept
 */
export async function openStartService(path: string, startLine: Readonly<Record<string, unknown>>, files: KeptFiles): Promise<StartService> {
  const sockets = new Set<Socket>();
  let waiting: PromiseWithResolvers<v.InferOutput<typeof readyLine>> | undefined;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    void converse(socket).catch((cause: unknown) => {
      socket.destroy();
      waiting?.reject(new TeaError('badMessage', 'The machine says something that its host does not understand', { cause }));
    });
  });
  async function converse(socket: Socket): Promise<void> {
    socket.write(`${JSON.stringify({ ...startLine, kept: await files.read() })}\n`);
    for await (const line of lines(socket)) {
      const said = v.parse(machineLine, JSON.parse(line));
      if ('node' in said) waiting?.resolve(said);
      else {
        await files.write(said.keep, said.bytes);
        socket.write(`${JSON.stringify({ kept: said.keep })}\n`);
      }
    }
  }
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

/** @throws TeaError `limit` for a line that does not end */
async function* lines(socket: Socket): AsyncGenerator<string> {
  let unread = '';
  for await (const text of socket.setEncoding('utf8') as AsyncIterable<string>) {
    unread += text;
    for (let end = unread.indexOf('\n'); end >= 0; end = unread.indexOf('\n')) {
      yield unread.slice(0, end);
      unread = unread.slice(end + 1);
    }
    if (unread.length > MAX_LINE_BYTES)
      throw new TeaError('limit', 'A machine says too much at once', { expected: `lines of ${MAX_LINE_BYTES} bytes` });
  }
}
