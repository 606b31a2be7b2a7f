import { type CborValue, type RandomBytes, TeaError, toHex } from '@tea/protocol';
import { type AddRequest, decodeCid, MAX_OPEN_BLOCKS, PIECE_BYTES, UPLOAD_ID_BYTES } from '@tea/protocol/ipfs';
import type { IpfsNode, Writing } from './ipfs-node.ts';

export type UploadLimits = {
  /** At a time; each holds at most `MAX_OPEN_BLOCKS` blocks in memory. */
  readonly maxUploads: number;
  readonly maxContentBytes: number;
  /** Silence after which an upload is abandoned. */
  readonly idleMs: number;
};

export const DEFAULT_UPLOAD_LIMITS: UploadLimits = { maxUploads: 8, maxContentBytes: 16 * 1024 ** 3, idleMs: 60_000 };

export type Uploads = AsyncDisposable & {
  /** Answers one `tea.ipfs.add` request. Throws TeaError; whatever an upload fails by, nothing of it stays pinned. */
  handle(request: AddRequest, body: Uint8Array): Promise<CborValue>;
  readonly count: number;
};

type OpenBlock = { readonly cid: string; readonly bytes: Uint8Array; filledBytes: number };
type Upload = {
  readonly id: string;
  readonly writing: Writing;
  readonly blocks: Map<number, OpenBlock>;
  receivedBytes: number;
  idle: NodeJS.Timeout;
};

/** Contents that clients are sending, block by block, between `open` and `commit`. */
export function uploadsTo(node: IpfsNode, limits: UploadLimits, random: RandomBytes): Uploads {
  const uploads = new Map<string, Upload>();
  let opening = 0;

  const end = (upload: Upload, left: 'nothing' | 'garbage'): void => {
    clearTimeout(upload.idle);
    uploads.delete(upload.id);
    upload.writing.done(left);
  };
  const watchIdle = (id: string): NodeJS.Timeout => {
    return setTimeout(() => {
      const upload = uploads.get(id);
      if (upload !== undefined) end(upload, 'garbage');
    }, limits.idleMs).unref();
  };

  const open = async (): Promise<CborValue> => {
    if (uploads.size + opening >= limits.maxUploads) {
      throw new TeaError('limit', 'The store takes no further upload', {
        expected: `at most ${limits.maxUploads} at a time`,
        actual: 'one more',
        next: 'try again soon',
      });
    }
    opening++;
    try {
      const writing = await node.write();
      const bytes = random(UPLOAD_ID_BYTES);
      const id = toHex(bytes);
      uploads.set(id, { id, writing, blocks: new Map(), receivedBytes: 0, idle: watchIdle(id) });
      return { upload: bytes };
    } finally {
      opening--;
    }
  };

  const take = async (upload: Upload, request: AddRequest & { op: 'piece' }, body: Uint8Array): Promise<CborValue> => {
    const block = request.offset === 0 ? startBlock(upload, request) : upload.blocks.get(request.block);
    const expectedBytes = Math.min(PIECE_BYTES, request.sizeBytes - request.offset);
    if (block === undefined || block.filledBytes !== request.offset || block.bytes.length !== request.sizeBytes || body.length !== expectedBytes) {
      throw new TeaError('badMessage', 'This is not the next piece of that block', {
        expected: `${expectedBytes} bytes at ${block?.filledBytes ?? 0}`,
        actual: `${body.length} bytes at ${request.offset}`,
      });
    }
    upload.receivedBytes += body.length;
    if (upload.receivedBytes > limits.maxContentBytes) {
      throw new TeaError('limit', 'This content is too large for this host', { expected: `at most ${limits.maxContentBytes} bytes`, actual: 'more' });
    }
    block.bytes.set(body, request.offset);
    block.filledBytes += body.length;
    if (block.filledBytes === block.bytes.length) {
      upload.blocks.delete(request.block);
      await node.putBlock(block.cid, block.bytes);
    }
    return { storedBytes: block.filledBytes };
  };

  const commit = async (upload: Upload, cidBytes: Uint8Array): Promise<CborValue> => {
    const cid = decodeCid(cidBytes).toString();
    await node.pin(cid);
    end(upload, 'nothing');
    return { sizeBytes: (await node.stat(cid)).size };
  };

  const proceed = async (upload: Upload, request: Exclude<AddRequest, { op: 'open' }>, body: Uint8Array): Promise<CborValue> => {
    clearTimeout(upload.idle);
    try {
      if (request.op === 'piece') return await take(upload, request, body);
      if (request.op === 'commit') return await commit(upload, request.cid);
      end(upload, 'garbage');
      return {};
    } catch (error) {
      end(upload, 'garbage');
      throw error;
    } finally {
      clearTimeout(upload.idle); // another request of the same upload may have set it meanwhile
      if (uploads.has(upload.id)) upload.idle = watchIdle(upload.id);
    }
  };

  return {
    get count() {
      return uploads.size;
    },
    async handle(request, body) {
      if (request.op === 'open') return await open();
      const upload = uploads.get(toHex(request.upload));
      if (upload === undefined) {
        throw new TeaError('notFound', 'This upload is unknown', {
          expected: 'one that was opened and is not over',
          actual: 'another, or one that was silent for too long',
        });
      }
      return await proceed(upload, request, body);
    },
    async [Symbol.asyncDispose]() {
      for (const upload of uploads.values()) end(upload, 'garbage');
      await Promise.resolve();
    },
  };
}

function startBlock(upload: Upload, { block, cid, sizeBytes }: AddRequest & { op: 'piece' }): OpenBlock {
  if (upload.blocks.size >= MAX_OPEN_BLOCKS) {
    throw new TeaError('limit', 'This upload has too many blocks half sent', { expected: `at most ${MAX_OPEN_BLOCKS}`, actual: 'one more' });
  }
  const opened: OpenBlock = { cid: decodeCid(cid).toString(), bytes: new Uint8Array(sizeBytes), filledBytes: 0 };
  upload.blocks.set(block, opened);
  return opened;
}
