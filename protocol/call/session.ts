import { concatBytes, sha256 } from '../bytes.ts';
import { encodeCbor } from '../cbor.ts';
import { TeaError } from '../errors.ts';
import type { RandomBytes } from '../randomness.ts';

/** What a session is for; it opens for nothing else. `evidence` is the digest of what the client appraised, `callKey` the offered point. */
export type SessionTerms = {
  readonly chain: Uint8Array;
  readonly node: Uint8Array;
  readonly evidence: Uint8Array;
  readonly callKey: Uint8Array;
  readonly channel: bigint;
};

/** The HPKE `info` of a session's opening. */
export function sessionInfo({ chain, node, evidence, callKey, channel }: SessionTerms): Uint8Array {
  return encodeCbor({ domain: 'tea/call-session/1', chain, node, evidence, callKey, channel });
}

const OPENING = new TextEncoder().encode('tea/call-session/1');

/** What the channel's depositor signs (sr25519) to speak for it in this session: domain ‖ SHA-256 of the info ‖ SHA-256 of the secret, 82 bytes. */
export function sessionMessage(terms: SessionTerms, secret: Uint8Array): Uint8Array {
  return concatBytes(OPENING, sha256(sessionInfo(terms)), sha256(secret));
}

export type Direction = 'request' | 'answer';

/** Both ends of one session. A frame is nonce (12 bytes) ‖ AES-256-GCM, under a key for its direction alone. */
export type CallSession = {
  /** 16 bytes, public: which session a frame is of. */
  readonly id: Uint8Array;
  seal(direction: Direction, sequence: bigint, plaintext: Uint8Array): Promise<Uint8Array>;
  /** @throws TeaError `refused` for what was not sealed in this session, in this direction, under this sequence */
  open(direction: Direction, sequence: bigint, frame: Uint8Array): Promise<Uint8Array>;
};

/** Nonces are random: an answer is sealed anew each time it is asked for, and nobody has to remember a count. At most 2^32 frames a session. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param secret 32 bytes that the client made up and sealed to the call key */
export async function openSession(terms: SessionTerms, secret: Uint8Array, random: RandomBytes): Promise<CallSession> {
  const base = await crypto.subtle.importKey('raw', new Uint8Array(secret), 'HKDF', false, ['deriveKey', 'deriveBits']);
  const salt = new Uint8Array(sha256(sessionInfo(terms)));
  const parameters = (label: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt,
    info: new Uint8Array(new TextEncoder().encode(`tea/call/1 ${label}`)),
  });
  const key = (direction: Direction) =>
    crypto.subtle.deriveKey(parameters(direction), base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const [request, answer, id] = await Promise.all([key('request'), key('answer'), crypto.subtle.deriveBits(parameters('id'), base, 128)]);
  const keys = { request, answer };
  const bound = (direction: Direction, sequence: bigint): Uint8Array<ArrayBuffer> =>
    new Uint8Array(encodeCbor({ domain: 'tea/call-frame/1', direction, channel: terms.channel, sequence }));

  return {
    id: new Uint8Array(id),
    async seal(direction, sequence, plaintext) {
      const iv = new Uint8Array(random(NONCE_BYTES));
      const algorithm = { name: 'AES-GCM', iv, additionalData: bound(direction, sequence) };
      return concatBytes(iv, new Uint8Array(await crypto.subtle.encrypt(algorithm, keys[direction], new Uint8Array(plaintext))));
    },
    async open(direction, sequence, frame) {
      if (frame.length < NONCE_BYTES + TAG_BYTES) throw altered();
      const iv = new Uint8Array(frame.subarray(0, NONCE_BYTES));
      const algorithm = { name: 'AES-GCM', iv, additionalData: bound(direction, sequence) };
      try {
        return new Uint8Array(await crypto.subtle.decrypt(algorithm, keys[direction], new Uint8Array(frame.subarray(NONCE_BYTES))));
      } catch {
        throw altered();
      }
    },
  };
}

function altered(): TeaError {
  return new TeaError('refused', 'This was not sealed in this session', {
    expected: 'a frame of the other end, for this sequence number',
    actual: 'another, or an altered one',
    next: 'send it again',
  });
}
