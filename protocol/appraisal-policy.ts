import * as v from 'valibot';
import { bytesOf, sha256 } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { trustClassSchema, type TrustClass } from './trust-class.ts';

/**
 * An appraisal policy (RFC 9334): what a relying party accepts among evidence that is sound. A declarative document; it can narrow or
 * widen the trust classes and the endorsers, and nothing else: freshness, binding and signatures are not its business.
 */
export type PinnedRoot = { readonly name: string; readonly sha256: Uint8Array; readonly trustClass: Exclude<TrustClass, 'simulated'> };

export type AppraisalPolicy = {
  readonly v: 1;
  readonly name: string;
  readonly version: number;
  readonly acceptedClasses: readonly TrustClass[];
  /** EK certificate authorities by the SHA-256 of their DER; a chain that ends in none of them is `simulated` */
  readonly roots: readonly PinnedRoot[];
  /** whether reference values that nobody signed are good enough */
  readonly acceptUnsignedReferenceValues: boolean;
};

const schema = v.strictObject({
  v: v.literal(1),
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  version: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(0xffff_ffff)),
  acceptedClasses: v.pipe(v.array(trustClassSchema), v.maxLength(4)),
  roots: v.pipe(
    v.array(
      v.strictObject({
        name: v.pipe(v.string(), v.maxLength(128)),
        sha256: bytesOf(32),
        trustClass: v.picklist(['vtpm', 'tpm', 'tpm+memory-encryption']),
      }),
    ),
    v.maxLength(256),
  ),
  acceptUnsignedReferenceValues: v.boolean(),
});

export function encodePolicy(policy: AppraisalPolicy): Uint8Array {
  return encodeCbor({ ...policy, acceptedClasses: [...policy.acceptedClasses], roots: policy.roots.map((root) => ({ ...root })) });
}

/** @throws TeaError `badMessage` */
export function decodePolicy(bytes: Uint8Array): AppraisalPolicy {
  return decodeCbor(bytes, schema, 'appraisal policy');
}

export function policyDigest(policy: AppraisalPolicy): Uint8Array {
  return sha256(encodePolicy(policy));
}
