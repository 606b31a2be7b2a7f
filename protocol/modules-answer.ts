import * as v from 'valibot';
import { bytesOf, bytesUpTo, sha256 } from './bytes.ts';
import { encodeCbor } from './cbor.ts';
import { EVIDENCE_PCRS, type QuoteEvidence, quoteEvidenceSchema } from './evidence.ts';

/**
 * What a TEE loaded since its TPM began: system actors and guests, each measured before it ran. In a PCR of its own, because the image's PCRs seal keys and
 * must not move; quoted together with them, because only the image's word makes this log complete.
 */
export const MODULE_PCR = 13;
export const MODULE_QUOTE_PCRS: readonly number[] = [...EVIDENCE_PCRS, MODULE_PCR];

export const modulesRequest = v.strictObject({ nonce: bytesOf(32) });
/** `log` is `encodeEventLog` of the records that explain `MODULE_PCR`. */
export const modulesAnswer = v.strictObject({ log: bytesUpTo(1 << 21), quote: quoteEvidenceSchema });
export type ModulesAnswer = { readonly log: Uint8Array; readonly quote: QuoteEvidence };

/** What the quote is fresh for. */
export function modulesDigest(chain: Uint8Array, node: Uint8Array, nonce: Uint8Array): Uint8Array {
  return sha256(encodeCbor({ domain: 'tea/modules/1', chain, node, nonce }));
}
