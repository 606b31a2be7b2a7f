import * as v from 'valibot';

/**
 * What kind of root a node's evidence ends in, from weakest to strongest. Part of every result, receipt and proof.
 * `simulated` proves nothing against the owner of the machine; only `tpm+memory-encryption` keeps memory from them.
 */
export const TRUST_CLASSES = ['simulated', 'vtpm', 'tpm', 'tpm+memory-encryption'] as const;
export type TrustClass = (typeof TRUST_CLASSES)[number];

export const trustClassSchema = v.picklist(TRUST_CLASSES);
