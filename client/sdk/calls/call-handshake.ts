import { decodeReply, decodeSigned, encodeCbor, equalBytes, nodeSubject, secureRandom, TeaError, verifySigned, type CborValue } from '@tea/protocol';
import {
  channelStanding,
  decodeCallOffer,
  encodeOpening,
  frameAnswer,
  offerAnswer,
  openSession,
  sessionInfo,
  sessionMessage,
  SIGNED_CALL_OFFER,
  type CallSession,
  type ChannelStanding,
  type SessionTerms,
} from '@tea/protocol/call';
import type { Ask } from '@tea/protocol/bus';
import { sealHpke } from '@tea/protocol/hpke';
import type * as v from 'valibot';
import type { AppraisedNode } from '@tea/attestation';
import type { Account } from '../account.ts';

export type AskCallOptions = { readonly timeoutMs?: number; readonly signal?: AbortSignal | undefined };
/** Asks what `tea.node.<node id>.call` takes. */
export type AskCall = <const S extends v.GenericSchema>(
  request: CborValue,
  schema: S,
  what: string,
  options?: AskCallOptions,
) => Promise<v.InferOutput<S>>;

const ANSWER_WITHIN_MS = 10_000;

export function askCalls(ask: Ask, node: Uint8Array): AskCall {
  return async (request, schema, what, { timeoutMs = ANSWER_WITHIN_MS, signal } = {}) => {
    const asking = `A call to node ${node.toHex().slice(0, 8)}…`;
    return decodeReply(
      await ask(nodeSubject(node, 'call'), encodeCbor(request), { what: asking, timeoutMs, ...(signal && { signal }) }),
      schema,
      what,
    );
  };
}

/**
 * The TEE's call key, signed just now by the receipt key of the evidence that was appraised.
 * @throws TeaError `refused` when another key signed it: the TEE was started anew since, or it isn't the one that was appraised
 */
export async function askCallKey(ask: AskCall, chain: Uint8Array, node: AppraisedNode, signal?: AbortSignal): Promise<Uint8Array> {
  const nonce = secureRandom(32);
  const { offer: cose } = await ask({ op: 'offer', nonce }, offerAnswer, 'offer to take calls', { signal });
  const { payload, signature } = decodeSigned(SIGNED_CALL_OFFER, cose);
  if (!(await verifySigned(SIGNED_CALL_OFFER, payload, signature, node.receiptKey))) {
    throw new TeaError('refused', 'The TEE that answers is not the one that was appraised', {
      expected: `an offer signed by ${node.receiptKey.toHex().slice(0, 18)}…`,
      actual: 'another signature: it was started anew, or somebody else answers',
      next: 'wait until the node has renewed its evidence, and appraise it again',
    });
  }
  const offer = decodeCallOffer(payload);
  if (!equalBytes(offer.nonce, nonce) || !equalBytes(offer.chain, chain) || !equalBytes(offer.node, node.node)) {
    throw new TeaError('refused', 'This offer answers another question', {
      expected: 'one for this nonce, chain and node',
      actual: 'an old one, or another node’s',
    });
  }
  return offer.callKey;
}

/** Begins a session; what the answer says comes from whoever has the call key. @throws TeaError the node's own, `refused` when the answer was altered */
export async function beginSession(
  ask: AskCall,
  terms: SessionTerms,
  depositor: Account,
  signal?: AbortSignal,
): Promise<{ readonly session: CallSession; readonly standing: ChannelStanding }> {
  const secret = secureRandom(32);
  const session = await openSession(terms, secret, secureRandom);
  const opening = encodeOpening({ secret, signature: depositor.sign(sessionMessage(terms, secret)) });
  const { enc, ciphertext } = await sealHpke(terms.callKey, sessionInfo(terms), opening);
  for (const done of [secret, opening]) done.fill(0);
  const { channel, evidence } = terms;
  const { sealed } = await ask({ op: 'open', channel, evidence, enc, ciphertext }, frameAnswer, 'answer to an opening', { signal });
  return { session, standing: decodeReply(await session.open('answer', 0n, sealed), channelStanding, 'standing of a channel') };
}
