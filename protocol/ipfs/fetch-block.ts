import type { Ask } from '../bus/bus-requests.ts';
import { concatBytes } from '../bytes.ts';
import { encodeCbor } from '../cbor.ts';
import { TeaError } from '../errors.ts';
import { decodeReply } from '../reply.ts';
import { IPFS_BLOCK } from '../subjects.ts';
import { decodeFrame } from './frame.ts';
import { blockReply, PIECE_BYTES, pieceOffsets } from './messages.ts';
import type { FetchBlock } from './read-file.ts';

/** Fetches a block over the bus: its first piece, then the others at a time. What comes is unverified; only its length is bounded. */
export function fetchBlock(ask: Ask, timeoutMs: number): FetchBlock {
  const what = 'Fetching a block';
  return async (cid, signal) => {
    const piece = async (offset: number, knownBytes?: number): Promise<{ sizeBytes: number; body: Uint8Array }> => {
      const { head, body } = decodeFrame(await ask(IPFS_BLOCK, encodeCbor({ cid: cid.bytes, offset }), { what, timeoutMs, signal }));
      const { sizeBytes } = decodeReply(head, blockReply, 'piece of a block');
      const expectedBytes = Math.min(PIECE_BYTES, sizeBytes - offset);
      if (sizeBytes !== (knownBytes ?? sizeBytes) || body.length !== expectedBytes) {
        throw new TeaError('badMessage', 'This is not a piece of that block', { expected: `${expectedBytes} bytes`, actual: `${body.length} bytes` });
      }
      return { sizeBytes, body };
    };
    const first = await piece(0);
    const others = pieceOffsets(first.sizeBytes).slice(1);
    const rest = await Promise.all(others.map((offset) => piece(offset, first.sizeBytes)));
    return concatBytes(first.body, ...rest.map(({ body }) => body));
  };
}
