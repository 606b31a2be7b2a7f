import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { decodeCbor, encodeErrorReply, encodeReply, isTeaError, nodeSubject, signAs, encodeSigned, TeaError, type CborValue } from '@tea/protocol';
import { callRequest, encodeCallOffer, MAX_CALL_REQUEST_BYTES, SIGNED_CALL_OFFER, type CallRequest } from '@tea/protocol/call';
import type { ReceiptKey } from '../receipt-key.ts';
import type { CallDesk } from './call-desk.ts';
import type { CallSessions } from './call-sessions.ts';

export type CallServiceParts = {
  readonly connection: NatsConnection;
  readonly chain: Uint8Array;
  readonly node: Uint8Array;
  readonly callKey: { readonly publicPoint: Uint8Array };
  readonly receiptKey: ReceiptKey;
  readonly sessions: CallSessions;
  readonly desk: CallDesk;
  /** Told of failures nobody foresaw, under the correlation id the asker got. */
  readonly onFailure: (correlation: string, error: unknown) => void;
};

/** What costs nothing is little and is bounded for itself: it can't keep out those who pay. */
/** Of all orders that wait or run. */
const MAX_PENDING_BYTES = 64 << 20;
const MAX_PENDING = { offer: 32, open: 32, frame: 512 } as const satisfies Record<CallRequest['op'], number>;

/**
 * Answers `tea.node.<node id>.call` until disposed; then waits for the calls under way. Free are only the questions who this is and where a channel
 * stands: every call is paid from its first unit of gas.
 */
export function serveCalls(parts: CallServiceParts): AsyncDisposable {
  const { chain, node, callKey, receiptKey, sessions, desk } = parts;
  const pending: Record<CallRequest['op'], number> = { offer: 0, open: 0, frame: 0 };
  let pendingBytes = 0;
  const underWay = new Set<Promise<void>>();

  async function serve(request: CallRequest): Promise<CborValue> {
    switch (request.op) {
      case 'offer': {
        const offer = encodeCallOffer({ v: 1, domain: 'tea/call-offer/1', chain, node, callKey: callKey.publicPoint, nonce: request.nonce });
        return { offer: encodeSigned(SIGNED_CALL_OFFER, offer, await signAs(SIGNED_CALL_OFFER, offer, receiptKey.privateKey)) };
      }
      case 'open': {
        const { session } = await sessions.open(request);
        const { spent, voucher, next, gasPrice } = await desk.standing(request.channel);
        const standing = encodeReply({ spent: String(spent), voucher, next, gasPrice: String(gasPrice) });
        return { sealed: await session.seal('answer', 0n, standing) };
      }
      case 'frame': {
        const opened = sessions.find(request.session);
        const order = await opened.session.open('request', request.sequence, request.sealed);
        return { sealed: await opened.session.seal('answer', request.sequence, await sealable(opened, request.sequence, order)) };
      }
    }
  }

  /** Also that an order is none is told in the session: of its frames the host knows the size alone. */
  async function sealable(opened: ReturnType<CallSessions['find']>, sequence: bigint, order: Uint8Array): Promise<Uint8Array> {
    try {
      return await desk.serve(opened, sequence, order);
    } catch (error) {
      if (!isTeaError(error)) throw error;
      return encodeErrorReply(error, crypto.randomUUID());
    }
  }

  async function answer(message: Msg): Promise<void> {
    const correlation = crypto.randomUUID();
    try {
      if (message.data.length > MAX_CALL_REQUEST_BYTES) {
        throw new TeaError('limit', 'This request is too long', {
          expected: `at most ${MAX_CALL_REQUEST_BYTES} bytes`,
          actual: `${message.data.length} bytes`,
          next: 'give large inputs to an errand, as data',
        });
      }
      const request = decodeCbor(message.data, callRequest, 'call request');
      if (pending[request.op] >= MAX_PENDING[request.op] || pendingBytes + message.data.length > MAX_PENDING_BYTES) {
        throw new TeaError('limit', 'This node has too many such requests waiting', {
          expected: `at most ${MAX_PENDING[request.op]}, and ${MAX_PENDING_BYTES} bytes of all`,
          next: 'ask again in a second',
        });
      }
      pending[request.op]++;
      pendingBytes += message.data.length;
      try {
        message.respond(encodeReply(await serve(request)));
      } finally {
        pending[request.op]--;
        pendingBytes -= message.data.length;
      }
    } catch (error) {
      if (!isTeaError(error)) parts.onFailure(correlation, error);
      message.respond(encodeErrorReply(error, correlation));
    }
  }

  const subscription = parts.connection.subscribe(nodeSubject(node, 'call'), {
    callback: (error, message) => {
      if (error !== null) return;
      // answer() itself fails only when the bus is gone, and then there is nobody to tell.
      const served = answer(message)
        .catch(() => undefined)
        .finally(() => underWay.delete(served));
      underWay.add(served);
    },
  });
  return {
    [Symbol.asyncDispose]: async () => {
      subscription.unsubscribe();
      await Promise.all(underWay);
    },
  };
}
