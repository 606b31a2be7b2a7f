/**
 * Sealed content, version 1: `header ‖ chunk₀ ‖ … ‖ chunkₙ` (docs/sealed-content.md).
 *
 * header: magic `TEASEAL` (7) ‖ version 1 (1) ‖ plaintext bytes in a chunk, u32 big-endian (4) ‖ salt (32) ‖ key commitment (32)
 * chunk:  AES-256-GCM ciphertext of up to 64 KiB ‖ tag (16)
 *
 * Only the last chunk may be shorter than the others, and it is empty only when the whole content is.
 */
export const MAGIC: Uint8Array = new TextEncoder().encode('TEASEAL');
export const VERSION = 1;
export const CHUNK_BYTES = 64 * 1024;
export const TAG_BYTES = 16;
export const SALT_BYTES = 32;
export const COMMITMENT_BYTES = 32;
export const CONTENT_KEY_BYTES = 32;

/** Magic, version and chunk size: the part of the header that goes into the key derivation beside the salt. */
export const PREAMBLE_BYTES = MAGIC.length + 1 + 4;
export const HEADER_BYTES = PREAMBLE_BYTES + SALT_BYTES + COMMITMENT_BYTES;

/** Worked on together, so that encryption overlaps with reading; they come out in order. */
export const CHUNKS_AT_A_TIME = 4;

/** How many bytes `plainBytes` bytes take when sealed. */
export function sealedSize(plainBytes: number): number {
  return HEADER_BYTES + plainBytes + TAG_BYTES * Math.max(1, Math.ceil(plainBytes / CHUNK_BYTES));
}
