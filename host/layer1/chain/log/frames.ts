import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { concatBytes, equalBytes, TeaError } from '@tea/protocol';
import { encodeU32 } from '@tea/protocol/layer1';

/**
 * The log file: frames of `TEA1`, length (u32, little endian), BLAKE2b-128 of the payload, payload. Each is synced before the next is
 * begun, so a crash can tear the last frame alone; a broken frame with a sound one behind it is damage, which no start may paper over.
 */
const MAGIC = Uint8Array.of(0x54, 0x45, 0x41, 0x31);
const CHECKSUM_BYTES = 16;
export const FRAME_HEADER_BYTES = MAGIC.length + 4 + CHECKSUM_BYTES;
const READ_AHEAD = 4 * 1024 * 1024;

export type Checksum = (payload: Uint8Array) => Uint8Array;
export type Frame = { readonly offset: number; readonly payload: Uint8Array };

export function encodeFrame(payload: Uint8Array, checksum: Checksum): Uint8Array {
  return concatBytes(MAGIC, encodeU32(payload.length), checksum(payload), payload);
}

/**
 * Yields the sound frames of the file from byte `from` on, where one begins. Ends at a torn tail; the last frame's end is where the next one belongs.
 * @throws TeaError `corrupt` when a broken frame is not the last
 */
export function* readFrames(path: string, checksum: Checksum, from = 0): Generator<Frame> {
  const fd = openSync(path, 'r');
  try {
    const size = fstatSync(fd).size;
    let buffer: Uint8Array = new Uint8Array(0);
    let bufferStart = 0;
    const read = (offset: number, length: number): Uint8Array => {
      if (offset < bufferStart || offset + length > bufferStart + buffer.length) {
        buffer = readBytes(fd, offset, Math.min(Math.max(length, READ_AHEAD), size - offset));
        bufferStart = offset;
      }
      return buffer.subarray(offset - bufferStart, offset - bufferStart + length);
    };
    let offset = from;
    while (offset < size) {
      const payload = frameAt(read, offset, size, checksum);
      if (payload === null) {
        requireTorn(read, offset, size, checksum, path);
        return;
      }
      yield { offset, payload };
      offset += FRAME_HEADER_BYTES + payload.length;
    }
  } finally {
    closeSync(fd);
  }
}

type Read = (offset: number, length: number) => Uint8Array;

export function frameAt(read: Read, offset: number, size: number, checksum: Checksum): Uint8Array | null {
  if (offset + FRAME_HEADER_BYTES > size) return null;
  const header = read(offset, FRAME_HEADER_BYTES).slice();
  if (!equalBytes(header.subarray(0, MAGIC.length), MAGIC)) return null;
  const length = new DataView(header.buffer).getUint32(MAGIC.length, true);
  if (offset + FRAME_HEADER_BYTES + length > size) return null;
  const payload = read(offset + FRAME_HEADER_BYTES, length);
  return equalBytes(checksum(payload), header.subarray(MAGIC.length + 4)) ? payload : null;
}

function requireTorn(read: Read, broken: number, size: number, checksum: Checksum, path: string): void {
  for (let offset = broken + 1; offset + FRAME_HEADER_BYTES <= size; offset++) {
    if (read(offset, 1)[0] !== MAGIC[0]) continue;
    if (frameAt(read, offset, size, checksum) !== null) {
      throw new TeaError('corrupt', 'The chain’s log is damaged', {
        expected: `a sound frame at byte ${broken}`,
        actual: `a broken one, and a sound one behind it at byte ${offset}`,
        next: `restore ${path} from a backup`,
      });
    }
  }
}

function readBytes(fd: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const count = readSync(fd, bytes, done, length - done, offset + done);
    if (count === 0) return bytes.subarray(0, done);
    done += count;
  }
  return bytes;
}
