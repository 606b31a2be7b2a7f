import { concatBytes, sha256 } from '../bytes.ts';
import { TPM_CC } from './constants.ts';
import { encodePcrSelection, type PcrSelection } from './pcr.ts';
import { encodeTpm, UINT32 } from './wire.ts';

const START = new Uint8Array(32);

/** The `authPolicy` (SHA-256) of an object that only a PolicyPCR session over these values may use. Part 3, TPM2_PolicyPCR. */
export function policyPcrDigest(selection: PcrSelection, digest: Uint8Array): Uint8Array {
  return sha256(concatBytes(START, encodeTpm(UINT32, TPM_CC.policyPcr), encodePcrSelection(selection), digest));
}

/** What the release key's approvals are for: the TEE's own state. Part 3, TPM2_PolicyAuthorize: policyRef. */
export const STATE_POLICY_REF = new TextEncoder().encode('tea/state/1');

/** What a release key signs to say that an image with this PolicyPCR digest may open what its other images sealed. */
export function approvalToSign(approvedPolicy: Uint8Array): Uint8Array {
  return concatBytes(approvedPolicy, STATE_POLICY_REF);
}

/** The `authPolicy` of an object whose use another key's signature on a policy allows. Part 3, TPM2_PolicyAuthorize. @param keyName the signer's Name */
export function policyAuthorizeDigest(keyName: Uint8Array, policyRef: Uint8Array): Uint8Array {
  return sha256(sha256(START, encodeTpm(UINT32, TPM_CC.policyAuthorize), keyName), policyRef);
}
