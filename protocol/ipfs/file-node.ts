import { decode, encode, prepare } from '@ipld/dag-pb';
import type { CID } from 'multiformats/cid';
import { TeaError } from '../errors.ts';
import { decodeCid } from './cid.ts';
import { decodeVarint, encodeVarint } from './varint.ts';

/** A stretch of a file: the block it hangs on and how many bytes of the file are below it. */
export type FileLink = { readonly cid: CID; readonly sizeBytes: number };

/** A node of a file's tree: bytes of its own, then those of its links in order. */
export type FileNode = { readonly data: Uint8Array; readonly links: readonly FileLink[] };

export function fileNodeSize({ data, links }: FileNode): number {
  return links.reduce((sum, link) => sum + link.sizeBytes, data.length);
}

// UnixFS (specs.ipfs.tech/unixfs, "Data"): 1 Type varint, 2 Data bytes, 3 filesize varint, 4 blocksizes repeated varint.
const TYPE_FIELD = 0x08;
const DATA_FIELD = 0x12;
const FILE_SIZE_FIELD = 0x18;
const BLOCK_SIZE_FIELD = 0x20;
const RAW_TYPE = 0;
const FILE_TYPE = 2;

export type BuiltLink = FileLink & {
  /** Bytes of all blocks below, as dag-pb's Tsize counts them. */
  readonly treeBytes: number;
};

/** An inner node as Helia and Kubo write it (profile unixfs-v1-2025): no bytes of its own. */
export function encodeFileNode(links: readonly BuiltLink[]): Uint8Array {
  const sizeBytes = links.reduce((sum, link) => sum + link.sizeBytes, 0);
  const unixfs = [
    TYPE_FIELD,
    FILE_TYPE,
    FILE_SIZE_FIELD,
    ...encodeVarint(sizeBytes),
    ...links.flatMap((link) => [BLOCK_SIZE_FIELD, ...encodeVarint(link.sizeBytes)]),
  ];
  return encode(prepare({ Data: Uint8Array.from(unixfs), Links: links.map((link) => ({ Name: '', Tsize: link.treeBytes, Hash: link.cid })) }));
}

/**
 * Reads a dag-pb block of a file that passed `verifyBlock`. Its author is still a stranger.
 * @throws TeaError `badMessage` unless it is a UnixFS file whose sizes add up; directories, symlinks and empty stretches are refused
 */
export function decodeFileNode(block: Uint8Array): FileNode {
  const node = decodeDagPb(block);
  const { data, sizeBytes, blockSizes } = decodeUnixFs(node.Data ?? new Uint8Array());
  if (blockSizes.length !== node.Links.length) throw badNode('a size for every link', `${blockSizes.length} sizes for ${node.Links.length} links`);
  const links = node.Links.map((link, index): FileLink => ({ cid: decodeCid(link.Hash.bytes), sizeBytes: blockSizes[index] ?? 0 }));
  // An empty stretch adds nothing, and a tree of them could keep a reader busy for ever.
  if (links.some((link) => link.sizeBytes === 0)) throw badNode('links that hold bytes', 'an empty one');
  if (fileNodeSize({ data, links }) !== sizeBytes) throw badNode(`${sizeBytes} bytes in all`, 'sizes that add up to something else');
  return { data, links };
}

function decodeDagPb(block: Uint8Array): ReturnType<typeof decode> {
  try {
    return decode(block);
  } catch (cause) {
    throw badNode('dag-pb', 'other bytes', cause);
  }
}

function decodeUnixFs(bytes: Uint8Array): { data: Uint8Array; sizeBytes: number; blockSizes: readonly number[] } {
  let type: number | undefined;
  let data = new Uint8Array();
  let sizeBytes: number | undefined;
  const blockSizes: number[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const field = bytes[offset];
    const number = decodeVarint(bytes, offset + 1);
    if (number === undefined) throw badNode('UnixFS data', 'a number that is cut or too large');
    offset = number.next;
    if (field === TYPE_FIELD) type = number.value;
    else if (field === FILE_SIZE_FIELD) sizeBytes = number.value;
    else if (field === BLOCK_SIZE_FIELD) blockSizes.push(number.value);
    else if (field === DATA_FIELD && number.value <= bytes.length - offset) {
      data = bytes.slice(offset, offset + number.value);
      offset += number.value;
    } else throw badNode('the fields of a plain UnixFS file', `field byte ${field}`); // mode, mtime, hash type, fan-out: not content
  }
  if (type !== FILE_TYPE && type !== RAW_TYPE) throw badNode('a UnixFS file', `UnixFS type ${type}`);
  return { data, sizeBytes: sizeBytes ?? data.length, blockSizes };
}

function badNode(expected: string, actual: string, cause?: unknown): TeaError {
  return new TeaError('badMessage', 'This content is not a plain IPFS file', { expected, actual, ...(cause !== undefined && { cause }) });
}
