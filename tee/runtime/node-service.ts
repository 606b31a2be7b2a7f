import type { Msg, NatsConnection } from '@nats-io/nats-core';
import {
  activeListRequest,
  challengeRequest,
  decodeCbor,
  encodeErrorReply,
  encodeReply,
  infoRequest,
  isTeaError,
  modulesRequest,
  nodeSubject,
  pingMessage,
  TeaError,
  type CborValue,
  type ModulesAnswer,
  type ChallengeRequest,
  type NodeInfo,
  type NodeRequest,
} from '@tea/protocol';

export type NodeServiceParts = {
  readonly connection: NatsConnection;
  readonly node: Uint8Array;
  /** @param operator to whom the TEE is to consent */
  readonly info: (operator: Uint8Array | null) => Promise<NodeInfo>;
  readonly activate: (challenge: ChallengeRequest) => Promise<Uint8Array>;
  /** @returns digest of the accepted release */
  readonly release: (bytes: Uint8Array) => Promise<Uint8Array>;
  /** @param nonce what the list is to answer */
  readonly activeList: (nonce: Uint8Array | null) => Promise<Uint8Array>;
  readonly modules: (nonce: Uint8Array) => Promise<ModulesAnswer>;
  /** Told of failures nobody foresaw, under the correlation id the asker got. Must not log request bytes. */
  readonly onFailure: (request: NodeRequest, correlation: string, error: unknown) => void;
};

/** Calls are larger, take longer and are paid for: see `calls/`. */
type ServedHere = Exclude<NodeRequest, 'call'>;

const MAX_REQUEST_BYTES = 16 * 1024;
/** Requests wait for one TPM; more than this at once and the asker is told to come again. */
const MAX_PENDING = 64;

/** Answers what clients ask this TEE over the bus, until disposed. Whatever comes in is hostile until it decoded. */
export function serveNode(parts: NodeServiceParts): AsyncDisposable {
  const answers: Record<ServedHere, (bytes: Uint8Array) => Promise<CborValue>> = {
    info: async (bytes) => ({ ...(await parts.info(bytes.length === 0 ? null : decodeCbor(bytes, infoRequest, 'question who this is').operator)) }),
    challenge: async (bytes) => ({ secret: await parts.activate(decodeCbor(bytes, challengeRequest, 'credential challenge')) }),
    'active-list': async (bytes) => ({ list: await parts.activeList(decodeCbor(bytes, activeListRequest, 'question for the active list').nonce) }),
    ping: async (bytes) => ({ ...decodeCbor(bytes, pingMessage, 'ping') }),
    modules: async (bytes) => {
      const { log, quote } = await parts.modules(decodeCbor(bytes, modulesRequest, 'question what was loaded').nonce);
      return { log, quote: { ...quote, pcrs: quote.pcrs.map((pcr) => ({ ...pcr })) } };
    },
    release: async (bytes) => ({ digest: await parts.release(bytes) }),
  };
  let pending = 0;

  async function answer(request: ServedHere, message: Msg): Promise<void> {
    const correlation = crypto.randomUUID();
    pending++;
    try {
      if (pending > MAX_PENDING)
        throw new TeaError('limit', 'This node has too many requests waiting', { expected: `at most ${MAX_PENDING}`, next: 'ask again in a second' });
      if (message.data.length > MAX_REQUEST_BYTES) {
        throw new TeaError('limit', 'This request is too long', {
          expected: `at most ${MAX_REQUEST_BYTES} bytes`,
          actual: `${message.data.length} bytes`,
        });
      }
      message.respond(encodeReply(await answers[request](message.data)));
    } catch (error) {
      if (!isTeaError(error)) parts.onFailure(request, correlation, error);
      message.respond(encodeErrorReply(error, correlation));
    } finally {
      pending--;
    }
  }

  const subscriptions = (Object.keys(answers) as ServedHere[]).map((request) =>
    parts.connection.subscribe(nodeSubject(parts.node, request), {
      // answer() itself fails only when the bus is gone, and then there is nobody to tell.
      callback: (error, message) => void (error ?? answer(request, message).catch(() => undefined)),
    }),
  );
  return {
    [Symbol.asyncDispose]: async () => {
      for (const subscription of subscriptions) subscription.unsubscribe();
    },
  };
}
