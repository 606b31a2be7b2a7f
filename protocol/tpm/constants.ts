import { bits, named, UINT16, UINT32 } from './wire.ts';

/** Part 2, 6.3: TPM_ALG_ID. Only what TEA may meet; another identifier is refused by name. */
export const TPM_ALG_ID = {
  rsa: 0x0001,
  sha1: 0x0004,
  hmac: 0x0005,
  aes: 0x0006,
  mgf1: 0x0007,
  keyedHash: 0x0008,
  xor: 0x000a,
  sha256: 0x000b,
  sha384: 0x000c,
  sha512: 0x000d,
  null: 0x0010,
  rsassa: 0x0014,
  rsaes: 0x0015,
  rsapss: 0x0016,
  oaep: 0x0017,
  ecdsa: 0x0018,
  ecdh: 0x0019,
  kdf1Sp800_56a: 0x0020,
  kdf2: 0x0021,
  kdf1Sp800_108: 0x0022,
  ecc: 0x0023,
  symCipher: 0x0025,
  camellia: 0x0026,
  sha3_256: 0x0027,
  sha3_384: 0x0028,
  sha3_512: 0x0029,
  ctr: 0x0040,
  ofb: 0x0041,
  cbc: 0x0042,
  cfb: 0x0043,
  ecb: 0x0044,
} as const;

export const algorithm = named('TPM_ALG_ID', UINT16, TPM_ALG_ID);

/** TPMI_ALG_HASH. */
const HASHES = { sha1: TPM_ALG_ID.sha1, sha256: TPM_ALG_ID.sha256, sha384: TPM_ALG_ID.sha384, sha512: TPM_ALG_ID.sha512 } as const;
export type HashAlgorithm = keyof typeof HASHES;
export const hashAlgorithm = named('TPMI_ALG_HASH', UINT16, HASHES);
/** TPMI_ALG_HASH+: a hash or none. */
export const hashAlgorithmOrNull = named('TPMI_ALG_HASH+', UINT16, { ...HASHES, null: TPM_ALG_ID.null });

/** Part 2, 6.4: TPM_ECC_CURVE. */
export const eccCurve = named('TPM_ECC_CURVE', UINT16, { p256: 0x0003, p384: 0x0004, p521: 0x0005 });

/** Part 2, 8.3: TPMA_OBJECT, bit numbers. */
export const TPMA_OBJECT = {
  fixedTPM: 1,
  stClear: 2,
  fixedParent: 4,
  sensitiveDataOrigin: 5,
  userWithAuth: 6,
  adminWithPolicy: 7,
  noDA: 10,
  encryptedDuplication: 11,
  restricted: 16,
  decrypt: 17,
  sign: 18,
  x509sign: 19,
} as const;

export const objectAttributes = bits('TPMA_OBJECT', UINT32, TPMA_OBJECT);
export type ObjectAttributes = { readonly [K in keyof typeof TPMA_OBJECT]: boolean };

/** Part 2, 6.2: the first word of everything a TPM attests, "\xffTCG". */
export const TPM_GENERATED_VALUE = 0xff544347;

/** Part 2, 6.9: TPM_ST values of attestation structures that TEA accepts. */
export const attestationType = named('TPMI_ST_ATTEST', UINT16, { certify: 0x8017, quote: 0x8018 });

/** Part 2, 6.5.2: TPM_CC. */
export const TPM_CC = {
  nvUndefineSpace: 0x122,
  evictControl: 0x120,
  clear: 0x126,
  nvDefineSpace: 0x12a,
  createPrimary: 0x131,
  nvIncrement: 0x134,
  nvWrite: 0x137,
  dictionaryAttackLockReset: 0x139,
  pcrEvent: 0x13c,
  pcrReset: 0x13d,
  selfTest: 0x143,
  startup: 0x144,
  shutdown: 0x145,
  activateCredential: 0x147,
  certify: 0x148,
  certifyCreation: 0x14a,
  nvRead: 0x14e,
  policySecret: 0x151,
  create: 0x153,
  ecdhZGen: 0x154,
  load: 0x157,
  quote: 0x158,
  rsaDecrypt: 0x159,
  sign: 0x15d,
  unseal: 0x15e,
  policySigned: 0x160,
  contextLoad: 0x161,
  contextSave: 0x162,
  ecdhKeyGen: 0x163,
  flushContext: 0x165,
  loadExternal: 0x167,
  makeCredential: 0x168,
  nvReadPublic: 0x169,
  policyAuthorize: 0x16a,
  policyCommandCode: 0x16c,
  readPublic: 0x173,
  rsaEncrypt: 0x174,
  startAuthSession: 0x176,
  verifySignature: 0x177,
  getCapability: 0x17a,
  getRandom: 0x17b,
  hash: 0x17d,
  pcrRead: 0x17e,
  policyPcr: 0x17f,
  readClock: 0x181,
  pcrExtend: 0x182,
  policyGetDigest: 0x189,
} as const;
