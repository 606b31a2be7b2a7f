/** What a sandbox asks its starter for: `u32 which content · u32 length · u64 offset`, little endian. The answer is exactly those bytes. */
export const REQUEST_BYTES = 16;
/** No question is for more. */
export const MAX_PIECE_BYTES = 1024 * 1024;

/** Where a sandbox asks, and is answered: the descriptor after those that bubblewrap reads. */
export const CONTENT_FD = 5;

export type ContentRequest = { readonly index: number; readonly offset: number; readonly length: number };

export function encodeContentRequest({ index, offset, length }: ContentRequest): Uint8Array {
  const bytes = new Uint8Array(REQUEST_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, index, true);
  view.setUint32(4, length, true);
  view.setBigUint64(8, BigInt(offset), true);
  return bytes;
}

/** @returns null for what an honest runner never asks */
export function decodeContentRequest(bytes: Uint8Array, contents: readonly { readonly sizeBytes: number }[]): ContentRequest | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, REQUEST_BYTES);
  const [index, length, offset] = [view.getUint32(0, true), view.getUint32(4, true), view.getBigUint64(8, true)];
  const sizeBytes = contents[index]?.sizeBytes ?? 0;
  if (length < 1 || length > MAX_PIECE_BYTES || offset + BigInt(length) > BigInt(sizeBytes)) return null;
  return { index, offset: Number(offset), length };
}
