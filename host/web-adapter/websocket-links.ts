import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { HEAD_BYTES, WEB_SUBPROTOCOL } from '@tea/protocol/web';
import { type WebSocket, WebSocketServer } from 'ws';
import { isOriginAllowed } from './origins.ts';
import type { AdapterLimits } from './limits.ts';
import type { Link, LinkService } from './serve-link.ts';
import { peerOf, Shares } from './shares.ts';

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
  const sweeper = setInterval(
    () => {
      for (const service of [...open.values()]) service.sweep();
    },
    Math.min(limits.handshakeMs, limits.idleMs, limits.slowestRequestMs) / 4,
  ).unref();
  const places = new Shares('connections', limits.maxConnections, limits.maxConnectionsPerAddress);
  let closing = false;

  function admit(webSocket: WebSocket, peer: string): void {
    const service = serve(linkOf(webSocket, peer, limits.handshakeMs));
    open.set(webSocket, service);
    webSocket.on('message', (data, isBinary) => {
      if (!isBinary || !(data instanceof Uint8Array)) return webSocket.close(1003, 'binary frames only');
      service.receive(data);
    });
    webSocket.on('error', () => undefined); // 'close' follows
    webSocket.on('close', () => {
      open.delete(webSocket);
      service.lost();
    });
  }

  return {
    upgrade(request, socket, head) {
      if (closing) return refuseUpgrade(socket, '503 Service Unavailable', 'The adapter is stopping.');
      if (!isOriginAllowed(request, origins)) return refuseUpgrade(socket, '403 Forbidden', 'Pages of this origin may not connect here.');
      const peer = peerOf(request.socket.remoteAddress ?? '');
      let leave: () => void;
      try {
        leave = places.take(peer);
      } catch (error) {
        return refuseUpgrade(socket, '429 Too Many Requests', error instanceof Error ? error.message : '');
      }
      // Until it is a WebSocket it may fail like any connection; then its place is free again.
      socket.once('close', leave);
      server.handleUpgrade(request, socket, head, (webSocket) => admit(webSocket, peer));
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

function linkOf(webSocket: WebSocket, peer: string, closeMs: number): Link {
  let paused: NodeJS.Timeout | undefined;
  return {
    peer,
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
  const retry = /^(429|503)/.test(status) ? 'Retry-After: 10\r\n' : '';
  socket.on('error', () => undefined);
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\n${retry}Connection: close\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
