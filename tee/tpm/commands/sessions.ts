import { algorithm, named, REST, TPM2B_DIGEST, TPM2B_NAME, TPM_CC, TPML_PCR_SELECTION, TPMT_SYM_DEF_OBJECT, UINT32, UINT8 } from '@tea/protocol/tpm';
import { command } from './command.ts';
import { TPM2B_ENCRYPTED_SECRET, TPM2B_NONCE, TPMT_TK } from './types.ts';

/** Part 3, 11 and 23: sessions and what policies are made of. */

export const StartAuthSession = command('TPM2_StartAuthSession', TPM_CC.startAuthSession, {
  handles: ['tpmKey', 'bind'],
  parameters: {
    nonceCaller: TPM2B_NONCE,
    encryptedSalt: TPM2B_ENCRYPTED_SECRET,
    sessionType: named('TPM_SE', UINT8, { hmac: 0, policy: 1, trial: 3 }),
    symmetric: TPMT_SYM_DEF_OBJECT,
    authHash: algorithm,
  },
  returns: 'sessionHandle',
  response: { nonceTpm: TPM2B_NONCE },
});

export const PolicyPcr = command('TPM2_PolicyPCR', TPM_CC.policyPcr, {
  handles: ['policySession'],
  parameters: { pcrDigest: TPM2B_DIGEST, pcrs: TPML_PCR_SELECTION },
  response: {},
});

export const PolicySecret = command('TPM2_PolicySecret', TPM_CC.policySecret, {
  handles: ['@authHandle', 'policySession'],
  parameters: { nonceTpm: TPM2B_NONCE, cpHashA: TPM2B_DIGEST, policyRef: TPM2B_NONCE, expiration: UINT32 },
  response: { timeout: TPM2B_DIGEST, policyTicket: TPMT_TK },
});

export const PolicySigned = command('TPM2_PolicySigned', TPM_CC.policySigned, {
  handles: ['authObject', 'policySession'],
  parameters: { nonceTpm: TPM2B_NONCE, cpHashA: TPM2B_DIGEST, policyRef: TPM2B_NONCE, expiration: UINT32, auth: REST },
  response: { timeout: TPM2B_DIGEST, policyTicket: TPMT_TK },
});

/** Replaces the session's policy by that of the key whose signature `checkTicket` proves. */
export const PolicyAuthorize = command('TPM2_PolicyAuthorize', TPM_CC.policyAuthorize, {
  handles: ['policySession'],
  parameters: { approvedPolicy: TPM2B_DIGEST, policyRef: TPM2B_NONCE, keySign: TPM2B_NAME, checkTicket: TPMT_TK },
  response: {},
});

export const PolicyCommandCode = command('TPM2_PolicyCommandCode', TPM_CC.policyCommandCode, {
  handles: ['policySession'],
  parameters: { code: UINT32 },
  response: {},
});

export const PolicyGetDigest = command('TPM2_PolicyGetDigest', TPM_CC.policyGetDigest, {
  handles: ['policySession'],
  parameters: {},
  response: { policyDigest: TPM2B_DIGEST },
});
