import { TeaError, throwIfCancelled } from '@tea/protocol';
import { WEB_PROTOCOL } from '@tea/protocol/web';
import * as v from 'valibot';

const MAX_BYTES = 64 * 1024;
const TIMEOUT_MS = 10_000;

const answer = v.object({
  protocol: v.array(v.number()),
  chain: v.pipe(v.string(), v.regex(/^0x[0-9a-f]{64}$/)),
  transports: v.pipe(v.array(v.pipe(v.string(), v.maxLength(256))), v.maxLength(64)),
});

export type Bootstrap = {
  /** Of the chain that the host says it serves, 32 bytes. */
  readonly genesis: Uint8Array;
  /** Links to be tried, `ws:` or `wss:`. */
  readonly links: readonly string[];
};

/**
 * Asks a host what it serves and how it is reached (`docs/web-protocol.md`). All of it is the host's word.
 * @param url `http(s)://host[:port]`
 * @throws TeaError `badInput` for no such URL, `unavailable` when nobody answers there, `badMessage` when it is no adapter of ours, `cancelled`
 */
export async function fetchBootstrap(url: string, signal?: AbortSignal): Promise<Bootstrap> {
  const base = URL.parse(url);
  if (base === null || !/^https?:$/.test(base.protocol)) {
    throw new TeaError('badInput', 'This is no address of a node', { expected: 'http://HOST:PORT, as tea up prints it', actual: url });
  }
  const what = new URL('/v1/bootstrap', base).href;
  const bytes = await readAnswer(what, AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])])).catch((cause: unknown) => {
    throwIfCancelled(signal, 'Asking the node');
    throw new TeaError('unavailable', 'The node does not answer', {
      expected: `an answer from ${what}`,
      actual: describe(cause),
      next: 'check the address, or try another node',
      cause,
    });
  });
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), answer), bytes);
  if (!parsed.success)
    throw new TeaError('badMessage', 'This is no node of TEA', { expected: 'what /v1/bootstrap answers', actual: parsed.issues[0].message });
  const { protocol, chain, transports } = parsed.output;
  const links = transports.filter((transport) => /^wss?:\/\//.test(transport));
  if (!protocol.includes(WEB_PROTOCOL) || links.length === 0) {
    throw new TeaError('badMessage', 'This client and the node have no way in common', {
      expected: `version ${WEB_PROTOCOL} over WebSocket`,
      actual: `versions ${protocol.join(', ')} over ${transports.map((transport) => transport.split(':', 1)[0]).join(', ') || 'nothing'}`,
      next: 'update the older of both',
    });
  }
  return { genesis: Uint8Array.fromHex(chain.slice(2)), links };
}

async function readAnswer(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal, redirect: 'error', credentials: 'omit' });
  if (!response.ok) throw new Error(`status ${response.status}`);
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > MAX_BYTES) throw new Error(`more than ${MAX_BYTES} bytes`);
  }
  return text;
}

function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return 'an unknown failure';
  return cause.cause instanceof Error ? cause.cause.message : cause.message;
}
