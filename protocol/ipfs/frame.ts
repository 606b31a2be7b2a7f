import { concatBytes } from '../bytes.ts';
import { TeaError } from '../errors.ts';

/** A message with a bulky part: u16 length of the head ‖ head (deterministic CBOR) ‖ body. The body is not encoded a second time. */
export type Frame = { readonly head: Uint8Array; readonly body: Uint8Array };

const MAX_HEAD_BYTES = 8 * 1024;

export function encodeFrame(head: Uint8Array, body: Uint8Array = new Uint8Array()): Uint8Array {
  return concatBytes(Uint8Array.of(head.length >>> 8, head.length), head, body);
}

/** @throws TeaError `badMessage` when the head is longer than the message or than 8 KiB */
export function decodeFrame(message: Uint8Array): Frame {
  const [high, low] = message;
  const headBytes = high === undefined || low === undefined ? Number.POSITIVE_INFINITY : high * 256 + low;
  if (headBytes > MAX_HEAD_BYTES || 2 + headBytes > message.length) {
    throw new TeaError('badMessage', 'This is not a content message', { expected: 'a head and a body', actual: `${message.length} other bytes` });
  }
  return { head: message.subarray(2, 2 + headBytes), body: message.subarray(2 + headBytes) };
}
