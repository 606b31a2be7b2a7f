import * as v from 'valibot';
import { bytesOf, bytesUpTo } from './bytes.ts';

/**
 * What a client may ask a node's TEE over `tea.node.<node id>.<request>`; each answers with `encodeReply`.
 *
 * - `info`: who the node says it is. Nothing here is trusted before the evidence was appraised. To whom names an operator the TEE's account consents
 *   to be registered by it (`consentMessage`), unless it consented to another before: a TEE serves one operator as long as it runs.
 * - `challenge`: TPM2_ActivateCredential of a credential the verifier made for the node's EK and AK (TPM 2.0 Part 1, 24).
 * - `release`: a content key sealed for one errand; answered once the TEE has opened it and it fits the content's header.
 */
export const nodeInfo = v.strictObject({
  node: bytesOf(32),
  account: bytesOf(32),
  evidenceCid: v.pipe(v.string(), v.maxLength(64)),
  /** sr25519, when the request named an operator */
  consent: v.nullable(bytesOf(64)),
});
export type NodeInfo = v.InferOutput<typeof nodeInfo>;

/** What `info` may be asked with; without an operator the request is empty. */
export const infoRequest = v.strictObject({ operator: bytesOf(32) });

/** Both parts as TPM2_ActivateCredential takes them (Part 3, 12.5), without their outer TPM2B size. */
export const challengeRequest = v.strictObject({ credentialBlob: bytesUpTo(256), encryptedSecret: bytesUpTo(512) });
export type ChallengeRequest = v.InferOutput<typeof challengeRequest>;

export const challengeAnswer = v.strictObject({ secret: bytesUpTo(64) });
export type ChallengeAnswer = v.InferOutput<typeof challengeAnswer>;

export const releaseAnswer = v.strictObject({ digest: bytesOf(32) });
export type ReleaseAnswer = v.InferOutput<typeof releaseAnswer>;
