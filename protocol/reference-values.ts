import * as v from 'valibot';
import { bytesOf, sha256 } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';

/**
 * Reference values (RFC 9334): what the software a verifier agrees to may measure as. In process mode they are the exact
 * sequence of events a launcher must have extended, each with the digests allowed at that place; every other PCR stays zero.
 */
export type ReferenceEvent = {
  readonly pcr: number;
  readonly contentType: string;
  /** a name for people, e.g. `TEE bundle` */
  readonly name: string;
  /** event digests (see `eventDigest`) allowed here, with the version each stands for */
  readonly allowed: readonly { readonly digest: Uint8Array; readonly version: string }[];
};

export type ReferenceValues = {
  readonly v: 1;
  readonly name: string;
  readonly version: string;
  readonly mode: 'process';
  readonly events: readonly ReferenceEvent[];
  /** who vouches for these values; `unsigned` means whoever built this copy of the software */
  readonly provenance: { readonly kind: 'unsigned'; readonly note: string };
};

const text = (maxLength: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(maxLength));

const schema = v.strictObject({
  v: v.literal(1),
  name: text(128),
  version: text(64),
  mode: v.literal('process'),
  events: v.pipe(
    v.array(
      v.strictObject({
        pcr: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(23)),
        contentType: text(64),
        name: text(128),
        allowed: v.pipe(v.array(v.strictObject({ digest: bytesOf(32), version: text(64) })), v.minLength(1), v.maxLength(64)),
      }),
    ),
    v.minLength(1),
    v.maxLength(256),
  ),
  provenance: v.strictObject({ kind: v.literal('unsigned'), note: text(256) }),
});

export function encodeReferenceValues(values: ReferenceValues): Uint8Array {
  return encodeCbor({
    ...values,
    events: values.events.map((event) => ({ ...event, allowed: event.allowed.map((item) => ({ ...item })) })),
    provenance: { ...values.provenance },
  });
}

/** @throws TeaError `badMessage` */
export function decodeReferenceValues(bytes: Uint8Array): ReferenceValues {
  return decodeCbor(bytes, schema, 'set of reference values');
}

export function referenceValuesDigest(values: ReferenceValues): Uint8Array {
  return sha256(encodeReferenceValues(values));
}
