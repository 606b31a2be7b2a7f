import { TeaError } from '@tea/protocol';

export type WebPlace = { readonly host: string; readonly port: number };

/** `HOST:PORT`, an IPv6 address in brackets (RFC 3986, 3.2.2); port 0 is any free one. @throws TeaError `badInput` */
export function parseWeb(value: string | boolean | undefined): WebPlace {
  const text = String(value ?? '127.0.0.1:0');
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]/]+)):([0-9]{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host !== undefined && port <= 65_535) return { host, port };
  throw new TeaError('badInput', 'This is no address to listen at', {
    expected: 'HOST:PORT, e.g. 0.0.0.0:7420 or [::]:7420',
    actual: text,
    next: 'tea up --help',
  });
}
