import * as v from 'valibot';
import { bytesOf } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { safeUint, u32 } from './integers.ts';
import { trustClassSchema, type TrustClass } from './trust-class.ts';

/**
 * An attestation result (RFC 9334), in the words of EAR: a verdict with every claim it rests on. It is one verifier's judgement at one
 * moment; whoever doesn't trust that verifier appraises the evidence again.
 */
export type Verdict = 'affirming' | 'warning' | 'contraindicated' | 'none';

export type Claim = {
  /** stable, e.g. `quote.freshness` */
  readonly id: string;
  /** for people: what must be true */
  readonly title: string;
  /** null when it can't be told; whoever does not look closer takes that for no */
  readonly ok: boolean | null;
  readonly expected: string;
  readonly actual: string;
  /** what to do about it; empty when `ok` */
  readonly next: string;
  /** where the expectation comes from: a clause, the reference values, the policy, the caller */
  readonly source: string;
};

export type AttestationResult = {
  readonly v: 1;
  readonly verdict: Verdict;
  readonly trustClass: TrustClass;
  readonly claims: readonly Claim[];
  /** digest of the evidence, 32 bytes */
  readonly evidence: Uint8Array;
  readonly policy: { readonly name: string; readonly version: number; readonly digest: Uint8Array };
  readonly referenceValues: { readonly name: string; readonly version: string; readonly digest: Uint8Array };
  /** when it was judged, milliseconds since 1970 */
  readonly appraisedAtMs: number;
};

const text = (maxLength: number) => v.pipe(v.string(), v.maxLength(maxLength));

/** One claim as it stands in messages and in proof files. */
export const claimSchema = v.strictObject({
  id: text(64),
  title: text(256),
  ok: v.nullable(v.boolean()),
  expected: text(4096),
  actual: text(4096),
  next: text(1024),
  source: text(256),
});

const schema = v.strictObject({
  v: v.literal(1),
  verdict: v.picklist(['affirming', 'warning', 'contraindicated', 'none']),
  trustClass: trustClassSchema,
  claims: v.pipe(v.array(claimSchema), v.maxLength(256)),
  evidence: bytesOf(32),
  policy: v.strictObject({ name: text(128), version: u32, digest: bytesOf(32) }),
  referenceValues: v.strictObject({ name: text(128), version: text(64), digest: bytesOf(32) }),
  appraisedAtMs: safeUint,
});

/** What a committee member publishes as the reasons of its vote; the vote holds SHA-256 of these bytes. */
export function encodeAttestationResult(result: AttestationResult): Uint8Array {
  const { claims, policy, referenceValues } = result;
  return encodeCbor({
    ...result,
    claims: claims.map((claim) => ({ ...claim })),
    policy: { ...policy },
    referenceValues: { ...referenceValues },
  });
}

/** @throws TeaError `badMessage` on anything but the deterministic encoding of a result */
export function decodeAttestationResult(bytes: Uint8Array): AttestationResult {
  return decodeCbor(bytes, schema, 'attestation result');
}
