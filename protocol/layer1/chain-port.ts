/**
 * What the gateway needs of a chain, whatever executes it: the embedded one, or a real node behind a WebSocket.
 * One connection is one JSON-RPC session: its subscriptions live and end with it.
 */
export type ChainPort = {
  /**
   * @param onFrame gets every response and notification, one JSON text each
   * @param onClose called at most once, when the chain ends the session (its subscriptions are gone: connect again)
   */
  connect(onFrame: (frame: string) => void, onClose?: (reason: string) => void): ChainConnection;
};

export type ChainConnection = {
  /** One JSON-RPC 2.0 request as text. Never throws: garbage is answered with a JSON-RPC error. */
  send(frame: string): void;
  close(): void;
};
