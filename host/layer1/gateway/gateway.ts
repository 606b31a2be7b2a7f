import { randomBytes } from 'node:crypto';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { LAYER1_RPC } from '@tea/protocol';
import { type ChainPort, GATEWAY_ERRORS } from '@tea/protocol/layer1';
import { GatewaySession, type SessionLimits } from './gateway-session.ts';
import { Outbox } from './outbox.ts';
import { errorFrame } from './request-frame.ts';

export type GatewayLimits = SessionLimits & { readonly maxSessions: number };

export type GatewayOptions = {
  readonly chain: ChainPort;
  /** Of a user that may subscribe to `tea.layer1.rpc` and answer to inboxes. Stays the caller's to close. */
  readonly connection: NatsConnection;
  readonly limits?: Partial<GatewayLimits>;
  readonly now?: () => number;
};

export type Gateway = AsyncDisposable & {
  /** Sessions open now. */
  readonly sessions: number;
};

const DEFAULTS = { maxSessions: 256, maxPending: 256, idleMs: 60_000 };
const MAX_FRAME_BYTES = 8 * 1024 * 1024;
/** Frames go to inboxes and nowhere else: a reply subject of any other kind would make the gateway speak in somebody's name. */
const INBOX = /^_INBOX_[a-z]+\.[A-Za-z0-9_-]{8,64}$/;

/**
 * JSON-RPC over NATS for one chain; `session.ts` in @tea/protocol/layer1 says how frames travel. The host's: it's trusted with nothing.
 * @returns once the bus has taken the subscription
 */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const gateway = new NatsGateway(options);
  await options.connection.flush();
  return gateway;
}

class NatsGateway implements Gateway {
  readonly #chain: ChainPort;
  readonly #connection: NatsConnection;
  readonly #limits: GatewayLimits;
  readonly #now: () => number;
  readonly #outbox: Outbox;
  readonly #sessions = new Map<string, GatewaySession>();
  readonly #subscription: { unsubscribe(): void };
  readonly #statuses: AsyncIterator<{ readonly type: string }>;
  readonly #sweeper: NodeJS.Timeout;

  constructor({ chain, connection, limits, now = () => performance.now() }: GatewayOptions) {
    const busBytes = connection.info?.max_payload ?? 1024 * 1024;
    this.#chain = chain;
    this.#connection = connection;
    this.#limits = { ...DEFAULTS, maxFrameBytes: Math.min(MAX_FRAME_BYTES, busBytes), maxAnswerBytes: busBytes, ...limits };
    this.#now = now;
    this.#outbox = new Outbox(connection);
    this.#subscription = connection.subscribe(LAYER1_RPC, {
      callback: (error, message) => {
        if (error === null) this.#receive(message);
      },
    });
    this.#statuses = connection.status()[Symbol.asyncIterator]();
    void this.#watchConnection();
    this.#sweeper = setInterval(() => this.#sweep(), this.#limits.idleMs / 4);
    this.#sweeper.unref();
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#sweeper);
    this.#subscription.unsubscribe();
    void this.#statuses.return?.();
    for (const inbox of [...this.#sessions.keys()]) this.#end(inbox);
    if (!this.#connection.isClosed()) await this.#connection.flush().catch(() => {});
  }

  #receive(message: Msg): void {
    const inbox = message.reply;
    if (inbox === undefined || !INBOX.test(inbox)) return;
    if (message.data.length === 0) return this.#drop(inbox);
    const session = this.#sessions.get(inbox) ?? this.#open(inbox);
    if (session === null) {
      this.#outbox.publish(
        inbox,
        errorFrame(null, GATEWAY_ERRORS.tooManySessions, `the gateway holds ${this.#limits.maxSessions} sessions; try again later`),
      );
      this.#outbox.publish(inbox, '');
      return;
    }
    session.receive(message.data);
  }

  #open(inbox: string): GatewaySession | null {
    if (this.#sessions.size >= this.#limits.maxSessions) return null;
    const session = new GatewaySession({
      chain: this.#chain,
      name: randomBytes(16).toString('hex'),
      limits: this.#limits,
      send: (frame) => {
        // A client that gets only some of its frames would be wrong about the chain: better none, and a new session.
        if (!this.#outbox.publish(inbox, frame)) this.#drop(inbox);
      },
      onEnd: () => this.#end(inbox),
      now: this.#now,
    });
    this.#sessions.set(inbox, session);
    return session;
  }

  /** Ends a session and tells its client. */
  #end(inbox: string): void {
    this.#drop(inbox);
    this.#outbox.publish(inbox, '');
  }

  #drop(inbox: string): void {
    this.#sessions.get(inbox)?.close();
    this.#sessions.delete(inbox);
  }

  #sweep(): void {
    for (const [inbox, session] of this.#sessions) if (session.idleSinceMs >= this.#limits.idleMs) this.#end(inbox);
  }

  /** Frames sent while the bus was down are lost, so no session outlives it. */
  async #watchConnection(): Promise<void> {
    for (;;) {
      const next = await this.#statuses.next();
      if (next.done === true) return;
      if (next.value.type === 'disconnect') for (const inbox of [...this.#sessions.keys()]) this.#drop(inbox);
    }
  }
}
