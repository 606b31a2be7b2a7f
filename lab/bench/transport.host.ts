/** The host's side of transport.bench.ts: a store that serves the bus, as a process of its own. */
import { connectNats } from '@tea/host-nats';
import { openHeliaNode, serveIpfs } from '@tea/host-ipfs';
import { exitWhenParentGone, sayReady, startLine, stopSignal } from '@tea/platform';
import { BUS_USERS } from '@tea/protocol';
import { once } from 'node:events';
import * as v from 'valibot';

const { dataDir, credentials } = await startLine(
  v.object({
    dataDir: v.string(),
    credentials: v.object({ servers: v.array(v.string()), user: v.picklist(BUS_USERS), pass: v.string(), inboxPrefix: v.string() }),
  }),
);
exitWhenParentGone();
const stop = stopSignal();
await using node = await openHeliaNode({ dataDir });
await using stack = new AsyncDisposableStack();
const connection = await connectNats(credentials);
stack.defer(() => connection.close());
stack.use(serveIpfs({ node, connection }));
await connection.flush();
sayReady({ ready: true });
await once(stop, 'abort');
