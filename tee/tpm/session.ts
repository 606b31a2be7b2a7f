import type { PcrSelection } from '@tea/protocol/tpm';
import { type Authorization, password } from './authorization.ts';
import { PolicyPcr, PolicySecret, StartAuthSession } from './commands/sessions.ts';
import { TPM_RH, type TpmTurn } from './tpm.ts';

const NONE = new Uint8Array(0);
const NONCE_SIZE = 16;

export type PolicySession = Authorization & { readonly handle: number };

/**
 * A policy session for one authorization: neither salted nor bound, so it has no key and its HMACs are empty (Part 1, 19.6.8). What it
 * proves is the policy alone. The TPM ends it with the command it authorizes; the turn does when that never comes.
 */
export async function startPolicySession(turn: TpmTurn): Promise<PolicySession> {
  const nonceCaller = crypto.getRandomValues(new Uint8Array(NONCE_SIZE));
  const { sessionHandle } = await turn.run(
    StartAuthSession,
    { tpmKey: TPM_RH.null, bind: TPM_RH.null },
    { nonceCaller, encryptedSalt: NONE, sessionType: 'policy', symmetric: { algorithm: 'null' }, authHash: 'sha256' },
  );
  const ended = turn.flushAfter(sessionHandle);
  return {
    handle: sessionHandle,
    authorize: () => ({ session: sessionHandle, nonce: NONE, attributes: 0, hmac: NONE }),
    accept: ended,
  };
}

/** The session holds for the PCR values of this moment; the TPM compares the policy with the key's when the key is used. */
export async function pcrPolicySession(turn: TpmTurn, pcrs: PcrSelection): Promise<PolicySession> {
  const session = await startPolicySession(turn);
  await turn.run(PolicyPcr, { policySession: session.handle }, { pcrDigest: NONE, pcrs });
  return session;
}

/** What the EK's policy asks for: knowledge of the endorsement hierarchy's authorization. TCG EK Credential Profile, B.3.3. */
export async function endorsementPolicySession(turn: TpmTurn): Promise<PolicySession> {
  const session = await startPolicySession(turn);
  await turn.run(
    PolicySecret,
    { authHandle: TPM_RH.endorsement, policySession: session.handle },
    { nonceTpm: NONE, cpHashA: NONE, policyRef: NONE, expiration: 0 },
    [password()],
  );
  return session;
}
