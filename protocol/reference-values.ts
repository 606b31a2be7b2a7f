import * as v from 'valibot';
import { bytesOf, sha256 } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { decodeSigned, encodeSigned, isSigned, signAs, signedKind } from './cose.ts';
import { safeUint, u32 } from './integers.ts';

/**
 * Reference values (RFC 9334): what the software a verifier agrees to may measure as. They are the exact sequence
 * of events that a launcher (process mode) or firmware (machine) must have extended, each with the digests allowed there; every other PCR stays zero.
 */
export type ReferenceEvent = {
  readonly pcr: number;
  readonly contentType: string;
  /** a name for people, e.g. `TEE bundle` */
  readonly name: string;
  /** event digests (see `eventDigest`) allowed here, with the version each stands for */
  readonly allowed: readonly { readonly digest: Uint8Array; readonly version: string }[];
};

/**
 * Who vouches for reference values: nobody but whoever built this copy of the software, or the holder of a key. `signed` is a claim like the
 * rest until `appraise` verified it: the signature covers everything but itself.
 */
export type Provenance = { readonly kind: 'unsigned'; readonly note: string } | SignedProvenance;

export type SignedProvenance = {
  readonly kind: 'signed';
  /** what the signer calls itself; a policy knows keys by its own names */
  readonly signer: string;
  /** P-256 point, uncompressed SEC 1, 65 bytes */
  readonly key: Uint8Array;
  /** counts up with each set signed under this name: whoever accepted one refuses all below */
  readonly issue: number;
  readonly issuedAtMs: number;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** ES256, r ‖ s, 64 bytes */
  readonly signature: Uint8Array;
};

export type ReferenceValues = {
  readonly v: 1;
  readonly name: string;
  readonly version: string;
  /** `process`: a launcher measured the program. `machine`: firmware measured the image that a whole machine runs. */
  readonly mode: 'process' | 'machine';
  readonly events: readonly ReferenceEvent[];
  readonly provenance: Provenance;
};

const mode = v.picklist(['process', 'machine']);
const text = (maxLength: number) => v.pipe(v.string(), v.minLength(1), v.maxLength(maxLength));

const pcr = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(23));
const allowed = v.pipe(v.array(v.strictObject({ digest: bytesOf(32), version: text(64) })), v.minLength(1), v.maxLength(64));
const MAX_EVENTS_EXPECTED = 256;

const unsignedSchema = v.strictObject({
  v: v.literal(1),
  name: text(128),
  version: text(64),
  mode,
  events: v.pipe(v.array(v.strictObject({ pcr, contentType: text(64), name: text(128), allowed })), v.minLength(1), v.maxLength(MAX_EVENTS_EXPECTED)),
  provenance: v.strictObject({ kind: v.literal('unsigned'), note: text(256) }),
});

/**
 * The signed statement, modelled on a CoRIM (draft-ietf-rats-corim): who says so, since when and until when, and reference triples, each of
 * an environment and the measurements it may show.
 */
const statementSchema = v.strictObject({
  v: v.literal(1),
  domain: v.literal('tea/reference-values/1'),
  id: text(128),
  version: text(64),
  issue: u32,
  issuedAtMs: safeUint,
  validity: v.pipe(
    v.strictObject({ notBeforeMs: safeUint, notAfterMs: safeUint }),
    v.check(({ notBeforeMs, notAfterMs }) => notBeforeMs <= notAfterMs, 'a period that ends after it begins'),
  ),
  signer: v.strictObject({ name: text(128), key: bytesOf(65) }),
  triples: v.pipe(
    v.array(v.strictTuple([v.strictObject({ mode, place: u32, pcr, contentType: text(64), name: text(128) }), allowed])),
    v.minLength(1),
    v.maxLength(MAX_EVENTS_EXPECTED),
    v.check(
      (triples) => triples.every(([{ place, mode }], index) => place === index && mode === triples[0]?.[0].mode),
      'triples of one mode in the order of their places',
    ),
  ),
});

/** COSE_Sign1 with this content type; receipts have none, so neither can be passed off as the other. */
export const SIGNED_REFERENCE_VALUES = signedKind('set of reference values', 'application/vnd.tea.reference-values+cbor');

/** Unsigned values are a CBOR map; signed ones are the COSE_Sign1 as it was signed, byte for byte. */
export function encodeReferenceValues(values: ReferenceValues): Uint8Array {
  const { provenance } = values;
  if (provenance.kind === 'signed') return encodeSigned(SIGNED_REFERENCE_VALUES, referenceValuesStatement(values, provenance), provenance.signature);
  return encodeCbor({
    ...values,
    events: values.events.map((event) => ({ ...event, allowed: event.allowed.map((item) => ({ ...item })) })),
    provenance: { ...provenance },
  });
}

/** Decodes either form; no signature has been verified. @throws TeaError `badMessage` */
export function decodeReferenceValues(bytes: Uint8Array): ReferenceValues {
  if (!isSigned(bytes)) return decodeCbor(bytes, unsignedSchema, 'set of reference values');
  const { payload, signature } = decodeSigned(SIGNED_REFERENCE_VALUES, bytes);
  const { id, version, issue, issuedAtMs, validity, signer, triples } = decodeCbor(payload, statementSchema, 'statement of reference values');
  return {
    v: 1,
    name: id,
    version,
    mode: triples[0]?.[0].mode ?? 'process',
    events: triples.map(([{ pcr: index, contentType, name }, measurements]) => ({ pcr: index, contentType, name, allowed: measurements })),
    provenance: { kind: 'signed', signer: signer.name, key: signer.key, issue, issuedAtMs, ...validity, signature },
  };
}

/** A verifier compares all it sees with the same few sets, so digests are kept as long as the set is; a set must not change. */
const digests = new WeakMap<ReferenceValues, Uint8Array>();

export function referenceValuesDigest(values: ReferenceValues): Uint8Array {
  const kept = digests.get(values) ?? sha256(encodeReferenceValues(values));
  digests.set(values, kept);
  return kept.slice();
}

/** What is signed: the payload of the COSE_Sign1. */
export function referenceValuesStatement(
  { name, version, mode, events }: Omit<ReferenceValues, 'provenance'>,
  { signer, key, issue, issuedAtMs, notBeforeMs, notAfterMs }: Omit<SignedProvenance, 'signature' | 'kind'>,
): Uint8Array {
  return encodeCbor({
    v: 1,
    domain: 'tea/reference-values/1',
    id: name,
    version,
    issue,
    issuedAtMs,
    validity: { notBeforeMs, notAfterMs },
    signer: { name: signer, key },
    triples: events.map((event, place) => [
      { mode, place, pcr: event.pcr, contentType: event.contentType, name: event.name },
      event.allowed.map((item) => ({ ...item })),
    ]),
  });
}

/**
 * Signs reference values with a release key, whoever vouched for them before.
 * @param statement.issue must be higher than that of every set signed under this name before
 */
export async function signReferenceValues(
  values: ReferenceValues,
  releaseKey: CryptoKeyPair,
  statement: Omit<SignedProvenance, 'kind' | 'key' | 'signature'>,
): Promise<ReferenceValues> {
  const key = new Uint8Array(await crypto.subtle.exportKey('raw', releaseKey.publicKey));
  const signature = await signAs(SIGNED_REFERENCE_VALUES, referenceValuesStatement(values, { ...statement, key }), releaseKey.privateKey);
  return { ...values, provenance: { kind: 'signed', ...statement, key, signature } };
}
