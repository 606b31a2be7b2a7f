import { equalBytes, sha256, TeaError, type ImageApproval } from '@tea/protocol';
import { approvalToSign, encodeSignature, nameOf, policyAuthorizeDigest, STATE_POLICY_REF } from '@tea/protocol/tpm';
import { VerifySignature } from './commands/cryptography.ts';
import { FlushContext } from './commands/general.ts';
import { LoadExternal } from './commands/objects.ts';
import { PolicyAuthorize, PolicyGetDigest } from './commands/sessions.ts';
import { releaseKey } from './key-templates.ts';
import { pcrPolicySession, type PolicySession } from './session.ts';
import { sha256Pcrs } from './pcrs.ts';
import { TPM_RH, type TpmTurn } from './tpm.ts';

/** Who decides which images are the same software: the key is part of the measured image, the approvals may come from anywhere. */
export type ReleaseAuthority = {
  /** P-256, uncompressed SEC 1 point. */
  readonly publicPoint: Uint8Array;
  readonly approvals: readonly ImageApproval[];
};

/** The `authPolicy` of what every image that this key approves may use. */
export function releasePolicy(publicPoint: Uint8Array): Uint8Array {
  return policyAuthorizeDigest(nameOf(releaseKey(publicPoint)), STATE_POLICY_REF);
}

/**
 * Satisfies `releasePolicy`, if the PCRs of this moment are those of an approved image.
 * @throws TeaError `refused` when no approval is for this image; `tpm` (TPM_RC_SIGNATURE) when another key signed it
 */
export async function releasePolicySession(turn: TpmTurn, pcrs: readonly number[], authority: ReleaseAuthority): Promise<PolicySession> {
  const session = await pcrPolicySession(turn, sha256Pcrs(pcrs));
  const policySession = session.handle;
  const { policyDigest } = await turn.run(PolicyGetDigest, { policySession }, {});
  const approval = authority.approvals.find(({ policy }) => equalBytes(policy, policyDigest));
  if (!approval) {
    throw new TeaError('refused', 'The release key has not approved this image', {
      expected: `an approval of PCR policy ${policyDigest.toHex()}`,
      actual: authority.approvals.map(({ policy }) => policy.toHex()).join(', ') || 'none',
      next: 'install the approvals that come with this release, or start the image that they are for',
    });
  }
  const inPublic = releaseKey(authority.publicPoint);
  // Under a hierarchy, because the null hierarchy's tickets prove nothing (Part 3, TPM2_VerifySignature).
  const external = { inPrivate: new Uint8Array(0), inPublic, hierarchy: TPM_RH.owner };
  const { objectHandle } = await turn.run(LoadExternal, {}, external);
  const loaded = turn.flushAfter(objectHandle);
  const signature = encodeSignature({ scheme: 'ecdsa', hash: 'sha256', r: approval.signature.slice(0, 32), s: approval.signature.slice(32) });
  const digest = sha256(approvalToSign(policyDigest));
  const { validation } = await turn.run(VerifySignature, { keyHandle: objectHandle }, { digest, signature });
  await turn.run(FlushContext, {}, { flushHandle: objectHandle });
  loaded();
  const parameters = { approvedPolicy: policyDigest, policyRef: STATE_POLICY_REF, keySign: nameOf(inPublic), checkTicket: validation };
  await turn.run(PolicyAuthorize, { policySession }, parameters);
  return session;
}
