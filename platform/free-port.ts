import { once } from 'node:events';
import { createServer } from 'node:net';
import { TeaError } from '@tea/protocol';

/**
 * A TCP port of `host` that nobody listened on a moment ago. Somebody else may take it before you do: prefer port 0 where the
 * listener can say which port it got, and treat "address in use" as a reason to ask again.
 */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen({ host, port: 0, exclusive: true });
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new TeaError('internal', 'A TCP server has no port');
  return address.port;
}
