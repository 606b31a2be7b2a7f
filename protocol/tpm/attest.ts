import { TeaError } from '../errors.ts';
import { TPM_GENERATED_VALUE } from './constants.ts';
import type { PcrSelection } from './pcr-selection.ts';
import { type TPMS_CLOCK_INFO, TPMS_ATTEST } from './structures.ts';
import { decodeTpm, encodeTpm, type ValueOf } from './wire.ts';

export type ClockInfo = ValueOf<typeof TPMS_CLOCK_INFO>;

type UnverifiedHead = {
  readonly verified: false;
  /** The TPMS_ATTEST as it came: the signature covers these bytes and no re-encoding of them. */
  readonly bytes: Uint8Array;
  readonly qualifiedSigner: Uint8Array;
  /** The qualifying data of the caller: a nonce or a digest over what is bound. */
  readonly extraData: Uint8Array;
  readonly clockInfo: ClockInfo;
  readonly firmwareVersion: bigint;
};

export type UnverifiedQuote = UnverifiedHead & { readonly type: 'quote'; readonly pcrSelect: PcrSelection; readonly pcrDigest: Uint8Array };
export type UnverifiedCertification = UnverifiedHead & { readonly type: 'certify'; readonly name: Uint8Array; readonly qualifiedName: Uint8Array };
export type UnverifiedAttest = UnverifiedQuote | UnverifiedCertification;

/** @throws TeaError `badMessage` unless the bytes are a TPMS_ATTEST of TPM2_Quote or TPM2_Certify */
export function decodeAttest(bytes: Uint8Array): UnverifiedAttest {
  const { body } = decodeTpm(TPMS_ATTEST, bytes, 'TPMS_ATTEST');
  const { qualifiedSigner, extraData, clockInfo, firmwareVersion } = body;
  const head = { verified: false, bytes: Uint8Array.from(bytes), qualifiedSigner, extraData, clockInfo, firmwareVersion } as const;
  return body.type === 'quote' ? { ...head, type: 'quote', ...body.attested } : { ...head, type: 'certify', ...body.attested };
}

/** @throws TeaError `badMessage`, also for a certification */
export function decodeQuote(bytes: Uint8Array): UnverifiedQuote {
  const attest = decodeAttest(bytes);
  if (attest.type !== 'quote') throw wrongType('quote', attest.type);
  return attest;
}

/** @throws TeaError `badMessage`, also for a quote */
export function decodeCertification(bytes: Uint8Array): UnverifiedCertification {
  const attest = decodeAttest(bytes);
  if (attest.type !== 'certify') throw wrongType('certify', attest.type);
  return attest;
}

/** For tests and attack corpora: no part of TEA signs or verifies what this returns. */
export function encodeAttest(attest: Omit<UnverifiedQuote, 'verified' | 'bytes'> | Omit<UnverifiedCertification, 'verified' | 'bytes'>): Uint8Array {
  const body =
    attest.type === 'quote'
      ? { ...attest, attested: { pcrSelect: attest.pcrSelect, pcrDigest: attest.pcrDigest } }
      : { ...attest, attested: { name: attest.name, qualifiedName: attest.qualifiedName } };
  return encodeTpm(TPMS_ATTEST, { magic: TPM_GENERATED_VALUE, body });
}

function wrongType(expected: string, actual: string): TeaError {
  return new TeaError('badMessage', 'This attestation is of another kind', { expected, actual });
}
