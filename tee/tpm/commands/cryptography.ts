import { REST, TPM2B_DATA, TPM2B_DIGEST, TPM2B_PUBLIC_KEY_RSA, TPM_CC } from '@tea/protocol/tpm';
import { command } from './command.ts';
import { TPM2B_ECC_POINT, TPMT_TK, TPMT_SIG_SCHEME, TPMT_RSA_DECRYPT } from './types.ts';

/** Part 3, 14 and 20: what keys do. */

/** `label` ends with a zero byte, which is part of what OAEP hashes. */
export const RsaEncrypt = command('TPM2_RSA_Encrypt', TPM_CC.rsaEncrypt, {
  handles: ['keyHandle'],
  parameters: { message: TPM2B_PUBLIC_KEY_RSA, inScheme: TPMT_RSA_DECRYPT, label: TPM2B_DATA },
  response: { outData: TPM2B_PUBLIC_KEY_RSA },
});

export const RsaDecrypt = command('TPM2_RSA_Decrypt', TPM_CC.rsaDecrypt, {
  handles: ['@keyHandle'],
  parameters: { cipherText: TPM2B_PUBLIC_KEY_RSA, inScheme: TPMT_RSA_DECRYPT, label: TPM2B_DATA },
  response: { message: TPM2B_PUBLIC_KEY_RSA },
});

export const EcdhKeyGen = command('TPM2_ECDH_KeyGen', TPM_CC.ecdhKeyGen, {
  handles: ['keyHandle'],
  parameters: {},
  response: { zPoint: TPM2B_ECC_POINT, pubPoint: TPM2B_ECC_POINT },
});

export const EcdhZGen = command('TPM2_ECDH_ZGen', TPM_CC.ecdhZGen, {
  handles: ['@keyHandle'],
  parameters: { inPoint: TPM2B_ECC_POINT },
  response: { outPoint: TPM2B_ECC_POINT },
});

/** `validation` says that the TPM made the digest itself: a restricted key signs no other. */
export const Sign = command('TPM2_Sign', TPM_CC.sign, {
  handles: ['@keyHandle'],
  parameters: { digest: TPM2B_DIGEST, inScheme: TPMT_SIG_SCHEME, validation: TPMT_TK },
  response: { signature: REST },
});

export const VerifySignature = command('TPM2_VerifySignature', TPM_CC.verifySignature, {
  handles: ['keyHandle'],
  parameters: { digest: TPM2B_DIGEST, signature: REST },
  response: { validation: TPMT_TK },
});
