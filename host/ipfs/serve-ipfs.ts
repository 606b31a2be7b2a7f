import type { Msg, NatsConnection } from '@nats-io/transport-node';
import {
  decodeCbor,
  encodeErrorReply,
  encodeReply,
  IPFS_ADD,
  IPFS_BLOCK,
  IPFS_STAT,
  type RandomBytes,
  secureRandom,
  TeaError,
  toHex,
} from '@tea/protocol';
import { addRequest, blockRequest, decodeCid, decodeFrame, encodeFrame, PIECE_BYTES, statRequest } from '@tea/protocol/ipfs';
import { blockCache } from './block-cache.ts';
import type { IpfsNode } from './ipfs-node.ts';
import { DEFAULT_UPLOAD_LIMITS, type UploadLimits, uploadsTo } from './uploads.ts';

/** A request that failed, with what the asker was told to ask about. The error may name CIDs, and never holds content. */
export type FailedRequest = { readonly correlation: string; readonly subject: string; readonly error: unknown };

export type ServeIpfsOptions = {
  readonly node: IpfsNode;
  /** As bus user `ipfs`. It stays the caller's to close. */
  readonly connection: NatsConnection;
  readonly limits?: Partial<UploadLimits>;
  readonly random?: RandomBytes;
  readonly onFailure?: (failed: FailedRequest) => void;
};

/** Requests worked on at a time; with at most a piece each, what the service holds is bounded. Further ones are told `limit`. */
const MAX_IN_FLIGHT = 128;

/** Serves `tea.ipfs.*` (protocol/ipfs/messages.ts) from a node, until disposed: then uploads under way are abandoned. One service a bus: it holds the uploads. */
export function serveIpfs(options: ServeIpfsOptions): AsyncDisposable {
  const { node, connection, random = secureRandom, onFailure } = options;
  const uploads = uploadsTo(node, { ...DEFAULT_UPLOAD_LIMITS, ...options.limits }, random);
  const block = blockCache((cid) => node.getBlock(cid));
  const running = new Set<Promise<void>>();

  const services: Readonly<Record<string, (request: Uint8Array) => Promise<Uint8Array>>> = {
    async [IPFS_ADD](request) {
      const { head, body } = decodeFrame(request);
      return encodeReply(await uploads.handle(decodeCbor(head, addRequest, 'request to add content'), body));
    },
    async [IPFS_BLOCK](request) {
      const { cid, offset } = decodeCbor(request, blockRequest, 'request for a block');
      const bytes = await block(decodeCid(cid).toString());
      if (offset > bytes.length)
        throw new TeaError('badInput', 'This piece is beyond the block', { expected: `at most ${bytes.length}`, actual: `${offset}` });
      return encodeFrame(encodeReply({ sizeBytes: bytes.length }), bytes.subarray(offset, offset + PIECE_BYTES));
    },
    async [IPFS_STAT](request) {
      const { cid } = decodeCbor(request, statRequest, 'request for a content');
      const { size, pinned } = await node.stat(decodeCid(cid).toString());
      return encodeReply({ sizeBytes: size, pinned });
    },
  };

  const answer = async (subject: string, message: Msg, serve: (request: Uint8Array) => Promise<Uint8Array>): Promise<void> => {
    let reply: Uint8Array;
    try {
      if (running.size >= MAX_IN_FLIGHT) {
        throw new TeaError('limit', 'The content service is busy', {
          expected: `at most ${MAX_IN_FLIGHT} requests at a time`,
          actual: 'one more',
          next: 'try again',
        });
      }
      reply = await serve(message.data);
    } catch (error) {
      const correlation = toHex(random(8));
      onFailure?.({ correlation, subject, error });
      const told = encodeErrorReply(error, correlation);
      reply = subject === IPFS_BLOCK ? encodeFrame(told) : told;
    }
    message.respond(reply);
  };

  const subscriptions = Object.entries(services).map(([subject, serve]) =>
    connection.subscribe(subject, {
      queue: 'ipfs', // one answer to each request, even if somebody starts a second service by mistake
      callback(error, message) {
        if (error !== null) return onFailure?.({ correlation: '', subject, error });
        const work = answer(subject, message, serve).catch((failure: unknown) => onFailure?.({ correlation: '', subject, error: failure }));
        running.add(work);
        void work.then(() => running.delete(work));
      },
    }),
  );

  return {
    async [Symbol.asyncDispose]() {
      for (const subscription of subscriptions) subscription.unsubscribe();
      await Promise.all(running);
      await uploads[Symbol.asyncDispose]();
    },
  };
}
