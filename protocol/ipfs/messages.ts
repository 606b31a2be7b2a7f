import * as v from 'valibot';
import { bytesOf } from '../bytes.ts';
import { safeUint } from '../integers.ts';
import { MAX_BLOCK_BYTES } from './cid.ts';

/**
 * The messages of `tea.ipfs.*`. Each request has one reply (reply.ts); bulky ones are frames (frame.ts). Content moves in pieces of at most
 * 256 KiB, each of which is asked for or acknowledged, and a few blocks at a time: neither side ever has to hold more than it agreed to.
 *
 * - `tea.ipfs.block` `{ cid, offset }` → frame of `{ sizeBytes }` and the bytes from `offset`, up to a piece
 * - `tea.ipfs.stat`  `{ cid }` → `{ sizeBytes, pinned }`
 * - `tea.ipfs.add`   frame of one `addRequest`; `piece` has the bytes as its body, and a block's pieces come in order. An upload that is neither committed nor aborted is
 *   abandoned after a minute of silence, and nothing of it stays pinned.
 */
export const PIECE_BYTES = 256 * 1024;
/** Blocks that one upload may have half sent at a time. */
export const MAX_OPEN_BLOCKS = 8;

/** Where the pieces of a block begin. An empty block is one empty piece. */
export function pieceOffsets(blockBytes: number): readonly number[] {
  return Array.from({ length: Math.max(1, Math.ceil(blockBytes / PIECE_BYTES)) }, (_, piece) => piece * PIECE_BYTES);
}

const cidBytes = bytesOf(36);
export const UPLOAD_ID_BYTES = 16;
const upload = bytesOf(UPLOAD_ID_BYTES);

export const blockRequest = v.strictObject({ cid: cidBytes, offset: v.pipe(safeUint, v.maxValue(MAX_BLOCK_BYTES)) });
export const blockReply = v.strictObject({ sizeBytes: v.pipe(safeUint, v.maxValue(MAX_BLOCK_BYTES)) });

export const statRequest = v.strictObject({ cid: cidBytes });
export const statReply = v.strictObject({ sizeBytes: safeUint, pinned: v.boolean() });

export const addRequest = v.variant('op', [
  v.strictObject({ op: v.literal('open') }),
  v.strictObject({
    op: v.literal('piece'),
    upload,
    // Tells apart blocks of one upload that are under way at a time: equal blocks have equal CIDs.
    block: safeUint,
    cid: cidBytes,
    sizeBytes: v.pipe(safeUint, v.maxValue(MAX_BLOCK_BYTES)),
    offset: v.pipe(safeUint, v.maxValue(MAX_BLOCK_BYTES)),
  }),
  v.strictObject({ op: v.literal('commit'), upload, cid: cidBytes }),
  v.strictObject({ op: v.literal('abort'), upload }),
]);
export type AddRequest = v.InferOutput<typeof addRequest>;

export const openReply = v.strictObject({ upload });
export const pieceReply = v.strictObject({ storedBytes: safeUint });
export const commitReply = v.strictObject({ sizeBytes: safeUint });
export const abortReply = v.strictObject({});
