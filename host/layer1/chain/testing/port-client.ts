import type { createClient } from 'polkadot-api';
import type { ChainPort } from '@tea/protocol/layer1';

/** polkadot-api over a chain, without the bus between. */
export function portProvider(chain: ChainPort): Parameters<typeof createClient>[0] {
  return (onMessage) => {
    const session = chain.connect((frame) => onMessage(JSON.parse(frame) as Parameters<typeof onMessage>[0]));
    return { send: (message) => session.send(JSON.stringify(message)), disconnect: () => session.close() };
  };
}

export type RpcAnswer = { readonly result?: unknown; readonly error?: { readonly code: number; readonly message: string } };
type Frame = RpcAnswer & {
  readonly id?: number | null;
  readonly params?: { readonly subscription: string; readonly result: { readonly event?: string } };
};

/** One session, asked by hand. */
export class PortClient implements Disposable {
  readonly #session: ReturnType<ChainPort['connect']>;
  readonly #waiting = new Map<number | null, (answer: RpcAnswer) => void>();
  readonly #notifications: { readonly event?: string }[] = [];
  #onNotification: (() => void) | null = null;
  #ids = 0;
  /** Says why, once the chain has ended the session. */
  readonly closed: Promise<string>;

  constructor(chain: ChainPort) {
    const closed = Promise.withResolvers<string>();
    this.closed = closed.promise;
    this.#session = chain.connect((frame) => this.#receive(JSON.parse(frame) as Frame), closed.resolve);
  }

  ask(method: string, ...params: readonly unknown[]): Promise<RpcAnswer> {
    const id = this.#ids++;
    return this.raw(JSON.stringify({ jsonrpc: '2.0', id, method, params }), id);
  }

  /** Sends a frame as it is and waits for the answer with that id: null when the frame has none that can be read. */
  raw(frame: string, id: number | null): Promise<RpcAnswer> {
    const { promise, resolve } = Promise.withResolvers<RpcAnswer>();
    this.#waiting.set(id, resolve);
    this.#session.send(frame);
    return promise;
  }

  /** The next notification of this kind, dropping those before it. */
  async next<T>(event: string): Promise<T> {
    for (;;) {
      const found = this.#notifications.shift();
      if (found?.event === event) return found as T;
      if (found === undefined) await new Promise<void>((resolve) => (this.#onNotification = resolve));
    }
  }

  [Symbol.dispose](): void {
    this.#session.close();
  }

  #receive(frame: Frame): void {
    if (frame.params !== undefined) {
      this.#notifications.push(frame.params.result);
      this.#onNotification?.();
      return;
    }
    const id = frame.id ?? null;
    this.#waiting.get(id)?.(frame);
    this.#waiting.delete(id);
  }
}
