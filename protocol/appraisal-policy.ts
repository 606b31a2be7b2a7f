import * as v from 'valibot';
import { bytesOf, sha256 } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { u32 } from './integers.ts';
import { trustClassSchema, type TrustClass } from './trust-class.ts';

/**
 * An appraisal policy (RFC 9334): what a relying party accepts among evidence that is sound. A declarative document; it can narrow or
 * widen the trust classes and the endorsers, and nothing else: freshness, binding and signatures are not its business.
 */
export type PinnedRoot = { readonly name: string; readonly sha256: Uint8Array; readonly trustClass: Exclude<TrustClass, 'simulated'> };

/** Whose reference values count: also those nobody signed (whoever built the software knows it), or only those of release keys it names. */
export type ReferenceValuesRule =
  | { readonly accept: 'unsigned' }
  | {
      readonly accept: 'signed';
      readonly releaseKeys: readonly ReleaseKey[];
      /** sets with a lower issue are refused, however well signed: they may name software with known holes */
      readonly minimumIssue: number;
    };

/** `key` is a P-256 point, uncompressed SEC 1, 65 bytes. */
export type ReleaseKey = { readonly name: string; readonly key: Uint8Array };

export type AppraisalPolicy = {
  readonly v: 1;
  readonly name: string;
  readonly version: number;
  readonly acceptedClasses: readonly TrustClass[];
  /** EK certificate authorities by the SHA-256 of their DER; a chain that ends in none of them is `simulated` */
  readonly roots: readonly PinnedRoot[];
  readonly referenceValues: ReferenceValuesRule;
  /** whether it must be shown that no certificate of the chain was revoked, or is enough that no list given says so */
  readonly revocation: 'ifGiven' | 'required';
  /** Whether layer 1 must accept the software now, by its reference values or its image. What layer 1 revoked is refused with or without. */
  readonly acceptance?: 'onLayer1';
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
  referenceValues: v.variant('accept', [
    v.strictObject({ accept: v.literal('unsigned') }),
    v.strictObject({
      accept: v.literal('signed'),
      releaseKeys: v.pipe(v.array(v.strictObject({ name: v.pipe(v.string(), v.maxLength(128)), key: bytesOf(65) })), v.maxLength(64)),
      minimumIssue: u32,
    }),
  ]),
  revocation: v.picklist(['ifGiven', 'required']),
  acceptance: v.exactOptional(v.literal('onLayer1')),
});

export function encodePolicy(policy: AppraisalPolicy): Uint8Array {
  const { acceptedClasses, roots, referenceValues } = policy;
  return encodeCbor({
    ...policy,
    acceptedClasses: [...acceptedClasses],
    roots: roots.map((root) => ({ ...root })),
    referenceValues:
      referenceValues.accept === 'unsigned'
        ? { ...referenceValues }
        : { ...referenceValues, releaseKeys: referenceValues.releaseKeys.map((key) => ({ ...key })) },
  });
}

/** @throws TeaError `badMessage` */
export function decodePolicy(bytes: Uint8Array): AppraisalPolicy {
  return decodeCbor(bytes, schema, 'appraisal policy');
}

export function policyDigest(policy: AppraisalPolicy): Uint8Array {
  return sha256(encodePolicy(policy));
}
