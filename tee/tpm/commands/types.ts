import {
  algorithm,
  fixed,
  hashAlgorithm,
  list,
  named,
  sized,
  struct,
  tagged,
  TPM2B_DIGEST,
  tpm2b,
  TPMS_ECC_POINT,
  TPMS_EMPTY,
  TPMT_RSA_SCHEME,
  UINT16,
  UINT32,
} from '@tea/protocol/tpm';

// Part 2's types that only commands use. Attested structures and public areas stay bytes: what a TPM returned is never encoded again.
export const TPM2B_PUBLIC = tpm2b('TPM2B_PUBLIC', 1024);
export const TPM2B_PRIVATE = tpm2b('TPM2B_PRIVATE', 2048);
export const TPM2B_ATTEST = tpm2b('TPM2B_ATTEST', 2048);
export const TPM2B_CREATION_DATA = tpm2b('TPM2B_CREATION_DATA', 1024);
export const TPM2B_ID_OBJECT = tpm2b('TPM2B_ID_OBJECT', 132);
export const TPM2B_ENCRYPTED_SECRET = tpm2b('TPM2B_ENCRYPTED_SECRET', 512);
export const TPM2B_SENSITIVE = tpm2b('TPM2B_SENSITIVE', 2048);
export const TPM2B_SENSITIVE_DATA = tpm2b('TPM2B_SENSITIVE_DATA', 256);
export const TPM2B_MAX_BUFFER = tpm2b('TPM2B_MAX_BUFFER', 1024);
export const TPM2B_MAX_NV_BUFFER = tpm2b('TPM2B_MAX_NV_BUFFER', 2048);
export const TPM2B_NONCE = TPM2B_DIGEST;
export const TPM2B_ECC_POINT = sized('TPM2B_ECC_POINT', TPMS_ECC_POINT);
export const TPM2B_SENSITIVE_CREATE = sized('TPM2B_SENSITIVE_CREATE', struct({ userAuth: TPM2B_DIGEST, data: TPM2B_SENSITIVE_DATA }));

/** Part 2, 10.7: a TPM's own note of what it checked or made, which only the same TPM takes back. */
export const TPMT_TK = struct({ tag: UINT16, hierarchy: UINT32, digest: TPM2B_DIGEST });
export const TPM_ST_HASHCHECK = 0x8024;

const withHash = struct({ hash: hashAlgorithm });
/** Part 2, 11.2.1.5. */
export const TPMT_SIG_SCHEME = tagged('scheme', algorithm, { rsassa: withHash, rsapss: withHash, ecdsa: withHash, null: TPMS_EMPTY });
/** Part 2, 11.2.4.4: of TPMT_RSA_SCHEME's values, those that decrypt. */
export const TPMT_RSA_DECRYPT = TPMT_RSA_SCHEME;

/** Part 2, 10.3.2 and 10.9.6. */
const TPMT_HA = tagged('hash', algorithm, {
  sha1: struct({ digest: fixed('SHA-1 digest', 20) }),
  sha256: struct({ digest: fixed('SHA-256 digest', 32) }),
  sha384: struct({ digest: fixed('SHA-384 digest', 48) }),
  sha512: struct({ digest: fixed('SHA-512 digest', 64) }),
});
export const TPML_DIGEST_VALUES = list('TPML_DIGEST_VALUES', TPMT_HA, 16);

/** Part 2, 13.5. */
export const TPMS_NV_PUBLIC = struct({ nvIndex: UINT32, nameAlg: algorithm, attributes: UINT32, authPolicy: TPM2B_DIGEST, dataSize: UINT16 });
export const TPM2B_NV_PUBLIC = sized('TPM2B_NV_PUBLIC', TPMS_NV_PUBLIC);

/** Part 2, 6.12. */
export const TPM_CAP = { handles: 1, tpmProperties: 6 } as const;
/** Part 2, 10.10.1. */
export const TPMS_CAPABILITY_DATA = tagged('capability', named('TPM_CAP', UINT32, TPM_CAP), {
  handles: struct({ handles: list('TPML_HANDLE', UINT32, 254) }),
  tpmProperties: struct({ properties: list('TPML_TAGGED_TPM_PROPERTY', struct({ property: UINT32, value: UINT32 }), 127) }),
});
