/**
 * TPM 2.0 structures that cross a boundary (Trusted Platform Module Library, Part 2). Pure: browser and Node.
 *
 * Byte conventions, everywhere in TEA: a structure travels without its outer TPM2B size. So `publicArea` is a TPMT_PUBLIC, `attest` a
 * TPMS_ATTEST, `signature` a TPMT_SIGNATURE, `credentialBlob` what a TPM2B_ID_OBJECT holds, `encryptedSecret` what a
 * TPM2B_ENCRYPTED_SECRET holds. Decoders refuse trailing bytes, unknown selectors, reserved bits and oversized counts with TeaError
 * `badMessage`; their results are `Unverified…` and keep the bytes as they came, because those are what a signature covers.
 */
export { decodeAttest, decodeCertification, decodeQuote, encodeAttest } from './attest.ts';
export type { ClockInfo, UnverifiedAttest, UnverifiedCertification, UnverifiedQuote } from './attest.ts';
export { algorithm, hashAlgorithm, TPM_ALG_ID, TPM_CC, TPMA_OBJECT } from './constants.ts';
export type { HashAlgorithm, ObjectAttributes } from './constants.ts';
export { shareSeed } from './ecdh-secret.ts';
export type { SharedSeed } from './ecdh-secret.ts';
export { nameOf, qualifiedNameOf } from './name.ts';
export { decodePcrSelection, encodePcrSelection, pcrDigest } from './pcr.ts';
export type { PcrSelection } from './pcr.ts';
export { approvalToSign, policyAuthorizeDigest, policyPcrDigest, STATE_POLICY_REF } from './policy.ts';
export { TPML_PCR_SELECTION } from './pcr-selection.ts';
export { publicKeyFromPublicArea, publicKeyOf, verifySignature, verifySignatureOf, webCryptoSignature } from './public-key.ts';
export type { PublicKey } from './public-key.ts';
export { decodePublicArea, encodePublicArea } from './public-area.ts';
export type { PublicArea, UnverifiedPublicArea } from './public-area.ts';
export { decodeSignature, encodeSignature } from './signature.ts';
export type { Signature } from './signature.ts';
export * from './structures.ts';
export * from './wire.ts';
export { TpmReader } from './reader.ts';
export { TpmWriter } from './writer.ts';
