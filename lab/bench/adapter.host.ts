/** The other side of adapter.bench.ts, as processes of their own: the web adapter, or the service that echoes what it is asked. */
import { once } from 'node:events';
import { connectNats } from '@tea/host-nats';
import { startWebAdapter } from '@tea/host-web-adapter';
import { exitWhenParentGone, sayReady, startLine, stopSignal } from '@tea/platform';
import { BUS_USERS, IPFS_STAT } from '@tea/protocol';
import * as v from 'valibot';

const { part, credentials, limits } = await startLine(
  v.object({
    part: v.picklist(['adapter', 'service']),
    credentials: v.object({ servers: v.array(v.string()), user: v.picklist(BUS_USERS), pass: v.string(), inboxPrefix: v.string() }),
    limits: v.record(v.string(), v.number()),
  }),
);
exitWhenParentGone();
const stop = stopSignal();
await using stack = new AsyncDisposableStack();
const connection = await connectNats(credentials);
stack.defer(() => connection.close());
if (part === 'adapter') {
  const adapter = await startWebAdapter({ connection, inboxPrefix: credentials.inboxPrefix, chain: '', limits });
  stack.use(adapter);
  sayReady({ linkUrl: adapter.linkUrl, pid: process.pid });
} else {
  connection.subscribe(IPFS_STAT, { callback: (_, message) => void message.respond(message.data) });
  await connection.flush();
  sayReady({ linkUrl: '', pid: process.pid });
}
await once(stop, 'abort');
