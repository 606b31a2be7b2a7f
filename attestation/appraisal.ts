import type { ActivationTranscript, AppraisalPolicy, AttestationResult, EvidencePurpose, ReferenceValues, TrustClass } from '@tea/protocol';
import type { SoftwareStanding } from '@tea/protocol/layer1';
import type { ClockInfo } from '@tea/protocol/tpm';
import type { Activation } from './make-credential.ts';

/** What the verifier asked for. The core compares every field; no policy can leave one out. */
export type ExpectedEvidence = {
  readonly purpose: EvidencePurpose;
  /** genesis hash */
  readonly chain: Uint8Array;
  readonly errand: bigint | null;
  readonly nonce: Uint8Array;
  /** the TEE's account as layer 1 knows it, when the caller knows it */
  readonly account?: Uint8Array;
  /** the node the chain selected, when the caller knows it */
  readonly node?: Uint8Array;
  /** the class layer 1 lists the node under, where it is to be vouched for: no better one than its certificate shows */
  readonly listedClass?: TrustClass;
};

export type AppraisalInput = {
  /** evidence bytes as they came */
  readonly evidence: Uint8Array;
  readonly referenceValues: ReferenceValues;
  readonly policy: AppraisalPolicy;
  readonly expected: ExpectedEvidence;
  /**
   * How the AK was tied to the EK: `performed` by the caller just now, `recorded` by somebody else before (never better than a
   * warning), or `missing`.
   */
  readonly activation: Activation | { readonly kind: 'recorded'; readonly transcript: ActivationTranscript } | { readonly kind: 'missing' };
  /** for the validity of certificates and reference values */
  readonly now: Date;
  /** DER of the certificate revocation lists the caller has */
  readonly revocationLists?: readonly Uint8Array[];
  /** highest issue of signed reference values of this name the caller has accepted so far: nothing below passes */
  readonly acceptedIssue?: number;
  /** what layer 1 said, when the caller asked it, of the reference values and of the images in the evidence */
  readonly standings?: readonly SoftwareStanding[];
};

/** Facts about an attester that every check of an appraisal stands behind. Only `appraise` makes one. */
export type AppraisedNode = {
  readonly appraised: true;
  /** node id: the digest part of the AK's Name, 32 bytes */
  readonly node: Uint8Array;
  readonly account: Uint8Array;
  /** TPMT_PUBLIC of the AK */
  readonly akPublic: Uint8Array;
  /** P-256 point that HPKE releases are sealed to, 65 bytes uncompressed */
  readonly sealingKey: Uint8Array;
  /** P-256 point that signs receipts, 65 bytes uncompressed */
  readonly receiptKey: Uint8Array;
  /** digest of the appraised evidence */
  readonly evidence: Uint8Array;
  /** values of the quoted PCRs, which a receipt's quote must repeat */
  readonly pcrs: readonly { readonly index: number; readonly digest: Uint8Array }[];
  /** the TPM's clock at the quote: a receipt's quote must be of the same boot, and no earlier */
  readonly clock: ClockInfo;
};

/** `node` is null unless the verdict is `affirming` or `warning`. Release keys only on `affirming`. */
export type Appraisal = { readonly result: AttestationResult; readonly node: AppraisedNode | null };
