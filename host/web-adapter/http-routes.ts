import type { IncomingMessage, ServerResponse } from 'node:http';
import { WEB_PROTOCOL } from '@tea/protocol/web';

/** What an adapter says of itself to who knows nothing but its address. Nothing of it is trusted: what is in it that matters is signed. */
export type Bootstrap = {
  /** The genesis block's hash in hex: which chain this is. */
  readonly chain: string;
  /** `wss:` or `ws:` URLs and NKN addresses under which the same frames are taken. */
  readonly transports: readonly string[];
};

export type RouteOptions = {
  readonly bootstrap: () => Bootstrap;
  /** Whether requests can be served now. */
  readonly isHealthy: () => boolean;
};

const CACHE_SECONDS = 30;

/** The small public HTTP side of an adapter. Only reading, so any page may ask (CORS). */
export function httpRoutes({ bootstrap, isHealthy }: RouteOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const routes: Readonly<Record<string, () => { status: number; body: unknown; cacheSeconds: number }>> = {
    '/v1/bootstrap': () => ({ status: 200, body: { protocol: [WEB_PROTOCOL], ...bootstrap() }, cacheSeconds: CACHE_SECONDS }),
    '/v1/health': () =>
      isHealthy() ? { status: 200, body: { healthy: true }, cacheSeconds: 0 } : { status: 503, body: { healthy: false }, cacheSeconds: 0 },
  };
  return (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (request.method === 'OPTIONS' && route !== undefined) {
      return void response.writeHead(204, { ...COMMON, 'access-control-allow-methods': 'GET, HEAD', 'access-control-max-age': '86400' }).end();
    }
    if (route === undefined)
      return answer(request, response, 404, { error: `There is nothing at this path. Try ${Object.keys(routes).join(' or ')}.` }, 0);
    if (request.method !== 'GET' && request.method !== 'HEAD') return answer(request, response, 405, { error: 'This path is read with GET.' }, 0);
    const { status, body, cacheSeconds } = route();
    answer(request, response, status, body, cacheSeconds);
  };
}

const COMMON = { 'access-control-allow-origin': '*', 'x-content-type-options': 'nosniff' } as const;

function answer(request: IncomingMessage, response: ServerResponse, status: number, body: unknown, cacheSeconds: number): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, {
    ...COMMON,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': cacheSeconds > 0 ? `public, max-age=${cacheSeconds}` : 'no-store',
    ...(status === 405 && { allow: 'GET, HEAD' }),
  });
  response.end(request.method === 'HEAD' ? undefined : text);
}
