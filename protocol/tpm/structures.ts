import { algorithm, attestationType, eccCurve, hashAlgorithm, hashAlgorithmOrNull, objectAttributes, TPM_GENERATED_VALUE } from './constants.ts';
import { TPML_PCR_SELECTION } from './pcr-selection.ts';
import { constant, struct, tagged, tpm2b, TPMI_YES_NO, TPMS_EMPTY, UINT16, UINT32, UINT64 } from './wire.ts';

// Sizes: RSA up to 4096 bits, ECC up to P-521, digests up to SHA-512.
export const TPM2B_DIGEST = tpm2b('TPM2B_DIGEST', 64); // Part 2, 10.4.2
export const TPM2B_DATA = tpm2b('TPM2B_DATA', 66); // 10.4.3: sizeof(TPMT_HA)
export const TPM2B_NAME = tpm2b('TPM2B_NAME', 66); // 10.5.3
export const TPM2B_PUBLIC_KEY_RSA = tpm2b('TPM2B_PUBLIC_KEY_RSA', 512); // 11.2.4.5
export const TPM2B_ECC_PARAMETER = tpm2b('TPM2B_ECC_PARAMETER', 66); // 11.2.5.1

/** Part 2, 11.2.5.2. */
export const TPMS_ECC_POINT = struct({ x: TPM2B_ECC_PARAMETER, y: TPM2B_ECC_PARAMETER });

const withHash = struct({ hash: hashAlgorithm });

/** Part 2, 11.1.7. */
export const TPMT_SYM_DEF_OBJECT = tagged('algorithm', algorithm, {
  aes: struct({ keyBits: UINT16, mode: algorithm }),
  camellia: struct({ keyBits: UINT16, mode: algorithm }),
  null: TPMS_EMPTY,
});

/** Part 2, 11.2.4.2. */
export const TPMT_RSA_SCHEME = tagged('scheme', algorithm, {
  rsassa: withHash,
  rsapss: withHash,
  oaep: withHash,
  rsaes: TPMS_EMPTY,
  null: TPMS_EMPTY,
});

/** Part 2, 11.2.5.6. */
export const TPMT_ECC_SCHEME = tagged('scheme', algorithm, { ecdsa: withHash, ecdh: withHash, null: TPMS_EMPTY });

/** Part 2, 11.2.3.3. */
export const TPMT_KDF_SCHEME = tagged('scheme', algorithm, {
  mgf1: withHash,
  kdf1Sp800_56a: withHash,
  kdf2: withHash,
  kdf1Sp800_108: withHash,
  null: TPMS_EMPTY,
});

/** Part 2, 11.1.23. */
export const TPMT_KEYEDHASH_SCHEME = tagged('scheme', algorithm, {
  hmac: withHash,
  xor: struct({ hash: hashAlgorithm, kdf: algorithm }),
  null: TPMS_EMPTY,
});

/** Part 2, 12.2.3.5. */
export const TPMS_RSA_PARMS = struct({ symmetric: TPMT_SYM_DEF_OBJECT, scheme: TPMT_RSA_SCHEME, keyBits: UINT16, exponent: UINT32 });

/** Part 2, 12.2.3.6. */
export const TPMS_ECC_PARMS = struct({ symmetric: TPMT_SYM_DEF_OBJECT, scheme: TPMT_ECC_SCHEME, curve: eccCurve, kdf: TPMT_KDF_SCHEME });

/** Part 2, 12.2.3.3. */
export const TPMS_KEYEDHASH_PARMS = struct({ scheme: TPMT_KEYEDHASH_SCHEME });

const head = { nameAlg: hashAlgorithmOrNull, attributes: objectAttributes, authPolicy: TPM2B_DIGEST };

/** Part 2, 12.2.4. */
export const TPMT_PUBLIC = tagged('type', algorithm, {
  rsa: struct({ ...head, parameters: TPMS_RSA_PARMS, unique: TPM2B_PUBLIC_KEY_RSA }),
  ecc: struct({ ...head, parameters: TPMS_ECC_PARMS, unique: TPMS_ECC_POINT }),
  keyedHash: struct({ ...head, parameters: TPMS_KEYEDHASH_PARMS, unique: TPM2B_DIGEST }),
});

/** Part 2, 10.11.1. */
export const TPMS_CLOCK_INFO = struct({ clock: UINT64, resetCount: UINT32, restartCount: UINT32, safe: TPMI_YES_NO });

/** Part 2, 10.12.1. */
export const TPMS_QUOTE_INFO = struct({ pcrSelect: TPML_PCR_SELECTION, pcrDigest: TPM2B_DIGEST });

/** Part 2, 10.12.3. */
export const TPMS_CERTIFY_INFO = struct({ name: TPM2B_NAME, qualifiedName: TPM2B_NAME });

const attestHead = { qualifiedSigner: TPM2B_NAME, extraData: TPM2B_DATA, clockInfo: TPMS_CLOCK_INFO, firmwareVersion: UINT64 };

/** Part 2, 10.12.12: `magic`, then the rest under its type. */
export const TPMS_ATTEST = struct({
  magic: constant('TPM_GENERATED_VALUE', UINT32, TPM_GENERATED_VALUE),
  body: tagged('type', attestationType, {
    quote: struct({ ...attestHead, attested: TPMS_QUOTE_INFO }),
    certify: struct({ ...attestHead, attested: TPMS_CERTIFY_INFO }),
  }),
});

const rsaSignature = struct({ hash: hashAlgorithm, signature: TPM2B_PUBLIC_KEY_RSA });

/** Part 2, 11.3.4. */
export const TPMT_SIGNATURE = tagged('scheme', algorithm, {
  rsassa: rsaSignature,
  rsapss: rsaSignature,
  ecdsa: struct({ hash: hashAlgorithm, r: TPM2B_ECC_PARAMETER, s: TPM2B_ECC_PARAMETER }),
});
