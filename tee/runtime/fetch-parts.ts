import { createHash } from 'node:crypto';
import { collectBytes, equalBytes, isTeaError, TeaError, type ContentDigest, type ContentReader, type ReleasePart } from '@tea/protocol';
import type { IpfsClient } from '@tea/protocol/ipfs';

/** One part of an errand whose published bytes are what layer 1 recorded: held, or content of which every block was checked against its CID once. */
export type FetchedPart = { readonly part: ReleasePart; readonly published: Uint8Array | ContentReader };

/** What all held parts of one errand may have, its code apart. Larger ones are read again while the guest asks for them. */
export const HELD_BYTES = 64 * 1024 * 1024;
/** The largest module there is, sealed. */
const MAX_CODE_BYTES = 129 * 1024 * 1024;
const MAX_PART_BYTES = 2 ** 40;

/**
 * Fetches every part once, whole, and compares it with what layer 1 recorded. What is too large to be held can be read again by its CID, which names the
 * same bytes each time: so a guest never sees content of another digest, not even in a run that comes to nothing.
 * @throws TeaError `corrupt` for another digest, and as `IpfsClient.cat`
 */
export async function fetchParts(
  parts: readonly { readonly part: ReleasePart; readonly content: ContentDigest }[],
  ipfs: Pick<IpfsClient, 'cat' | 'open'>,
  signal: AbortSignal,
): Promise<FetchedPart[]> {
  let room = HELD_BYTES;
  const fetched: FetchedPart[] = [];
  for (const { part, content } of parts) {
    const maxBytes = part === 'code' ? MAX_CODE_BYTES : MAX_PART_BYTES;
    const reader = await ipfs.open(content.cid, { maxBytes, signal });
    const isHeld = part === 'code' || reader.sizeBytes <= room;
    if (isHeld && part !== 'code') room -= reader.sizeBytes;
    const hash = createHash('sha256');
    const source = hashedBy(hash, ipfs.cat(content.cid, { maxBytes, signal }));
    const held = isHeld ? await collectBytes(source) : await drain(source);
    const digest = new Uint8Array(hash.digest());
    if (!equalBytes(digest, content.sha256)) {
      throw new TeaError('corrupt', `The ${part} of this errand is not what layer 1 recorded`, {
        expected: content.sha256.toHex(),
        actual: digest.toHex(),
      });
    }
    fetched.push({ part, published: held ?? reader });
  }
  return fetched;
}

async function* hashedBy(hash: { update(bytes: Uint8Array): unknown }, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
}

async function drain(source: AsyncIterable<Uint8Array>): Promise<undefined> {
  for await (const _ of source);
}

/** A host may be away for a moment: pauses before a piece is asked for again. Then the run is given up, and the whole of it is tried again later. */
const PAUSES_MS = [250, 1_000, 4_000];

/** Content that is asked for again when its host does not answer. */
export function patient(content: ContentReader, delay: (ms: number) => Promise<void>): ContentReader {
  return {
    sizeBytes: content.sizeBytes,
    async read(offset, length, signal) {
      for (const pauseMs of PAUSES_MS) {
        try {
          return await content.read(offset, length, signal);
        } catch (error) {
          if (!isTeaError(error, 'unavailable') && !isTeaError(error, 'timeout')) throw error;
          await delay(pauseMs);
        }
      }
      return content.read(offset, length, signal);
    },
  };
}
