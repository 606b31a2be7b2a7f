import { isResponse, type JsonRpcConnection, type JsonRpcMessage, type JsonRpcProvider, type JsonRpcRequest } from '@polkadot-api/json-rpc-provider';
import { getSyncProvider } from '@polkadot-api/json-rpc-provider-proxy';
import type { Bus } from '../bus/bus.ts';
import { LAYER1_RPC } from '../subjects.ts';
import { parseSessionInfo, SESSION_METHOD } from './session.ts';

export type Layer1ProviderOptions = {
  readonly bus: Bus;
  /** Default `tea.layer1.rpc`. */
  readonly subject?: string;
  /** How often the session is asked whether it still stands; an answer that takes as long counts as none. Default 10,000. */
  readonly heartbeatMs?: number;
  /** Told of every session that began or ended, for logs and tests. */
  readonly onSession?: (event: { readonly kind: 'open' } | { readonly kind: 'lost'; readonly reason: string }) => void;
};

/**
 * A polkadot-api JSON-RPC provider over the bus; `session.ts` says how frames travel.
 *
 * When the bus, the gateway or the chain went away and came back, a new session is opened, polkadot-api is told that its subscriptions stopped
 * (it follows the chain again by itself), unanswered requests are sent again and broadcast extrinsics are broadcast again: that part is
 * polkadot-api's own `getSyncProvider`, the same that its WebSocket provider stands on.
 */
export function layer1Provider(options: Layer1ProviderOptions): JsonRpcProvider {
  return getSyncProvider((onReady) => options.bus.whenUp(() => onReady((onMessage, onHalt) => openSession(options, onMessage, onHalt))));
}

function openSession(
  { bus, subject = LAYER1_RPC, heartbeatMs = 10_000, onSession }: Layer1ProviderOptions,
  onMessage: (message: JsonRpcMessage) => void,
  onHalt: (reason?: unknown) => void,
): JsonRpcConnection {
  const heartbeatId = `tea:${crypto.randomUUID()}`;
  let sessionName: string | undefined;
  let heartbeatPending = false;
  let open = true;

  const session = bus.openSession(subject, (bytes, why) => {
    if (!open) return;
    if (bytes === null) return lose(why ?? 'the gateway closed the session');
    const frame = parseFrame(bytes);
    if (frame === null) return lose('the gateway sent something that is not JSON-RPC');
    if (isResponse(frame) && frame.id === heartbeatId) return hearHeartbeat('result' in frame ? frame.result : null);
    onMessage(frame);
  });
  const heartbeat = (): void => {
    if (heartbeatPending) return lose(`no heartbeat within ${heartbeatMs} ms`);
    heartbeatPending = true;
    session.send(JSON.stringify({ jsonrpc: '2.0', id: heartbeatId, method: SESSION_METHOD, params: [] }));
  };
  const timer = setInterval(heartbeat, heartbeatMs);
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
    session.end();
    return true;
  }
  function lose(reason: string): void {
    if (!end()) return;
    onSession?.({ kind: 'lost', reason });
    onHalt(new Error(reason));
  }
  return { send: (message: JsonRpcRequest) => session.send(JSON.stringify(message)), disconnect: () => void end() };
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
