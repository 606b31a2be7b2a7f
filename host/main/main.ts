import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';
import { openHeliaNode, serveIpfs } from '@tea/host-ipfs';
import { connectNats, startNats } from '@tea/host-nats';
import { connectWebSocketChain, startChain } from '@tea/layer1-chain';
import { startWebAdapter } from '@tea/host-web-adapter';
import { startGateway } from '@tea/layer1-gateway';
import { exitWhenParentGone, runProcess, sayReady, startLine } from '@tea/platform';

/**
 * The host: bus, content store and ledger of one node, untrusted by design. Started with one JSON line on stdin; says in one JSON
 * line on stdout what a TEE and a client need to reach it. Both lines hold secrets, so both travel on pipes and nowhere else.
 */
const RUNTIME = fileURLToPath(new URL('../layer1/runtime/runtime.wasm', import.meta.url));

const settings = v.strictObject({
  dataDir: v.string(),
  preset: v.picklist(['development', 'local', 'production']),
  blockTimeMs: v.pipe(v.number(), v.integer(), v.minValue(50)),
  /** The ledger: this process's own, of that preset, or a real node's. */
  chain: v.optional(
    v.variant('kind', [v.strictObject({ kind: v.literal('embedded') }), v.strictObject({ kind: v.literal('ws'), url: v.string() })]),
    { kind: 'embedded' },
  ),
  /** Where clients of other machines come in; without it nobody does. */
  web: v.optional(v.strictObject({ host: v.string(), port: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(65_535)) })),
});

/** A bus that keeps dying has a reason that starting it again won't cure. */
const NATS_RESTARTS = 20;

await runProcess('host', async (signal) => {
  const { dataDir, preset, blockTimeMs, chain: where, web: webPlace } = await startLine(settings);
  exitWhenParentGone();
  await using parts = new AsyncDisposableStack();
  const nats = parts.use(await startNats({ dataDir: join(dataDir, 'nats'), restarts: NATS_RESTARTS, signal }));
  const [ipfs, chain] = await Promise.all([
    openHeliaNode({ dataDir: join(dataDir, 'ipfs'), signal }),
    where.kind === 'ws'
      ? connectWebSocketChain({ url: where.url, signal })
      : startChain({ runtimeWasm: RUNTIME, dataDir: join(dataDir, 'chain'), preset, blockTimeMs, signal }),
  ]);
  parts.use(ipfs);
  parts.use(chain);
  const ipfsConnection = await connectNats(nats.credentials('ipfs'), { name: 'ipfs', signal });
  parts.defer(() => ipfsConnection.close());
  parts.use(serveIpfs({ node: ipfs, connection: ipfsConnection }));
  const gatewayConnection = await connectNats(nats.credentials('gateway'), { name: 'gateway', signal });
  parts.defer(() => gatewayConnection.close());
  parts.use(await startGateway({ chain, connection: gatewayConnection }));
  const web = webPlace === undefined ? null : parts.use(await startWeb(webPlace));
  sayReady({
    tee: nats.credentials('tee'),
    client: nats.credentials('client'),
    probe: nats.credentials('probe'),
    natsPort: nats.port,
    natsPid: nats.pid,
    web: web && { url: web.url, linkUrl: web.linkUrl },
  });

  async function startWeb(place: { readonly host: string; readonly port: number }) {
    const credentials = nats.credentials('client');
    const connection = await connectNats(credentials, { name: 'web-adapter', signal });
    parts.defer(() => connection.close());
    return startWebAdapter({ ...place, connection, inboxPrefix: credentials.inboxPrefix, chain: chain.genesisHash });
  }

  // A real node that goes away may come back; sessions end meanwhile, and clients open new ones.
  const failures = [nats.failed, ...('failed' in chain ? [chain.failed] : [])];
  await new Promise<void>((resolve) => AbortSignal.any([signal, ...failures]).addEventListener('abort', () => resolve(), { once: true }));
  for (const failed of failures) failed.throwIfAborted();
});
