import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { ContentReader } from '@tea/protocol';
import { decodeContentRequest, REQUEST_BYTES } from './content-requests.ts';

/** Why no more is asked: the sandbox is gone; it asked for what there isn't, as only one that was taken over does; a content could not be read. */
export type Served = { readonly kind: 'closed' } | { readonly kind: 'misbehaved' } | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Answers a sandbox's questions for content that is nowhere held whole, one after the other, until it asks no more. The sandbox is hostile: what it may
 * ask for is its own job's content, a piece at a time.
 */
export async function serveContents(channel: Duplex, contents: readonly ContentReader[], signal: AbortSignal): Promise<Served> {
  let pending = Buffer.alloc(0);
  try {
    for await (const piece of channel as AsyncIterable<Buffer>) {
      pending = Buffer.concat([pending, piece]);
      for (; pending.length >= REQUEST_BYTES; pending = pending.subarray(REQUEST_BYTES)) {
        const request = decodeContentRequest(pending, contents);
        if (request === null) return { kind: 'misbehaved' };
        const answer = await answerTo(request, contents, signal);
        if ('error' in answer) return { kind: 'failed', error: answer.error };
        if (!channel.write(answer.bytes)) await once(channel, 'drain', { signal });
      }
    }
  } catch {
    // The channel broke: its sandbox was ended, or ended by itself.
  }
  return { kind: 'closed' };
}

type Request = NonNullable<ReturnType<typeof decodeContentRequest>>;

async function answerTo({ index, offset, length }: Request, contents: readonly ContentReader[], signal: AbortSignal) {
  try {
    const bytes = (await contents[index]?.read(offset, length, signal)) ?? new Uint8Array();
    if (bytes.length !== length) throw new RangeError(`Content ${index} gave ${bytes.length} bytes where ${length} are`);
    return { bytes };
  } catch (error) {
    return { error };
  }
}
