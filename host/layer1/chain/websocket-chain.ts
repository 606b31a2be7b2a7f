import { TeaError, throwIfCancelled } from '@tea/protocol';
import type { ChainConnection, ChainPort } from '@tea/protocol/layer1';

export type WebSocketChainOptions = {
  /** Where a node answers JSON-RPC: `ws://127.0.0.1:9944`. */
  readonly url: string;
  /** How long the node may take to say which network it belongs to. Default 10,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
};

/** A real node, behind a WebSocket. While it's away, sessions end as soon as they are opened; nothing needs to be started anew when it's back. */
export type WebSocketChain = ChainPort &
  AsyncDisposable & {
    /** Hex with 0x. */
    readonly genesisHash: string;
    /** Sessions open now. */
    readonly sessions: number;
  };

/** Frames a session may hold back until its WebSocket is open. */
const MAX_HELD = 1_024;

/**
 * Finds a node and asks it which network it belongs to.
 * @throws TeaError `badInput` (no such URL), `unavailable` (nobody answers there, or no Substrate node), `cancelled`
 */
export async function connectWebSocketChain(options: WebSocketChainOptions): Promise<WebSocketChain> {
  const { url, timeoutMs = 10_000, signal } = options;
  throwIfCancelled(signal, 'Connecting to the node');
  if (!URL.canParse(url) || !/^wss?:$/.test(new URL(url).protocol)) {
    throw new TeaError('badInput', 'This is no address of a node', { expected: 'ws://HOST:PORT or wss://HOST:PORT', actual: url });
  }
  const sessions = new Set<WebSocketSession>();
  const connect: ChainPort['connect'] = (onFrame, onClose) => {
    const session = new WebSocketSession(url, onFrame, (reason) => {
      sessions.delete(session);
      onClose?.(reason);
    });
    sessions.add(session);
    const close = (): void => {
      sessions.delete(session);
      session.close();
    };
    return { send: (frame) => session.send(frame), close };
  };
  const genesisHash = await askGenesisHash(connect, url, timeoutMs, signal);
  return {
    connect,
    genesisHash,
    get sessions() {
      return sessions.size;
    },
    [Symbol.asyncDispose]: async () => {
      for (const session of [...sessions]) session.end('the connection to the node was closed');
    },
  };
}

class WebSocketSession implements ChainConnection {
  readonly #socket: WebSocket;
  readonly #onClose: (reason: string) => void;
  #held: string[] | null = [];
  #open = true;

  constructor(url: string, onFrame: (frame: string) => void, onClose: (reason: string) => void) {
    this.#onClose = onClose;
    this.#socket = new WebSocket(url);
    this.#socket.addEventListener('open', () => {
      for (const frame of this.#held ?? []) this.#socket.send(frame);
      this.#held = null;
    });
    this.#socket.addEventListener('message', ({ data }) => {
      if (this.#open && typeof data === 'string') onFrame(data);
    });
    this.#socket.addEventListener('close', ({ code, reason }) => this.end(`the node closed the connection (${reason || code})`));
    this.#socket.addEventListener('error', () => this.end('the node cannot be reached'));
  }

  send(frame: string): void {
    if (!this.#open) return;
    if (this.#held === null) this.#socket.send(frame);
    else if (this.#held.length < MAX_HELD) this.#held.push(frame);
    else this.end(`the node took no connection while ${MAX_HELD} requests waited`);
  }

  close(): void {
    this.#open = false;
    this.#socket.close();
  }

  /** Closes, and says so to whoever opened the session. */
  end(reason: string): void {
    if (!this.#open) return;
    this.close();
    this.#onClose(reason);
  }
}

async function askGenesisHash(connect: ChainPort['connect'], url: string, timeoutMs: number, cancelled: AbortSignal | undefined): Promise<string> {
  const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(cancelled ? [cancelled] : [])]);
  const answered = Promise.withResolvers<string>();
  const session = connect(answered.resolve, (reason) => answered.reject(new Error(reason)));
  signal.addEventListener('abort', () => answered.reject(new Error('it did not answer in time')), { once: true });
  session.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'chainSpec_v1_genesisHash', params: [] }));
  try {
    const { result } = JSON.parse(await answered.promise) as { result?: unknown };
    if (typeof result !== 'string' || !/^0x[0-9a-f]{64}$/.test(result)) throw new Error('what answers there is no node of a Substrate chain');
    return result;
  } catch (cause) {
    throwIfCancelled(cancelled, 'Connecting to the node');
    throw new TeaError('unavailable', 'There is no chain at this address', {
      expected: `a node that answers JSON-RPC at ${url}`,
      actual: (cause as Error).message,
      next: 'start the node with --rpc-port, or give another address',
    });
  } finally {
    session.close();
  }
}
