import { concatBytes } from '../bytes.ts';
import { equalBytes } from '../cbor.ts';
import { TeaError } from '../errors.ts';
import { CHUNK_BYTES, HEADER_BYTES, MAGIC, PREAMBLE_BYTES, SALT_BYTES, VERSION } from './format.ts';

/** What a header says before anybody checked it with a key. */
export type UnverifiedHeader = { readonly salt: Uint8Array; readonly commitment: Uint8Array };

/** The fixed start of every version 1 header. */
export const PREAMBLE: Uint8Array = concatBytes(
  MAGIC,
  Uint8Array.of(VERSION, CHUNK_BYTES >>> 24, CHUNK_BYTES >>> 16, CHUNK_BYTES >>> 8, CHUNK_BYTES),
);

export function encodeHeader({ salt, commitment }: UnverifiedHeader): Uint8Array {
  return concatBytes(PREAMBLE, salt, commitment);
}

/** Whether these first bytes of a content claim to be sealed, in whatever version. */
export function isSealed(start: Uint8Array): boolean {
  return start.length >= MAGIC.length && equalBytes(start.subarray(0, MAGIC.length), MAGIC);
}

/**
 * @param start the first bytes of a content: the whole header, or all there is when it is shorter
 * @throws TeaError `badMessage` when it is not sealed content of version 1, `corrupt` when its header is cut short
 */
export function decodeHeader(start: Uint8Array): UnverifiedHeader {
  if (!isSealed(start)) {
    throw new TeaError('badMessage', 'This content is not sealed', {
      expected: 'the magic TEASEAL',
      actual: start.length === 0 ? 'nothing' : 'other bytes',
    });
  }
  const preamble = start.subarray(0, PREAMBLE_BYTES);
  if (!equalBytes(preamble, PREAMBLE.subarray(0, preamble.length))) {
    throw new TeaError('badMessage', 'This sealed content is of another version', {
      expected: `version ${VERSION} with chunks of ${CHUNK_BYTES} bytes`,
      actual: `header ${preamble.toHex()}`,
    });
  }
  if (start.length < HEADER_BYTES) {
    throw new TeaError('corrupt', 'This sealed content is cut short', {
      expected: `a header of ${HEADER_BYTES} bytes`,
      actual: `${start.length} bytes`,
    });
  }
  return {
    salt: start.slice(PREAMBLE_BYTES, PREAMBLE_BYTES + SALT_BYTES),
    commitment: start.slice(PREAMBLE_BYTES + SALT_BYTES, HEADER_BYTES),
  };
}
