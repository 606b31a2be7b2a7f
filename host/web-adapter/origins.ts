import type { IncomingMessage } from 'node:http';

/**
 * Whether a page may talk to this adapter. A browser tells the page's origin (RFC 6454) and lets no page forge it; a program sends none, and is let
 * in: the rule keeps a foreign page from using its visitor's address, not programs out.
 */
export function isOriginAllowed({ headers }: Pick<IncomingMessage, 'headers'>, origins: readonly string[]): boolean {
  const { origin, host } = headers;
  if (origin === undefined) return true;
  if (origins.includes('*') || origins.includes(origin)) return true;
  const url = URL.parse(origin);
  return url !== null && host !== undefined && url.host === host;
}
