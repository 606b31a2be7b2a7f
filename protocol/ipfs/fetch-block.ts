import type { Ask } from '../bus/bus-requests.ts';
import { concatBytes } from '../bytes.ts';
import { encodeCbor } from '../cbor.ts';
import { TeaError } from '../errors.ts';
import { decodeReply } from '../reply.ts';
import { IPFS_BLOCK } from '../subjects.ts';
import { decodeFrame } from './frame.ts';
import { blockReply, PIECE_BYTES } from './messages.ts';
import type { FetchBlock } from './read-file.ts';

/** Fetches a block piece by piece over the bus. What comes is unverified; only its length is bounded. */
export function fetchBlock(ask: Ask, timeoutMs: number): FetchBlock {
  return async (cid, signal) => {
    const pieces: Uint8Array[] = [];
    let sizeBytes: number | undefined;
    let offset = 0;
    do {
      const message = await ask(IPFS_BLOCK, encodeCbor({ cid: cid.bytes, offset }), { what: 'Fetching a block', timeoutMs, signal });
      const { head, body } = decodeFrame(message);
      const reply = decodeReply(head, blockReply, 'piece of a block');
      sizeBytes ??= reply.sizeBytes;
      const expectedBytes = Math.min(PIECE_BYTES, sizeBytes - offset);
      if (reply.sizeBytes !== sizeBytes || body.length !== expectedBytes) {
        throw new TeaError('badMessage', 'This is not a piece of that block', { expected: `${expectedBytes} bytes`, actual: `${body.length} bytes` });
      }
      pieces.push(body);
      offset += body.length;
    } while (offset < sizeBytes);
    return concatBytes(...pieces);
  };
}
