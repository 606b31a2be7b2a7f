import { REST, TPM2B_DATA, TPM2B_DIGEST, TPM_CC, TPML_PCR_SELECTION, UINT32, list } from '@tea/protocol/tpm';
import { command } from './command.ts';
import { TPM2B_ATTEST, TPM2B_MAX_BUFFER, TPMT_TK, TPMT_SIG_SCHEME, TPML_DIGEST_VALUES } from './types.ts';

/** Part 3, 18 and 22: PCRs, and what the TPM signs about itself. */

export const PcrRead = command('TPM2_PCR_Read', TPM_CC.pcrRead, {
  handles: [],
  parameters: { pcrSelectionIn: TPML_PCR_SELECTION },
  response: { pcrUpdateCounter: UINT32, pcrSelectionOut: TPML_PCR_SELECTION, pcrValues: list('TPML_DIGEST', TPM2B_DIGEST, 8) },
});

export const PcrExtend = command('TPM2_PCR_Extend', TPM_CC.pcrExtend, {
  handles: ['@pcrHandle'],
  parameters: { digests: TPML_DIGEST_VALUES },
  response: {},
});

/** Hashes the data itself, with the algorithm of every bank. */
export const PcrEvent = command('TPM2_PCR_Event', TPM_CC.pcrEvent, {
  handles: ['@pcrHandle'],
  parameters: { eventData: TPM2B_MAX_BUFFER },
  response: { digests: TPML_DIGEST_VALUES },
});

export const PcrReset = command('TPM2_PCR_Reset', TPM_CC.pcrReset, { handles: ['@pcrHandle'], parameters: {}, response: {} });

/** `signature` is a TPMT_SIGNATURE as the TPM made it, here and in Certify. */
export const Quote = command('TPM2_Quote', TPM_CC.quote, {
  handles: ['@signHandle'],
  parameters: { qualifyingData: TPM2B_DATA, inScheme: TPMT_SIG_SCHEME, pcrSelect: TPML_PCR_SELECTION },
  response: { quoted: TPM2B_ATTEST, signature: REST },
});

export const Certify = command('TPM2_Certify', TPM_CC.certify, {
  handles: ['@objectHandle', '@signHandle'],
  parameters: { qualifyingData: TPM2B_DATA, inScheme: TPMT_SIG_SCHEME },
  response: { certifyInfo: TPM2B_ATTEST, signature: REST },
});

export const CertifyCreation = command('TPM2_CertifyCreation', TPM_CC.certifyCreation, {
  handles: ['@signHandle', 'objectHandle'],
  parameters: { qualifyingData: TPM2B_DATA, creationHash: TPM2B_DIGEST, inScheme: TPMT_SIG_SCHEME, creationTicket: TPMT_TK },
  response: { certifyInfo: TPM2B_ATTEST, signature: REST },
});
