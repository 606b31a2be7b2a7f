import type { CID } from 'multiformats/cid';
import { throwIfCancelled } from '../cancellation.ts';
import { TeaError } from '../errors.ts';
import { RAW, verifyBlock } from './cid.ts';
import { decodeFileNode, fileNodeSize, type FileLink } from './file-node.ts';
import { inOrder } from '../in-order.ts';

/** Gives the bytes that somebody says are block `cid`. They needn't be. */
export type FetchBlock = (cid: CID, signal: AbortSignal) => Promise<Uint8Array>;

export type ReadFileOptions = {
  readonly signal?: AbortSignal;
  /** A larger file is refused before its content is fetched. */
  readonly maxBytes: number;
};

/** Blocks asked for ahead of the reader: at most this many are in memory, 2 MiB each. */
const BLOCKS_AHEAD = 4;
/** 1024 links a node make 1 EiB at depth 4; deeper trees come from nobody honest. */
export const MAX_DEPTH = 8;

/**
 * The bytes of the file `root`, in order, from a store that is not trusted: every block is verified against its CID, and every size against what the
 * tree above it says, before a byte of it is given.
 *
 * @throws TeaError `corrupt` at the first block that isn't what its CID names, `badMessage` when the tree is no plain file, `limit` beyond
 * `maxBytes`, `cancelled`, and whatever `fetch` throws
 */
export async function* readFile(root: CID, fetch: FetchBlock, options: ReadFileOptions): AsyncGenerator<Uint8Array, void, undefined> {
  const { signal, maxBytes } = options;
  const block = await fetchVerified(root, fetch, signal ?? new AbortController().signal);
  const top = root.code === RAW ? { data: block, links: [] } : decodeFileNode(block);
  const sizeBytes = fileNodeSize(top);
  if (sizeBytes > maxBytes)
    throw new TeaError('limit', 'This content is too large', { expected: `at most ${maxBytes} bytes`, actual: `${sizeBytes} bytes` });
  if (top.data.length > 0) yield top.data;
  const stretches = leavesBelow(top.links, 1, fetch, signal);
  const fetched = inOrder(
    stretches,
    BLOCKS_AHEAD,
    async (stretch, stop) => ('data' in stretch ? stretch.data : await fetchLeaf(stretch, fetch, stop)),
    signal,
  );
  for await (const bytes of fetched) {
    throwIfCancelled(signal, 'Fetching the content');
    yield bytes;
  }
}

type Stretch = FileLink | { readonly data: Uint8Array };

/** Depth first: the leaves, still to be fetched, and the bytes that inner nodes hold themselves. */
async function* leavesBelow(
  links: readonly FileLink[],
  depth: number,
  fetch: FetchBlock,
  signal?: AbortSignal,
): AsyncGenerator<Stretch, void, undefined> {
  if (depth > MAX_DEPTH)
    throw new TeaError('badMessage', 'This content is not a plain IPFS file', {
      expected: `a tree of at most ${MAX_DEPTH} levels`,
      actual: 'a deeper one',
    });
  for (const link of links) {
    if (link.cid.code === RAW) {
      yield link;
      continue;
    }
    const node = decodeFileNode(await fetchVerified(link.cid, fetch, signal ?? new AbortController().signal));
    checkSize(link, fileNodeSize(node));
    if (node.data.length > 0) yield { data: node.data };
    yield* leavesBelow(node.links, depth + 1, fetch, signal);
  }
}

async function fetchLeaf(link: FileLink, fetch: FetchBlock, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = await fetchVerified(link.cid, fetch, signal);
  checkSize(link, bytes.length);
  return bytes;
}

async function fetchVerified(cid: CID, fetch: FetchBlock, signal: AbortSignal): Promise<Uint8Array> {
  const block = await fetch(cid, signal);
  await verifyBlock(cid, block);
  return block;
}

/** @throws TeaError `badMessage` unless a block has as many bytes below it as the tree above says */
export function checkSize(link: FileLink, actual: number): void {
  if (actual === link.sizeBytes) return;
  throw new TeaError('badMessage', 'This content is not a plain IPFS file', {
    expected: `${link.sizeBytes} bytes below ${link.cid.toString()}`,
    actual: `${actual}`,
  });
}
