import type { AppraisalPolicy } from '@tea/protocol';

/** For secrets that matter: a TPM whose maker's authority is pinned, and reference values somebody signed. */
export const strictPolicy: AppraisalPolicy = {
  v: 1,
  name: 'tea/strict',
  version: 1,
  acceptedClasses: ['vtpm', 'tpm', 'tpm+memory-encryption'],
  roots: [],
  acceptUnsignedReferenceValues: false,
};

/** For trying TEA on one's own machine: also accepts a simulated TPM and this copy's own reference values. Protects nothing from its owner. */
export const laptopPolicy: AppraisalPolicy = {
  v: 1,
  name: 'tea/laptop',
  version: 1,
  acceptedClasses: ['simulated', 'vtpm', 'tpm', 'tpm+memory-encryption'],
  roots: [],
  acceptUnsignedReferenceValues: true,
};
