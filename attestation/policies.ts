import type { AppraisalPolicy } from '@tea/protocol';
import { tpmMakers } from './tpm-makers.ts';

/**
 * For secrets that matter: a TPM of a known maker that revoked none of its certificates, and reference values that a named release key signed. TEA
 * has published no release key yet, so it accepts no program: copy it and add the keys you trust.
 */
export const strictPolicy: AppraisalPolicy = {
  v: 1,
  name: 'tea/strict',
  version: 2,
  acceptedClasses: ['vtpm', 'tpm', 'tpm+memory-encryption'],
  roots: tpmMakers,
  referenceValues: { accept: 'signed', releaseKeys: [], minimumIssue: 1 },
  revocation: 'required',
};

/** For trying TEA on one's own machine: also accepts a simulated TPM and this copy's own reference values. Protects nothing from its owner. */
export const laptopPolicy: AppraisalPolicy = {
  v: 1,
  name: 'tea/laptop',
  version: 1,
  acceptedClasses: ['simulated', 'vtpm', 'tpm', 'tpm+memory-encryption'],
  roots: [],
  referenceValues: { accept: 'unsigned' },
  revocation: 'ifGiven',
};
