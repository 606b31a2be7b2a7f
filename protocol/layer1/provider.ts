import type { NatsConnection } from '@nats-io/nats-core';
import { isResponse, type JsonRpcConnection, type JsonRpcMessage, type JsonRpcProvider, type JsonRpcRequest } from '@polkadot-api/json-rpc-provider';
import { getSyncProvider } from '@polkadot-api/json-rpc-provider-proxy';
import { toHex } from '../bytes.ts';
import { LAYER1_RPC } from '../subjects.ts';
import { parseSessionInfo, SESSION_METHOD } from './session.ts';

export type Layer1ProviderOptions = {
  readonly connection: NatsConnection;
  /** The connection's user may subscribe below it, e.g. `_INBOX_tee`. */
  readonly inboxPrefix: string;
  /** Default `tea.layer1.rpc`. */
  readonly subject?: string;
  /** How often the session is asked whether it still stands; an answer that takes as long counts as none. Default 10,000. */
  readonly heartbeatMs?: number;
  /** Told of every session that began or ended, for logs and tests. */
  readonly onSession?: (event: { readonly kind: 'open' } | { readonly kind: 'lost'; readonly reason: string }) => void;
};

/**
 * A polkadot-api JSON-RPC provider over NATS; `session.ts` says how frames travel.
 *
 * When the bus, the gateway or the chain went away and came back, a new session is opened, polkadot-api is told that its subscriptions stopped
 * (it follows the chain again by itself), unanswered requests are sent again and broadcast extrinsics are broadcast again: that part is
 * polkadot-api's own `getSyncProvider`, the same that its WebSocket provider stands on.
 */
export function layer1Provider(options: Layer1ProviderOptions): JsonRpcProvider {
  return (onMessage) => {
    const bus = watchBus(options.connection);
    const provider = getSyncProvider((onReady) => bus.whenUp(() => onReady((toConsumer, onHalt) => openSession(options, bus, toConsumer, onHalt))));
    const { send, disconnect } = provider(onMessage);
    return {
      send,
      disconnect() {
        disconnect();
        bus.stop();
      },
    };
  };
}

function openSession(
  options: Layer1ProviderOptions,
  bus: Bus,
  onMessage: (message: JsonRpcMessage) => void,
  onHalt: (reason?: unknown) => void,
): JsonRpcConnection {
  const { connection, subject = LAYER1_RPC, heartbeatMs = 10_000, onSession } = options;
  const inbox = `${options.inboxPrefix}.${toHex(crypto.getRandomValues(new Uint8Array(16)))}`;
  const heartbeatId = `tea:${inbox}`;
  let sessionName: string | undefined;
  let heartbeatPending = false;
  let open = true;

  const subscription = connection.subscribe(inbox, {
    callback: (error, message) => {
      if (!open) return;
      // Empty: the gateway ended the session, or nats-server found nobody listening (its "no responders" status has no payload).
      if (error !== null || message.data.length === 0) return lose(error?.message ?? 'the gateway closed the session or is not there');
      const frame = parseFrame(message.data);
      if (frame === null) return lose('the gateway sent something that is not JSON-RPC');
      if (isResponse(frame) && frame.id === heartbeatId) return hearHeartbeat('result' in frame ? frame.result : null);
      onMessage(frame);
    },
  });
  const publish = (payload: string): void => {
    try {
      connection.publish(subject, payload, { reply: inbox });
    } catch (cause) {
      // The connection is closed for good; after the callers' own stack is done, they learn it as a lost session.
      queueMicrotask(() => lose(cause instanceof Error ? cause.message : String(cause)));
    }
  };
  const heartbeat = (): void => {
    if (heartbeatPending) return lose(`no heartbeat within ${heartbeatMs} ms`);
    heartbeatPending = true;
    publish(JSON.stringify({ jsonrpc: '2.0', id: heartbeatId, method: SESSION_METHOD, params: [] }));
  };
  const timer = setInterval(heartbeat, heartbeatMs);
  const unwatch = bus.whenDown((reason) => lose(reason));
  heartbeat();
  onSession?.({ kind: 'open' });

  function hearHeartbeat(result: unknown): void {
    const info = parseSessionInfo(result);
    heartbeatPending = false;
    if (info === null) return lose('the gateway does not speak this protocol');
    sessionName ??= info.session;
    if (info.session !== sessionName) lose('the gateway started a new session');
  }
  function end(): boolean {
    if (!open) return false;
    open = false;
    clearInterval(timer);
    unwatch();
    subscription.unsubscribe();
    return true;
  }
  function lose(reason: string): void {
    if (!end()) return;
    // What was on its way may have opened a session in a gateway that knew nothing of this one.
    publish('');
    onSession?.({ kind: 'lost', reason });
    onHalt(new Error(reason));
  }
  return {
    send: (message: JsonRpcRequest) => publish(JSON.stringify(message)),
    disconnect() {
      if (!end()) return;
      publish('');
    },
  };
}

function parseFrame(data: Uint8Array): JsonRpcMessage | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data));
    return isMessage(value) ? value : null;
  } catch {
    return null;
  }
}

function isMessage(value: unknown): value is JsonRpcMessage {
  return typeof value === 'object' && value !== null && ('id' in value || 'method' in value);
}

type Bus = {
  /** Calls back once, as soon as the connection stands; returns a way to stop waiting. */
  whenUp(callback: () => void): () => void;
  whenDown(callback: (reason: string) => void): () => void;
  stop(): void;
};

/** NATS reconnects by itself; what was published or missed meanwhile is unknown, so every session over it is lost. */
function watchBus(connection: NatsConnection): Bus {
  const upWaiters = new Set<() => void>();
  const downListeners = new Set<(reason: string) => void>();
  const statuses = connection.status()[Symbol.asyncIterator]();
  let up = !connection.isClosed();
  let stopped = false;
  const listen = async (): Promise<void> => {
    for (;;) {
      const next = await statuses.next();
      if (next.done === true || stopped) return;
      const { type } = next.value;
      if (type === 'disconnect' || type === 'close') {
        up = false;
        for (const listener of [...downListeners]) listener(`the bus connection is down (${type})`);
      } else if (type === 'reconnect') {
        up = true;
        for (const waiter of [...upWaiters]) waiter();
        upWaiters.clear();
      }
    }
  };
  void listen();
  return {
    whenUp(callback) {
      if (up) {
        callback();
        return () => {};
      }
      upWaiters.add(callback);
      return () => void upWaiters.delete(callback);
    },
    whenDown(callback) {
      downListeners.add(callback);
      return () => void downListeners.delete(callback);
    },
    stop() {
      stopped = true;
      void statuses.return?.();
    },
  };
}
