import * as v from 'valibot';
import { bytesOf, bytesUpTo } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { TeaError } from './errors.ts';
import { replay } from './event-log.ts';
import { EVIDENCE_PCRS } from './evidence.ts';
import { u32 } from './integers.ts';
import type { ReferenceValues } from './reference-values.ts';
import { approvalToSign, pcrDigest, policyPcrDigest } from './tpm/index.ts';

/** The release key's word that an image may open the state of those it approved before; a TPM takes it as it is (Part 3, TPM2_PolicyAuthorize). */
export type ImageApproval = {
  /** `imagePolicy` of the image, 32 bytes */
  readonly policy: Uint8Array;
  /** ECDSA with SHA-256 over `approvalToSign(policy)`, r ‖ s, 64 bytes */
  readonly signature: Uint8Array;
};

/** What a TEE image is built with, and what its starter hands to it. Only the approvals need no measuring: the TPM judges them. */
export type ImageRelease = {
  /** Measured with the image: the P-256 point of the key that approves it and its successors, uncompressed SEC 1, 65 bytes. */
  readonly key: Uint8Array;
  /** Measured too. Counts up: a state that an image used is refused to those with a lower one. */
  readonly issue: number;
  /** One for each machine type that the image is built for. */
  readonly approvals: readonly ImageApproval[];
  /** COSE_Sign1 by the same key: what the image's system actors may ask for (`actor-manifest.ts`). Without one, an actor does not run. */
  readonly actors?: readonly Uint8Array[];
};

/** The two that are part of the image. */
export type ImageReleaseIdentity = Pick<ImageRelease, 'key' | 'issue'>;

const schema = v.strictObject({
  v: v.literal(1),
  key: bytesOf(65),
  issue: v.pipe(u32, v.minValue(1)),
  approvals: v.pipe(v.array(v.strictObject({ policy: bytesOf(32), signature: bytesOf(64) })), v.maxLength(64)),
  actors: v.optional(v.pipe(v.array(bytesUpTo(4096)), v.minLength(1), v.maxLength(64))),
});

export function encodeImageRelease({ key, issue, approvals, actors = [] }: ImageRelease): Uint8Array {
  return encodeCbor({ v: 1, key, issue, approvals: approvals.map((approval) => ({ ...approval })), ...(actors.length > 0 && { actors }) });
}

/** No signature has been verified: the TPM does that. @throws TeaError `badMessage` */
export function decodeImageRelease(bytes: Uint8Array): ImageRelease {
  const { key, issue, approvals, actors = [] } = decodeCbor(bytes, schema, 'image release');
  return { key, issue, approvals, actors };
}

/**
 * PolicyPCR digest over `EVIDENCE_PCRS` of the one image that these reference values are of, computed without a TPM.
 * @throws TeaError `badInput` when they allow several images: each needs an approval of its own
 */
export function imagePolicy({ events }: Pick<ReferenceValues, 'events'>): Uint8Array {
  const measured = events.map(({ pcr, name, allowed: [only, ...others] }) => {
    if (only === undefined || others.length > 0) {
      throw new TeaError('badInput', 'These reference values are of several images', {
        expected: `one digest for ${name}`,
        actual: `${others.length + (only === undefined ? 0 : 1)}`,
        next: 'approve each image by its own reference values',
      });
    }
    return { pcr, digest: only.digest };
  });
  const values = replay(measured);
  const digests = EVIDENCE_PCRS.map((index) => values.get(index) ?? new Uint8Array(32));
  return policyPcrDigest([{ hash: 'sha256', pcrs: EVIDENCE_PCRS }], pcrDigest(digests));
}

/** @param releaseKey P-256 ECDSA key with usage `sign` */
export async function approveImage(policy: Uint8Array, releaseKey: CryptoKey): Promise<ImageApproval> {
  const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, releaseKey, new Uint8Array(approvalToSign(policy)));
  return { policy, signature: new Uint8Array(signature) };
}
