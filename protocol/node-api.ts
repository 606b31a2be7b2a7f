import * as v from 'valibot';
import { bytesOf } from './bytes.ts';

/**
 * What a client may ask a node's TEE over `tea.node.<node id>.<request>`; each answers with `encodeReply`.
 *
 * - `info`: who the node says it is. Nothing here is trusted before the evidence was appraised.
 * - `challenge`: credential activation, see `activation.ts`.
 * - `release`: a content key sealed for one errand; answered once the TEE has opened it and it fits the content's header.
 */
export const nodeInfo = v.strictObject({
  node: bytesOf(32),
  account: bytesOf(32),
  evidenceCid: v.pipe(v.string(), v.maxLength(64)),
  bundle: bytesOf(32),
  isolation: v.string(),
});
export type NodeInfo = v.InferOutput<typeof nodeInfo>;

export const releaseAnswer = v.strictObject({ digest: bytesOf(32) });
export type ReleaseAnswer = v.InferOutput<typeof releaseAnswer>;
