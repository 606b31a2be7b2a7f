import { sha256 as sha256Hash } from '@noble/hashes/sha2.js';
import type { NatsConnection } from '@nats-io/nats-core';
import type { CID } from 'multiformats/cid';
import type * as v from 'valibot';
import { type Ask, busRequests } from '../bus/bus-requests.ts';
import { encodeCbor } from '../cbor.ts';
import type { ContentReader } from '../content-reader.ts';
import { isTeaError, TeaError } from '../errors.ts';
import { decodeReply } from '../reply.ts';
import { IPFS_ADD, IPFS_STAT } from '../subjects.ts';
import { parseCid } from './cid.ts';
import { fetchBlock } from './fetch-block.ts';
import { encodeFrame } from './frame.ts';
import { importFile } from './import-file.ts';
import { abortReply, type AddRequest, commitReply, openReply, PIECE_BYTES, pieceOffsets, pieceReply, statReply } from './messages.ts';
import { openFile } from './open-file.ts';
import { readFile } from './read-file.ts';

export type AddedContent = { readonly cid: string; readonly size: number; readonly sha256: Uint8Array };
export type AddOptions = {
  readonly signal?: AbortSignal;
  /** Called with the bytes that the host has acknowledged so far. */
  readonly onProgress?: (storedBytes: number) => void;
};
export type CatOptions = {
  readonly signal?: AbortSignal;
  /** A larger content is refused with `limit` before it is fetched. Default 1 GiB. */
  readonly maxBytes?: number;
};
export type ContentStat = { readonly cid: string; readonly size: number; readonly pinned: boolean };

export type IpfsClient = {
  /**
   * Stores a content at the host and has it pinned: all of it, or nothing stays. The blocks are made here, so the CID is what the bytes are and not what
   * the host says. Memory stays bounded: a few blocks.
   * @throws TeaError `storage` when the host's disk is full, `unavailable`, `timeout`, `cancelled`, whatever `source` throws
   */
  add(source: AsyncIterable<Uint8Array>, options?: AddOptions): Promise<AddedContent>;
  /**
   * The content's bytes in order, each verified against the CID before it is given.
   * @throws TeaError `badInput` for a CID of another kind, `notFound`, `corrupt` at the first block that a host made up, `limit`, `badMessage` when
   * it is no plain file, `unavailable`, `timeout`, `cancelled`
   */
  cat(cid: string, options?: CatOptions): AsyncIterable<Uint8Array>;
  /**
   * The content for reading anywhere, a few blocks in memory: each is fetched when it is read, and verified. The host sees which.
   * @throws TeaError as `cat`, when opening and when reading
   */
  open(cid: string, options?: CatOptions): Promise<ContentReader>;
  /** What the host says about a content: not verified. */
  stat(cid: string, options?: { readonly signal?: AbortSignal }): Promise<ContentStat>;
};

export type IpfsClientOptions = {
  /** Until the answer to one request. Default 10 s. */
  readonly requestTimeoutMs?: number;
};

const DEFAULT_MAX_BYTES = 1024 ** 3;
const REQUEST_TIMEOUT_MS = 10_000;
/** Pinning walks the whole tree. */
const COMMIT_TIMEOUT_MS = 120_000;
const ABORT_TIMEOUT_MS = 2_000;

/** Content over the bus, from a host that nobody trusts. */
export function ipfsClient(connection: NatsConnection, options: IpfsClientOptions = {}): IpfsClient {
  return ipfsClientOver(busRequests(connection), options);
}

export function ipfsClientOver(ask: Ask, { requestTimeoutMs = REQUEST_TIMEOUT_MS }: IpfsClientOptions = {}): IpfsClient {
  return {
    add: (source, addOptions = {}) => addContent(ask, requestTimeoutMs, source, addOptions),
    cat(cid, { signal, maxBytes = DEFAULT_MAX_BYTES } = {}) {
      return readFile(parseCid(cid), fetchBlock(ask, requestTimeoutMs), { maxBytes, ...(signal && { signal }) });
    },
    async open(cid, { signal, maxBytes = DEFAULT_MAX_BYTES } = {}) {
      return openFile(parseCid(cid), fetchBlock(ask, requestTimeoutMs), { maxBytes, ...(signal && { signal }) });
    },
    async stat(cid, { signal } = {}) {
      const request = { what: 'Asking for a content', timeoutMs: requestTimeoutMs, ...(signal && { signal }) };
      const reply = decodeReply(await ask(IPFS_STAT, encodeCbor({ cid: parseCid(cid).bytes }), request), statReply, 'content state');
      return { cid, size: reply.sizeBytes, pinned: reply.pinned };
    },
  };
}

async function addContent(ask: Ask, timeoutMs: number, source: AsyncIterable<Uint8Array>, { signal, onProgress }: AddOptions): Promise<AddedContent> {
  const what = 'Storing the content';
  const say = async <const S extends v.GenericSchema>(
    message: AddRequest,
    reply: S,
    how: { body?: Uint8Array; signal?: AbortSignal; timeoutMs?: number } = {},
  ) => decodeReply(await ask(IPFS_ADD, encodeFrame(encodeCbor(message), how.body), { what, timeoutMs, ...how }), reply, `answer to "${message.op}"`);

  const { upload } = await say({ op: 'open' }, openReply, { ...(signal && { signal }) });
  try {
    let acknowledgedBytes = 0;
    let blocks = 0;
    const put = async (cid: CID, bytes: Uint8Array, stop: AbortSignal): Promise<void> => {
      const block = blocks++;
      const send = async (offset: number): Promise<void> => {
        const body = bytes.subarray(offset, offset + PIECE_BYTES);
        await say({ op: 'piece', upload, block, cid: cid.bytes, sizeBytes: bytes.length, offset }, pieceReply, { body, signal: stop });
        onProgress?.((acknowledgedBytes += body.length));
      };
      await Promise.all(pieceOffsets(bytes.length).map(send));
    };
    const hash = sha256Hash.create();
    const { root, sizeBytes } = await importFile(hashedBy(hash, source), put, signal);
    const stored = await say({ op: 'commit', upload, cid: root.bytes }, commitReply, { timeoutMs: COMMIT_TIMEOUT_MS, ...(signal && { signal }) });
    if (stored.sizeBytes !== sizeBytes) {
      throw new TeaError('corrupt', 'The host stored something else', { expected: `${sizeBytes} bytes`, actual: `${stored.sizeBytes} bytes` });
    }
    return { cid: root.toString(), size: sizeBytes, sha256: hash.digest() };
  } catch (error) {
    // A courtesy: the host forgets a silent upload by itself. When the bus is what failed, it will have to.
    const isBusTrouble = isTeaError(error, 'unavailable') || isTeaError(error, 'timeout');
    if (!isBusTrouble) await say({ op: 'abort', upload }, abortReply, { timeoutMs: Math.min(timeoutMs, ABORT_TIMEOUT_MS) }).catch(() => undefined);
    throw error;
  }
}

async function* hashedBy(
  hash: { update(bytes: Uint8Array): unknown },
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
}
