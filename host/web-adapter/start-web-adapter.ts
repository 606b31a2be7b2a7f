import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { NatsConnection } from '@nats-io/transport-node';
import { TeaError } from '@tea/protocol';
import { natsBus } from '@tea/protocol/bus';
import { httpRoutes } from './http-routes.ts';
import { KeptAnswers } from './kept-answers.ts';
import { type AdapterLimits, DEFAULT_LIMITS } from './limits.ts';
import { serveLink } from './serve-link.ts';
import { Shares } from './shares.ts';
import { refuseUpgrade, webSocketLinks } from './websocket-links.ts';

export type WebAdapterOptions = {
  /** Of the bus user `client`. Stays the caller's to close. */
  readonly connection: NatsConnection;
  readonly inboxPrefix: string;
  readonly chain: string;
  /** Default 127.0.0.1, which nobody else reaches; `::` or `0.0.0.0` for a public host. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** How the world reaches it; default as it listens. */
  readonly transports?: readonly string[];
  readonly origins?: readonly string[];
  readonly limits?: Partial<AdapterLimits>;
  readonly now?: () => number;
  readonly onFailure?: (error: unknown, correlation: string) => void;
};

export type WebAdapter = AsyncDisposable & {
  readonly port: number;
  /** `http://host:port` */
  readonly url: string;
  /** Where links are opened: `ws://host:port/v1/link` */
  readonly linkUrl: string;
  /** Clients connected now. */
  readonly links: number;
};

export const LINK_PATH = '/v1/link';

/**
 * The way in for clients: HTTP to begin with, and WebSocket links whose frames become requests on the bus. Untrusted like all of the host: what
 * matters in a request is sealed to the TEE, what matters in an answer is signed by it or proved by the chain.
 * @throws TeaError `unavailable` when the port is taken
 */
export async function startWebAdapter(options: WebAdapterOptions): Promise<WebAdapter> {
  const { connection, inboxPrefix, chain, host = '127.0.0.1', port = 0, origins = [], now = () => performance.now(), onFailure } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const kept = new KeptAnswers({ keptMs: limits.answersKeptMs, keptBytes: limits.answersKeptBytes, now });
  const shared = {
    limits,
    kept,
    now,
    bus: natsBus(connection, inboxPrefix),
    places: {
      sessions: new Shares('sessions', limits.maxSessions, limits.maxSessionsPerAddress),
      requests: new Shares('requests', limits.maxRequests, limits.maxRequestsPerAddress),
    },
    ...(onFailure && { onFailure }),
  };
  const links = webSocketLinks({ limits, origins, serve: (link) => serveLink(link, shared) });
  let transports = options.transports;
  const server = createServer({
    requestTimeout: limits.slowestRequestMs,
    headersTimeout: Math.min(limits.handshakeMs, limits.slowestRequestMs),
    connectionsCheckingInterval: limits.handshakeMs / 4,
    maxHeaderSize: 8 * 1024,
  });
  server.on('request', httpRoutes({ bootstrap: () => ({ chain, transports: transports ?? [] }), isHealthy: () => !connection.isClosed() }));
  server.on('upgrade', (request, socket, head) => {
    if (request.url === LINK_PATH) links.upgrade(request, socket, head);
    else refuseUpgrade(socket, '404 Not Found', `Links are opened at ${LINK_PATH}.`);
  });
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new TeaError('unavailable', 'The web adapter could not start', {
      expected: `${host}:${port} to be free`,
      actual: error.code ?? error.message,
      next: 'choose another port',
      cause: error,
    });
  });
  // A server that listens on TCP has such an address.
  const { port: bound } = server.address() as AddressInfo;
  const authority = `${host.includes(':') ? `[${host}]` : host}:${bound}`;
  const linkUrl = `ws://${authority}${LINK_PATH}`;
  transports ??= [linkUrl];
  return {
    port: bound,
    url: `http://${authority}`,
    linkUrl,
    get links() {
      return links.size;
    },
    async [Symbol.asyncDispose]() {
      const stopped = once(server, 'close');
      server.close();
      await links[Symbol.asyncDispose]();
      server.closeAllConnections();
      await stopped;
    },
  };
}
