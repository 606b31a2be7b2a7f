import type { CID } from 'multiformats/cid';
import { cutIntoChunks } from '../chunks.ts';
import { cidOf, DAG_PB, RAW } from './cid.ts';
import { type BuiltLink, encodeFileNode } from './file-node.ts';
import { inOrder } from '../in-order.ts';
import { MAX_OPEN_BLOCKS } from './messages.ts';

/**
 * How TEA cuts a file, which decides its CID: 1 MiB chunks, raw leaves, balanced, at most 1024 links a node, CID version 1. The same as Helia's
 * defaults and Kubo's profile `unixfs-v1-2025`.
 */
export const CHUNK_BYTES = 1024 * 1024;
export const MAX_LINKS = 1024;

/** Leaves on their way at once; with a node above them still within what an upload may have half sent. */
const BLOCKS_AHEAD = MAX_OPEN_BLOCKS - 1;

export type PutBlock = (cid: CID, block: Uint8Array, signal: AbortSignal) => Promise<void>;
export type Layout = { readonly chunkBytes: number; readonly maxLinks: number };
export type ImportedFile = { readonly root: CID; readonly sizeBytes: number };

/**
 * Cuts a stream into the blocks of an IPFS file and hands each to `put`, leaves before the nodes above them, in bounded memory.
 * @returns the root, computed here: whoever stores the blocks has no say in it
 */
export async function importFile(
  source: AsyncIterable<Uint8Array>,
  put: PutBlock,
  signal?: AbortSignal,
  layout: Layout = { chunkBytes: CHUNK_BYTES, maxLinks: MAX_LINKS },
): Promise<ImportedFile> {
  const leaves = inOrder(
    cutIntoChunks(source, layout.chunkBytes, signal),
    BLOCKS_AHEAD,
    async ({ bytes }, stop): Promise<BuiltLink> => {
      const cid = await cidOf(RAW, bytes);
      await put(cid, bytes, stop);
      return { cid, sizeBytes: bytes.length, treeBytes: bytes.length };
    },
    signal,
  );

  const never = new AbortController().signal;
  const join = async (links: readonly BuiltLink[]): Promise<BuiltLink> => {
    const block = encodeFileNode(links);
    const cid = await cidOf(DAG_PB, block);
    await put(cid, block, signal ?? never);
    const sum = (key: 'sizeBytes' | 'treeBytes'): number => links.reduce((total, link) => total + link[key], 0);
    return { cid, sizeBytes: sum('sizeBytes'), treeBytes: sum('treeBytes') + block.length };
  };

  // levels[0] collects leaves, levels[1] the nodes above them, and so on; a full level becomes one node of the next.
  const levels: BuiltLink[][] = [[]];
  const place = async (link: BuiltLink, level: number): Promise<void> => {
    const links = (levels[level] ??= []);
    links.push(link);
    if (links.length < layout.maxLinks) return;
    levels[level] = [];
    await place(await join(links), level + 1);
  };
  for await (const leaf of leaves) await place(leaf, 0);

  // What is left over on each level becomes a last, shorter node, even if of one link: so does Helia. A single leaf is the file itself.
  for (let level = 0; level < levels.length; level++) {
    const links = levels[level] ?? [];
    const isTop = level === levels.length - 1;
    const [only] = links;
    if (isTop && links.length === 1 && only !== undefined) return { root: only.cid, sizeBytes: only.sizeBytes };
    if (links.length > 0) {
      levels[level] = [];
      (levels[level + 1] ??= []).push(await join(links));
    }
  }
  throw new Error('unreachable: the top level holds one node');
}
