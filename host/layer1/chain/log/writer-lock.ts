import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpath } from 'node:fs/promises';
import { createServer } from 'node:net';
import { TeaError } from '@tea/protocol';

/**
 * Makes sure that one chain alone writes to `dataDir`. The lock is a name in Linux's abstract socket namespace (unix(7)): the kernel gives it
 * to one process and takes it back however that ends, so no stale lock can be left behind. Nobody is listened to.
 * @throws TeaError `conflict` when another chain has it
 */
export async function lockDataDir(dataDir: string): Promise<AsyncDisposable> {
  const name = createHash('sha256')
    .update(await realpath(dataDir))
    .digest('hex');
  const server = createServer((socket) => socket.destroy());
  server.listen(`\0tea-chain-${name}`);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new TeaError('conflict', 'Another chain is running from this directory', {
      actual: dataDir,
      next: 'stop it, or choose another directory',
      cause,
    });
  }
  server.unref();
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => void server.close(() => resolve())) };
}
