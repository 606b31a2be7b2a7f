import * as v from 'valibot';
import { bytesOf, bytesUpTo, sha256 } from './bytes.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import { TeaError } from './errors.ts';
import { u64 } from './integers.ts';

/**
 * Evidence: what an attester sends and a verifier appraises (RFC 9334). Every attested structure stays in the bytes the TPM
 * returned; nothing here has been verified. The only way to act on evidence is through the facts `appraise` (@tea/attestation) returns.
 */

/** PCRs of the SHA-256 bank that every quote and every sealing policy covers, in this order. */
export const EVIDENCE_PCRS = [0, 1, 2, 3, 4, 5, 6, 7, 9, 12] as const;

export type EvidencePurpose = 'join' | 'errand';

/** What the quote is fresh for and speaks of. `quote.attest.extraData` is `bindingDigest` of it. */
export type EvidenceBinding = {
  readonly domain: 'tea/evidence/1';
  readonly purpose: EvidencePurpose;
  /** genesis hash of the chain, 32 bytes */
  readonly chain: Uint8Array;
  /** the errand for purpose `errand`; null for `join` */
  readonly errand: bigint | null;
  /** 32 bytes chosen by, or not predictable before, the verifier's challenge */
  readonly nonce: Uint8Array;
  /** TPM Name of the sealing key: 0x000b ‖ SHA-256(public area), 34 bytes */
  readonly sealingKeyName: Uint8Array;
  /** P-256 public key that signs receipts, uncompressed SEC 1 point, 65 bytes */
  readonly receiptKey: Uint8Array;
  /** sr25519 account the TEE made for itself, 32 bytes */
  readonly account: Uint8Array;
};

export type PcrValue = { readonly index: number; readonly digest: Uint8Array };

/** A TPM2_Quote as returned: TPMS_ATTEST and TPMT_SIGNATURE, with the values of the quoted PCRs (SHA-256 bank). */
export type QuoteEvidence = { readonly attest: Uint8Array; readonly signature: Uint8Array; readonly pcrs: readonly PcrValue[] };

/** The sealing key's TPMT_PUBLIC with the AK's TPM2_Certify of it. */
export type SealingKeyEvidence = { readonly public: Uint8Array; readonly attest: Uint8Array; readonly signature: Uint8Array };

export type Evidence = {
  readonly v: 1;
  /** DER: the EK certificate, then its CA chain as far as the attester has it */
  readonly ekCertificates: readonly Uint8Array[];
  /** TPMT_PUBLIC of the AK */
  readonly akPublic: Uint8Array;
  readonly sealing: SealingKeyEvidence;
  readonly quote: QuoteEvidence;
  /** canonical event log, see event-log.ts */
  readonly eventLog: Uint8Array;
  readonly binding: EvidenceBinding;
};

export const MAX_EVIDENCE_BYTES = 1 << 20;

export const pcrValueSchema = v.strictObject({ index: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(23)), digest: bytesOf(32) });

export const quoteEvidenceSchema = v.strictObject({
  attest: bytesUpTo(2048),
  signature: bytesUpTo(1024),
  pcrs: v.pipe(v.array(pcrValueSchema), v.maxLength(24)),
});

const bindingSchema = v.pipe(
  v.strictObject({
    domain: v.literal('tea/evidence/1'),
    purpose: v.picklist(['join', 'errand']),
    chain: bytesOf(32),
    errand: v.nullable(u64),
    nonce: bytesOf(32),
    sealingKeyName: bytesOf(34),
    receiptKey: bytesOf(65),
    account: bytesOf(32),
  }),
  v.check(({ purpose, errand }) => (purpose === 'errand') === (errand !== null), 'an errand exactly when the purpose is one'),
);

const evidenceSchema = v.strictObject({
  v: v.literal(1),
  ekCertificates: v.pipe(v.array(bytesUpTo(8192)), v.minLength(1), v.maxLength(8)),
  akPublic: bytesUpTo(1024),
  sealing: v.strictObject({ public: bytesUpTo(1024), attest: bytesUpTo(2048), signature: bytesUpTo(1024) }),
  quote: quoteEvidenceSchema,
  eventLog: bytesUpTo(MAX_EVIDENCE_BYTES),
  binding: bindingSchema,
});

export function encodeBinding(binding: EvidenceBinding): Uint8Array {
  return encodeCbor({ ...binding });
}

/** The qualifying data of the quote: SHA-256 of the deterministic encoding of the binding. */
export function bindingDigest(binding: EvidenceBinding): Uint8Array {
  return sha256(encodeBinding(binding));
}

export function encodeEvidence(evidence: Evidence): Uint8Array {
  const { sealing, quote, binding } = evidence;
  return encodeCbor({
    ...evidence,
    sealing: { ...sealing },
    quote: { ...quote, pcrs: quote.pcrs.map((pcr) => ({ ...pcr })) },
    binding: { ...binding },
  });
}

/** @throws TeaError `badMessage` on anything but the deterministic encoding of evidence within its size limits. */
export function decodeEvidence(bytes: Uint8Array): Evidence {
  if (bytes.length > MAX_EVIDENCE_BYTES) {
    throw new TeaError('badMessage', 'This is not a piece of evidence', {
      expected: `at most ${MAX_EVIDENCE_BYTES} bytes`,
      actual: `${bytes.length} bytes`,
    });
  }
  return decodeCbor(bytes, evidenceSchema, 'piece of evidence');
}

/** How messages name one piece of evidence: SHA-256 of its encoding. */
export function evidenceDigest(encoded: Uint8Array): Uint8Array {
  return sha256(encoded);
}
