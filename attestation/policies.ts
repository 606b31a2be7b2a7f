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

/**
 * What committees judge by once layer 1 has released software: reference values that are in force there and that this key signed. Every class of TPM may
 * join, each under its own name: which class a secret needs is said by whoever owns it.
 * @param releaseKey P-256 point, 65 bytes; without one no program is accepted
 */
export function releasedPolicy(releaseKey: Uint8Array | undefined): AppraisalPolicy {
  return {
    v: 1,
    name: 'tea/released',
    version: 1,
    acceptedClasses: ['simulated', 'vtpm', 'tpm', 'tpm+memory-encryption'],
    roots: tpmMakers,
    referenceValues: {
      accept: 'signed',
      releaseKeys: releaseKey === undefined ? [] : [{ name: 'the release key', key: releaseKey }],
      minimumIssue: 1,
    },
    revocation: 'ifGiven',
    acceptance: 'onLayer1',
  };
}
