import type { AppraisalPolicy } from '@tea/protocol';

/**
 * For secrets that matter: a TPM whose maker's authority is pinned and revoked none of its certificates, and reference values that a named
 * release key signed. It pins no maker and names no key yet, so it accepts nobody: copy it and add those you trust.
 */
export const strictPolicy: AppraisalPolicy = {
  v: 1,
  name: 'tea/strict',
  version: 1,
  acceptedClasses: ['vtpm', 'tpm', 'tpm+memory-encryption'],
  roots: [],
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
