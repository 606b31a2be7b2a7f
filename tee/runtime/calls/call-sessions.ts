import { verify } from '@scure/sr25519';
import { TeaError, type RandomBytes } from '@tea/protocol';
import { decodeOpening, openSession, sessionInfo, sessionMessage, type CallRequest, type CallSession, type SessionTerms } from '@tea/protocol/call';
import { openHpkeWith, type HpkeKeyPair } from '@tea/protocol/hpke';
import type { ChannelRecord } from '@tea/protocol/layer1';

export type OpenedSession = { readonly session: CallSession; readonly terms: SessionTerms; readonly caller: Uint8Array };

export type CallSessions = {
  /**
   * Begins a session of a channel for whoever its depositor signed for.
   * @throws TeaError `refused` when it is sealed to another key, or for other terms; on other evidence than this process made; or signed by somebody else.
   *   `notFound` without such a channel
   */
  open(request: Extract<CallRequest, { op: 'open' }>): Promise<OpenedSession>;
  /** @throws TeaError `notFound` for a session that this process doesn't know */
  find(id: Uint8Array): OpenedSession;
};

export type CallSessionsParts = {
  readonly chain: Uint8Array;
  readonly node: Uint8Array;
  readonly callKey: HpkeKeyPair;
  /** Whether this process made that evidence: another's binds another receipt key. */
  readonly isOurEvidence: (digest: Uint8Array) => boolean;
  /** Null unless it is a channel to this node. */
  readonly channel: (id: bigint) => Promise<ChannelRecord | null>;
  readonly random: RandomBytes;
};

/** The one not used for longest goes first; its client opens another. */
const MAX_SESSIONS = 4096;

/** Keys in memory alone: with the process goes everything that was ever sealed to it. */
export function openCallSessions(parts: CallSessionsParts): CallSessions {
  const { chain, node, callKey, random } = parts;
  const sessions = new Map<string, OpenedSession>();

  return {
    async open({ channel, evidence, enc, ciphertext }) {
      if (!parts.isOurEvidence(evidence)) {
        throw new TeaError('refused', 'This TEE was started anew since that evidence', {
          expected: 'evidence of this start',
          actual: evidence.toHex(),
          next: 'appraise the node again once it has renewed its evidence: it does so within some blocks',
        });
      }
      const terms: SessionTerms = { chain, node, evidence, callKey: callKey.publicPoint, channel };
      const opening = decodeOpening(await openHpkeWith(callKey, { enc, ciphertext }, sessionInfo(terms)));
      const record = await parts.channel(channel);
      if (record === null) {
        throw new TeaError('notFound', `There is no channel ${channel} to this node`, { expected: 'an open channel', next: 'tea channel open' });
      }
      if (!isSigned(sessionMessage(terms, opening.secret), opening.signature, record.depositor)) {
        throw new TeaError('refused', 'Only its depositor speaks for a channel', {
          expected: `the signature of ${record.depositor.toHex()}`,
          actual: 'another one',
        });
      }
      const session = await openSession(terms, opening.secret, random);
      opening.secret.fill(0);
      const opened = { session, terms, caller: record.depositor };
      sessions.set(session.id.toHex(), opened);
      for (const oldest of sessions.keys()) {
        if (sessions.size <= MAX_SESSIONS) break;
        sessions.delete(oldest);
      }
      return opened;
    },

    find(id) {
      const name = id.toHex();
      const opened = sessions.get(name);
      if (opened === undefined)
        throw new TeaError('notFound', 'This TEE knows no such session', { next: 'open one again: it may have been started anew' });
      sessions.delete(name);
      sessions.set(name, opened);
      return opened;
    },
  };
}

function isSigned(message: Uint8Array, signature: Uint8Array, account: Uint8Array): boolean {
  try {
    return verify(message, signature, account);
  } catch {
    return false;
  }
}
