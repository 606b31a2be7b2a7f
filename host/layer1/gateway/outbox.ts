import type { NatsConnection } from '@nats-io/transport-node';

const CONFIRM_EVERY_BYTES = 1024 * 1024;
const MAX_UNCONFIRMED_BYTES = 64 * 1024 * 1024;

/**
 * Publishes with a bound on what waits in this process: nats.js takes any amount when the server is slow. After every megabyte the server
 * is asked for a sign of life (PING/PONG behind the data); once too much is unconfirmed, `publish` refuses.
 */
export class Outbox {
  readonly #connection: NatsConnection;
  #sinceConfirmation = 0;
  #unconfirmed = 0;

  constructor(connection: NatsConnection) {
    this.#connection = connection;
  }

  /** @returns false when the bus doesn't take more, or is closed */
  publish(subject: string, payload: string): boolean {
    const bytes = payload.length;
    if (this.#connection.isClosed() || this.#unconfirmed + bytes > MAX_UNCONFIRMED_BYTES) return false;
    this.#connection.publish(subject, payload);
    this.#unconfirmed += bytes;
    this.#sinceConfirmation += bytes;
    if (this.#sinceConfirmation >= CONFIRM_EVERY_BYTES) this.#confirm();
    return true;
  }

  #confirm(): void {
    const confirmed = this.#sinceConfirmation;
    this.#sinceConfirmation = 0;
    const release = (): void => void (this.#unconfirmed -= confirmed);
    // A lost connection took what was in it: nothing waits any more either way.
    this.#connection.flush().then(release, release);
  }
}
