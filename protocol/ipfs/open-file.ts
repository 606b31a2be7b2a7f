import type { CID } from 'multiformats/cid';
import { concatBytes } from '../bytes.ts';
import { throwIfCancelled } from '../cancellation.ts';
import type { ContentReader } from '../content-reader.ts';
import { TeaError } from '../errors.ts';
import { RAW, verifyBlock } from './cid.ts';
import { decodeFileNode, fileNodeSize, type FileLink } from './file-node.ts';
import { checkSize, MAX_DEPTH, type FetchBlock, type ReadFileOptions } from './read-file.ts';

/** Where each stretch of the file is: 1 GiB in our own chunks has 1024. Smaller ones come from elsewhere, and their list must fit in memory too. */
const MAX_STRETCHES = 65_536;
/** What inner nodes may hold themselves: ours hold nothing. */
const MAX_INLINE_BYTES = 4 * 1024 * 1024;
/** Blocks kept for the next reads, 2 MiB each at most. */
const KEPT_BLOCKS = 4;
/** Fetched ahead of a reader that goes straight on. */
const BLOCKS_AHEAD = 2;

type Stretch = { readonly start: number; readonly from: FileLink | { readonly sizeBytes: number; readonly data: Uint8Array } };

/**
 * The file `root` for reading anywhere, from a store that is not trusted: as `readFile`, block by block. The tree above its blocks is read here; of the
 * blocks a few are in memory at a time. The store sees which blocks are asked for.
 *
 * @throws TeaError as `readFile`; `limit` also when it is cut into too many blocks. Reading: `corrupt`, `badMessage`, `cancelled`, whatever `fetch` throws
 */
export async function openFile(root: CID, fetch: FetchBlock, { maxBytes, signal }: ReadFileOptions): Promise<ContentReader> {
  const never = signal ?? new AbortController().signal;
  const stretches: Stretch[] = [];
  let sizeBytes = 0;
  let inlineBytes = 0;
  const place = (from: Stretch['from']): void => {
    if (from.sizeBytes === 0) return;
    inlineBytes += 'data' in from ? from.sizeBytes : 0;
    if (stretches.length >= MAX_STRETCHES || inlineBytes > MAX_INLINE_BYTES) {
      throw new TeaError('limit', 'This content is cut into too many blocks', { expected: `at most ${MAX_STRETCHES}`, next: 'add it again, by tea' });
    }
    stretches.push({ start: sizeBytes, from });
    sizeBytes += from.sizeBytes;
  };
  const fetchVerified = async (cid: CID, stop: AbortSignal): Promise<Uint8Array> => {
    const block = await fetch(cid, stop);
    await verifyBlock(cid, block);
    return block;
  };
  const walk = async (cid: CID, depth: number, isSize: (actual: number) => void): Promise<void> => {
    throwIfCancelled(signal, 'Opening the content');
    if (depth > MAX_DEPTH) throw new TeaError('badMessage', 'This content is not a plain IPFS file', { expected: `${MAX_DEPTH} levels at most` });
    const block = await fetchVerified(cid, never);
    const node = cid.code === RAW ? { data: block, links: [] } : decodeFileNode(block);
    isSize(fileNodeSize(node));
    place({ sizeBytes: node.data.length, data: node.data });
    for (const link of node.links) {
      if (link.cid.code === RAW) place(link);
      else await walk(link.cid, depth + 1, (actual) => checkSize(link, actual));
    }
  };
  await walk(root, 0, (actual) => {
    if (actual > maxBytes)
      throw new TeaError('limit', 'This content is too large', { expected: `at most ${maxBytes} bytes`, actual: `${actual} bytes` });
  });

  const kept = new Map<number, Promise<Uint8Array>>();
  let lastRead = -1;
  const blockOf = (index: number): Promise<Uint8Array> => {
    const from = stretches[index]?.from;
    if (from === undefined) return Promise.resolve(new Uint8Array());
    if ('data' in from) return Promise.resolve(from.data);
    const block =
      kept.get(index) ??
      fetchVerified(from.cid, never).then((bytes) => {
        checkSize(from, bytes.length);
        return bytes;
      });
    kept.delete(index); // and in again, as the one used last
    kept.set(index, block);
    block.catch(() => {
      if (kept.get(index) === block) kept.delete(index); // the next read asks again
    });
    for (const oldest of kept.keys()) if (kept.size > KEPT_BLOCKS) kept.delete(oldest);
    return block;
  };
  /** The last stretch that starts at `offset` or before. */
  const indexAt = (offset: number): number => {
    let low = 0;
    let high = stretches.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((stretches[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    sizeBytes,
    async read(offset, length, stop) {
      const end = Math.min(offset + length, sizeBytes);
      const pieces: Uint8Array[] = [];
      for (let index = indexAt(offset), at = offset; at < end; index++) {
        throwIfCancelled(stop, 'Reading the content');
        const block = blockOf(index);
        if (index === lastRead + 1)
          for (let ahead = 1; ahead <= BLOCKS_AHEAD; ahead++) if (index + ahead < stretches.length) void blockOf(index + ahead);
        lastRead = index;
        const start = stretches[index]?.start ?? 0;
        const piece = (await block).subarray(at - start, end - start);
        pieces.push(piece);
        at += piece.length;
      }
      return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : concatBytes(...pieces);
    },
  };
}
