import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { HEAD_BYTES, WEB_SUBPROTOCOL } from '@tea/protocol/web';
import { type WebSocket, WebSocketServer } from 'ws';
import { isOriginAllowed } from './origins.ts';
import type { AdapterLimits } from './limits.ts';
import type { Link, LinkService } from './serve-link.ts';

export type WebSocketLinksOptions = {
  readonly limits: AdapterLimits;
  /** Origins of pages that may connect, besides those that are served from here; programs that are no browser send none. */
  readonly origins: readonly string[];
  readonly serve: (link: Link) => LinkService;
};

export type WebSocketLinks = AsyncDisposable & {
  /** Answers an HTTP upgrade request; refusals are plain HTTP. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  readonly size: number;
};

/** RFC 6455, 7.4.1 */
const CLOSE_CODES = { protocol: 1002, limit: 1008, idle: 1001 } as const;
const GOING_AWAY = 1001;
/** Beyond a piece: a frame's head with the longest subject. */
const MAX_HEAD_BYTES = HEAD_BYTES + 256;

/** Clients that come by WebSocket: one binary message is one frame. */
export function webSocketLinks({ limits, origins, serve }: WebSocketLinksOptions): WebSocketLinks {
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false, // what is inside is encrypted, or too small
    maxPayload: limits.maxPieceBytes + MAX_HEAD_BYTES,
    handleProtocols: (offered) => (offered.has(WEB_SUBPROTOCOL) ? WEB_SUBPROTOCOL : false),
  });
  const open = new Map<WebSocket, LinkService>();
  const perAddress = new Map<string, number>();
  const sweeper = setInterval(
    () => {
      for (const service of [...open.values()]) service.sweep();
    },
    Math.min(limits.handshakeMs, limits.idleMs, limits.slowestRequestMs) / 4,
  ).unref();
  let closing = false;

  function admit(webSocket: WebSocket, address: string): void {
    perAddress.set(address, (perAddress.get(address) ?? 0) + 1);
    const service = serve(linkOf(webSocket, limits.handshakeMs));
    open.set(webSocket, service);
    webSocket.on('message', (data, isBinary) => {
      if (!isBinary || !(data instanceof Uint8Array)) return webSocket.close(1003, 'binary frames only');
      service.receive(data);
    });
    webSocket.on('error', () => undefined); // 'close' follows
    webSocket.on('close', () => {
      open.delete(webSocket);
      const left = (perAddress.get(address) ?? 1) - 1;
      if (left > 0) perAddress.set(address, left);
      else perAddress.delete(address);
      service.lost();
    });
  }

  function refusal(request: IncomingMessage, address: string): readonly [status: string, text: string] | null {
    if (closing) return ['503 Service Unavailable', 'The adapter is stopping.'];
    if (!isOriginAllowed(request, origins)) return ['403 Forbidden', 'Pages of this origin may not connect here.'];
    if (open.size >= limits.maxConnections)
      return ['503 Service Unavailable', `There are ${limits.maxConnections} connections. Try again in 10 seconds.`];
    if ((perAddress.get(address) ?? 0) < limits.maxConnectionsPerAddress) return null;
    return ['429 Too Many Requests', `Your address has ${limits.maxConnectionsPerAddress} connections. Close one first.`];
  }

  return {
    upgrade(request, socket, head) {
      const address = request.socket.remoteAddress ?? '';
      const refused = refusal(request, address);
      if (refused !== null) return refuseUpgrade(socket, ...refused);
      server.handleUpgrade(request, socket, head, (webSocket) => admit(webSocket, address));
    },
    get size() {
      return open.size;
    },
    async [Symbol.asyncDispose]() {
      closing = true;
      clearInterval(sweeper);
      const gone = [...open.keys()].map(
        (webSocket) =>
          new Promise<void>((resolve) => {
            webSocket.once('close', () => resolve());
            webSocket.close(GOING_AWAY, 'the adapter stops');
            setTimeout(() => webSocket.terminate(), limits.handshakeMs).unref();
          }),
      );
      await Promise.all(gone);
      server.close();
    },
  };
}

function linkOf(webSocket: WebSocket, closeMs: number): Link {
  let paused: NodeJS.Timeout | undefined;
  return {
    send: (frame) => webSocket.send(frame),
    get unreadBytes() {
      return webSocket.bufferedAmount;
    },
    pause(ms) {
      webSocket.pause();
      clearTimeout(paused);
      paused = setTimeout(() => webSocket.resume(), ms).unref();
    },
    close(why) {
      webSocket.close(CLOSE_CODES[why], why);
      // Who doesn't read doesn't say goodbye either.
      setTimeout(() => webSocket.terminate(), closeMs).unref();
    },
  };
}

/** Answers an upgrade request in plain HTTP. */
export function refuseUpgrade(socket: Duplex, status: string, text: string): void {
  const retry = status.startsWith('429') || status.startsWith('503') ? 'Retry-After: 10\r\n' : '';
  socket.on('error', () => undefined);
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\n${retry}Connection: close\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
